/* Passes over what is still unmatched, from the full name to what two environments of one
 * base have in common. */
#include "promote/match.h"

#include "render/doc/identity.h"

struct side {
    const struct documents *documents;
    struct identity *ids;
    bool *matched;
    str prefix;     /* that most names begin with, with its hyphen; or "" */
    str namespace_; /* that most documents are in */
};

/* kustomize's alphabet for hashes: hexadecimal digits, the look-alikes replaced. */
str name_without_hash(str name)
{
    enum { HASH = 10 };
    if (name.len <= HASH + 1 || name.at[name.len - HASH - 1] != '-')
        return name;
    for (size_t i = name.len - HASH; i < name.len; i++) {
        if (!str_has_char(S("2456789bcdfghkmt"), name.at[i]))
            return name;
    }
    return str_slice(name, 0, name.len - HASH - 1);
}

/* The word that more than half of the documents share, asked for by word_of. */
static str most_common(struct context *cx, const struct side *s, str (*word_of)(struct identity))
{
    struct map counts = { .arena = cx->scratch };
    for (uint32_t i = 0; i < s->documents->len; i++) {
        str word = word_of(s->ids[i]);
        struct map_entry *e = word.len ? map_entry(&counts, word) : NULL;
        if (!e)
            continue;
        e->value = (void *)((uintptr_t)e->value + 1);
        if ((uintptr_t)e->value * 2 > s->documents->len)
            return e->key;
    }
    return S("");
}

static str first_part(struct identity id)
{
    ptrdiff_t hyphen = str_find_char(id.name, '-');
    return hyphen < 0 ? S("") : str_slice(id.name, 0, (size_t)hyphen + 1);
}

static str namespace_of(struct identity id)
{
    return id.namespace_;
}

static void side_init(struct context *cx, struct side *s, const struct documents *documents)
{
    *s = (struct side){ .documents = documents };
    s->ids = NEW_ARRAY(cx->scratch, struct identity, documents->len);
    s->matched = NEW_ARRAY(cx->scratch, bool, documents->len);
    for (uint32_t i = 0; i < documents->len; i++)
        s->ids[i] = identity_of(documents->at[i]);
    s->prefix = most_common(cx, s, first_part);
    s->namespace_ = most_common(cx, s, namespace_of);
}

/* What must agree in each pass. */
typedef str name_rule(struct context *cx, const struct side *s, struct identity id);

static str whole_name(struct context *cx, const struct side *s, struct identity id)
{
    (void)s;
    return str_format(cx->scratch, "%.*s/%.*s/%.*s/%.*s", STR(id.gvk.group), STR(id.gvk.kind),
                      STR(id.namespace_), STR(id.name));
}

static str hashless_name(struct context *cx, const struct side *s, struct identity id)
{
    id.name = name_without_hash(id.name);
    return whole_name(cx, s, id);
}

static str common_name(struct context *cx, const struct side *s, struct identity id)
{
    id.name = str_trim_prefix(name_without_hash(id.name), s->prefix);
    if (str_eq(id.namespace_, s->namespace_))
        id.namespace_ = S("*");
    if (str_eq(id.gvk.kind, S("Namespace")) && str_eq(id.name, s->namespace_))
        id.name = S("*");
    return whole_name(cx, s, id);
}

static name_rule *const passes[] = { whole_name, hashless_name, common_name };

/* Several documents of one key are matched in their order. */
struct waiting {
    uint32_t at;
    struct waiting *next;
};

static void queue_unmatched(struct context *cx, const struct side *s, name_rule *rule,
                            struct map *queues)
{
    for (uint32_t i = s->documents->len; i-- > 0;) {
        if (s->matched[i])
            continue;
        struct waiting *w = NEW(cx->scratch, struct waiting);
        w->at = i;
        struct map_entry *e = map_entry(queues, rule(cx, s, s->ids[i]));
        w->next = e->value;
        e->value = w;
    }
}

static void note_rename(struct context *cx, struct matches *out, str old, str new_)
{
    if (str_eq(old, new_))
        return;
    str *kept = NEW(cx->arena, str);
    *kept = new_;
    map_put(&out->renamed, old, kept);
}

static void run_pass(struct context *cx, struct side *from, struct side *to, name_rule *rule,
                     struct matches *out)
{
    struct map queues = { .arena = cx->scratch };
    queue_unmatched(cx, from, rule, &queues);
    for (uint32_t i = 0; i < to->documents->len; i++) {
        struct map_entry *e = to->matched[i] ? NULL : map_find(&queues, rule(cx, to, to->ids[i]));
        struct waiting *w = e ? e->value : NULL;
        if (!w)
            continue;
        e->value = w->next;
        to->matched[i] = from->matched[w->at] = true;
        out->from[i] = from->documents->at[w->at];
        note_rename(cx, out, from->ids[w->at].name, to->ids[i].name);
        if (rule == common_name)
            note_rename(cx, out, from->ids[w->at].namespace_, to->ids[i].namespace_);
    }
}

void matches_find(struct context *cx, const struct documents *from, const struct documents *to,
                  struct matches *out)
{
    *out = (struct matches){ .renamed.arena = cx->arena };
    out->from = NEW_ARRAY(cx->arena, const struct node *, to->len);
    out->left = NEW_ARRAY(cx->arena, const struct node *, from->len);
    struct mark before = arena_mark(cx->scratch);
    struct side old, new_;
    side_init(cx, &old, from);
    side_init(cx, &new_, to);
    for (size_t i = 0; i < countof(passes); i++)
        run_pass(cx, &old, &new_, passes[i], out);
    for (uint32_t i = 0; i < from->len; i++) {
        if (!old.matched[i])
            out->left[out->left_len++] = from->at[i];
    }
    arena_rewind(cx->scratch, before);
}

str matches_new_name(const struct matches *m, str old)
{
    const str *found = map_get(&m->renamed, old);
    return found ? *found : old;
}

bool matches_renamed(const struct matches *m, str old, str new_)
{
    const str *found = map_get(&m->renamed, old);
    return found && str_eq(*found, new_);
}
