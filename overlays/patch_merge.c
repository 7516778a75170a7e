/* Strategic merge: maps and scalars. smp-vectors.jsonl holds kustomize's answers.
 *
 * The whole document is walked, also where the patch says nothing: bare nulls vanish and
 * lists lose their duplicates as soon as any patch touches a document. */
#include "overlays/patch_merge.h"

#include "render/doc/scalar.h"

#include "overlays/merge.h"
#include "render/doc/yaml_comment.h"

static const struct {
    str name;
    enum directive directive;
} directives[] = {
    { S("delete"), DIRECTIVE_DELETE },
    { S("merge"), DIRECTIVE_MERGE },
    { S("replace"), DIRECTIVE_REPLACE },
};

static enum directive directive_named(const struct node *value)
{
    for (size_t i = 0; value && node_is_scalar(value) && i < countof(directives); i++) {
        if (str_eq(value->text, directives[i].name))
            return directives[i].directive;
    }
    return DIRECTIVE_NONE;
}

void merge_spend(struct node *patch)
{
    if (patch->kind != NODE_MAP)
        return;
    if (directive_named(node_get(patch, KEY(PATCH))))
        node_remove(patch, KEY(PATCH));
    for (uint32_t i = 0; i < patch->len; i++)
        merge_spend(patch->entries[i].value);
}

bool merge_directive(struct merge *m, const struct node *value, enum directive *out)
{
    *out = directive_named(value);
    if (!value || *out)
        return true;
    str text = node_is_scalar(value) ? value->text : str_from(node_kind_name(value));
    report(m->cx, value->pos, "unknown patch strategy '%.*s'", STR(text));
    hint(m->cx, value->pos, "$patch is one of delete, merge and replace");
    return false;
}

/* A comment that is a JSON object replaces the schema of the map or list that it stands at. */
static const struct node *comment_at(struct merge *m, const struct node *n)
{
    if (!n || node_is_scalar(n) || !(n->flags & NODE_COMMENTED))
        return NULL;
    const struct node *object = node_comment(m->cx, n);
    return object && object->len ? object : NULL;
}

static struct merge_type type_said_by(struct merge *m, const struct node *n)
{
    str api_version = node_get_str(n, KEY_API_VERSION);
    str kind = node_get_str(n, KEY_KIND);
    if (!api_version.len || !kind.len)
        return (struct merge_type){ 0 };
    return merge_type_of_kind(m->schema, api_version, kind);
}

/* Below an unknown type, whatever has a known apiVersion and kind begins anew: a Deployment
 * embedded in a custom resource merges like one. */
static struct merge_type type_at(struct merge *m, struct merge_type type, const struct node *base,
                                 const struct node *patch)
{
    const struct node *comment = comment_at(m, base);
    if (!comment && patch != base)
        comment = comment_at(m, patch);
    if (comment)
        return merge_type_said(m->schema, comment);
    if (merge_type_known(type))
        return type;
    type = type_said_by(m, base);
    return merge_type_known(type) || patch == base ? type : type_said_by(m, patch);
}

/* The new value of a field is quoted as the old one was: "1" patched with 2 is "2".
 * Lists and maps have no quotes to keep. */
static void set_value(struct context *cx, struct entry *e, struct node *value)
{
    struct node *old = e->value;
    if (value == old)
        return;
    node_replace(cx, &e->value, value);
    if (!node_is_scalar(value) || !node_is_scalar(old))
        return;
    value->style = old->style;
    if (value->style != STYLE_PLAIN)
        value->kind = NODE_STRING;
}

static bool merge_fields(struct merge *m, struct merge_type type, struct node *base,
                         const struct node *patch)
{
    bool dropped = false;
    for (uint32_t i = 0; i < base->len; i++) {
        struct entry *e = &base->entries[i];
        struct node *theirs = patch == base ? e->value : NULL;
        if (patch && patch != base && e->key != KEY(PATCH))
            theirs = node_get(patch, e->key);
        struct node *value;
        struct merge_type field = merge_type_field(m->schema, type, e->key);
        if (!merge_nodes(m, field, e->value, theirs, &value))
            return false;
        if (value)
            set_value(m->cx, e, value);
        else
            e->value = NULL;
        dropped |= !value;
    }
    for (uint32_t i = 0; patch && patch != base && i < patch->len; i++) {
        const struct entry *e = &patch->entries[i];
        if (e->key == KEY(PATCH) || node_entry(base, e->key))
            continue;
        struct node *value;
        struct merge_type field = merge_type_field(m->schema, type, e->key);
        if (!merge_nodes(m, field, NULL, e->value, &value))
            return false;
        if (!value)
            continue;
        node_add(m->cx, base, e->key, value)->pos = e->pos;
        if ((patch->flags & NODE_ODD_KEYS)
            && scalar_resolve(e->key->text, YAML_GO3).kind != NODE_STRING)
            base->flags |= NODE_ODD_KEYS;
    }
    if (dropped)
        node_sweep(base);
    return true;
}

