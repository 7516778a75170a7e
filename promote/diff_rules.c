/* A rule has no name. Its number says nothing to who has to approve it, so people see its
 * resources there: "rules[pods,pods/log].verbs" for "rules[3].verbs[1]". */
#include "promote/diff_rules.h"

#include "render/base/buf.h"

bool diff_rules_are_in(const struct diff_document *doc)
{
    return doc->kind == DIFF_CHANGED && str_eq(doc->id.gvk.group, S("rbac.authorization.k8s.io"))
           && (str_eq(doc->id.gvk.kind, S("Role")) || str_eq(doc->id.gvk.kind, S("ClusterRole")));
}

static const struct node *field(const struct node *n, const char *name)
{
    for (uint32_t i = 0; node_is(n, NODE_MAP) && i < n->len; i++) {
        if (str_eq(n->entries[i].key->text, str_from(name)))
            return n->entries[i].value;
    }
    return NULL;
}

/* "rules[3].verbs[1]" in the number and what follows it. */
static bool read_path(str path, uint32_t *number, str *rest)
{
    str digits;
    if (!str_starts(path, S("rules[")) || !str_cut(str_skip(path, 6), ']', &digits, rest)
        || !digits.len || digits.len > 6)
        return false;
    *number = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return false;
        *number = *number * 10 + (uint32_t)(digits.at[i] - '0');
    }
    return true;
}

static str names_of(struct arena *a, const struct node *list)
{
    enum { MOST = 4 };
    struct buf b;
    buf_init(&b, a, 64);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len && i < MOST; i++) {
        if (node_is_scalar(list->items[i]))
            buf_format(&b, "%s%.*s", i ? "," : "", STR(list->items[i]->text));
    }
    if (node_is(list, NODE_LIST) && list->len > MOST)
        buf_format(&b, ",… %u more", list->len - MOST);
    return buf_take(&b);
}

/* Of "[1]" at the end: which verb it is, the value says. */
static str without_number(str path)
{
    ptrdiff_t open = str_ends(path, S("]")) ? str_find_last(path, '[') : -1;
    return open > 0 ? str_slice(path, 0, (size_t)open) : path;
}

static void name_rule(struct context *cx, const struct diff_document *doc, struct diff_change *c)
{
    uint32_t number;
    str rest;
    if (!read_path(c->path, &number, &rest))
        return;
    /* What a rule becomes is found among the new ones, what goes as a whole among the old. */
    const struct node *rules = field(!rest.len && !c->to ? doc->from : doc->to, "rules");
    if (!node_is(rules, NODE_LIST) || number >= rules->len)
        return;
    const struct node *rule = rules->items[number];
    str names = names_of(cx->arena, field(rule, "resources"));
    if (!names.len)
        names = names_of(cx->arena, field(rule, "nonResourceURLs"));
    if (names.len)
        c->path = str_format(cx->arena, "rules[%.*s]%.*s", STR(names), STR(without_number(rest)));
}

void diff_rules_show(struct context *cx, struct diff_document *doc)
{
    struct diff_changes *out = &doc->shown;
    for (uint32_t i = 0; i < doc->changes.len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len] = doc->changes.at[i];
        name_rule(cx, doc, &out->at[out->len++]);
    }
}