/* Nothing to lay the patch over. A null that was written out stays one; after a bare
 * "name:" nothing stays. An unknown directive is data here. */
static bool add_map(struct merge *m, struct merge_type type, struct node *base,
                    const struct node *patch, struct node **out)
{
    *out = NULL;
    if (!patch && base && base->text.len)
        *out = base;
    if (merge_absent(patch))
        return true;
    enum directive d = directive_named(node_get(patch, KEY(PATCH)));
    if (d == DIRECTIVE_DELETE)
        return true;
    *out = node_take(m->cx, patch);
    if (d)
        node_remove(*out, KEY(PATCH));
    return merge_fields(m, type, *out, *out);
}

static bool merge_maps(struct merge *m, struct merge_type type, struct node *base,
                       const struct node *patch, struct node **out)
{
    if (merge_absent(base))
        return add_map(m, type, base, patch, out);
    *out = NULL;
    if (node_is(patch, NODE_NULL))
        return true;
    enum directive d;
    if (!merge_directive(m, node_get(patch, KEY(PATCH)), &d))
        return false;
    bool itself = patch == base;
    if (d == DIRECTIVE_REPLACE && !itself) {
        base = node_take(m->cx, patch);
        itself = true;
    }
    if (d && itself)
        node_remove(base, KEY(PATCH));
    if (d == DIRECTIVE_DELETE)
        return true;
    *out = base;
    return merge_fields(m, type, base, itself ? base : patch);
}

enum shape { SHAPE_SCALAR, SHAPE_LIST, SHAPE_MAP };

static enum shape shape_of(const struct node *n)
{
    return n->kind == NODE_MAP ? SHAPE_MAP : n->kind == NODE_LIST ? SHAPE_LIST : SHAPE_SCALAR;
}

static bool same_shape(struct merge *m, const struct node *base, const struct node *patch)
{
    if (merge_absent(base) || merge_absent(patch) || shape_of(base) == shape_of(patch))
        return true;
    report(m->cx, patch->pos, "the patch has %s where the resource has %s", node_kind_name(patch),
           node_kind_name(base));
    note(m->cx, base->pos, "this would be patched");
    return false;
}

/* Scalars, and lists that are replaced as a whole: the patch's if it says any. */
static void replace(struct merge *m, struct node *base, const struct node *patch, struct node **out)
{
    *out = base;
    if (patch && patch != base)
        *out = patch->kind == NODE_NULL ? NULL : node_take(m->cx, patch);
}

bool merge_nodes(struct merge *m, struct merge_type type, struct node *base,
                 const struct node *patch, struct node **out)
{
    const struct node *first = merge_absent(base) ? patch : base;
    if (!same_shape(m, base, patch))
        return false;
    if (!merge_absent(first) && node_is_scalar(first)) {
        replace(m, base, patch, out);
        return true;
    }
    if (!limit_enter(m->cx, LIMIT_DEPTH, first ? first->pos : NOWHERE))
        return false;
    bool ok = true;
    type = type_at(m, type, base, patch);
    if (merge_absent(first) || first->kind == NODE_MAP)
        ok = merge_maps(m, type, base, patch, out);
    else if (merge_type_list(m->schema, type).merges)
        ok = merge_lists(m, type, base, patch, out);
    else
        replace(m, base, patch, out);
    limit_leave(m->cx, LIMIT_DEPTH);
    return ok;
}

bool patch_merge(struct context *cx, const struct merge_schema *schema, struct node **base,
                 const struct node *patch)
{
    struct merge m = { cx, schema };
    struct node *result;
    if (!merge_nodes(&m, (struct merge_type){ 0 }, *base, patch, &result))
        return false;
    /* Only what happened in place counts at the root: `$patch: replace` there does nothing. */
    if (!result)
        *base = NULL;
    return true;
}
