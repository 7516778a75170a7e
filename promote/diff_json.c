/* Differences for a program: one object; docs/diff.md says what it holds.
 *
 *     {"from":"a","to":"b","changed":1,"added":0,"removed":0,"same":40,"folded":2,"documents":[
 *       {"change":"changed","group":"apps","version":"v1","kind":"Deployment","namespace":"n",
 *        "name":"web","was":"web","impact":["scales"],"changes":[
 *          {"change":"changed","path":"spec.replicas","pointer":"/spec/replicas","from":2,"to":3}]}]}
 *
 * Folded changes stand among the others, so that all of them can be applied, one after the
 * other. A secret's values are left out, and "secret" is true. */
#include "promote/diff_lines.h"
#include "promote/impact.h"
#include "render/doc/json_write.h"

static const char *const fold_names[] = {
    [FOLD_NOT] = "",
    [FOLD_NOISE] = "noise",
    [FOLD_RENAME] = "rename",
    [FOLD_IGNORED] = "ignored",
};

static const char *const match_names[] = {
    [MATCH_NAME] = "name",         [MATCH_HASH] = "hash",           [MATCH_GROUP] = "group",
    [MATCH_SIDE] = "side",         [MATCH_NAMESPACE] = "namespace", [MATCH_KIND] = "kind",
    [MATCH_LIKENESS] = "likeness",
};

static void put(struct context *cx, struct node *map, const char *key, struct node *value)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), value);
}

static void put_text(struct context *cx, struct node *map, const char *key, str text)
{
    put(cx, map, key, node_string(cx, text));
}

static void put_impact(struct context *cx, struct node *map, uint32_t bits)
{
    if (!bits)
        return;
    struct node *list = node_list(cx);
    for (enum impact i = 0; i < IMPACT_COUNT; i++) {
        if (bits & 1u << i)
            node_push(cx, list, node_string(cx, impact_name(i)));
    }
    put(cx, map, "impact", list);
}

static struct node *changes_node(struct context *cx, const struct diff_changes *changes);

static struct node *change_node(struct context *cx, const struct diff_change *c)
{
    struct node *n = node_map(cx);
    bool shown = !c->secret && c->kind != DIFF_ORDER;
    put_text(cx, n, "change", str_from(diff_kind_names[c->kind]));
    put_text(cx, n, "path", c->path);
    put_text(cx, n, "pointer", c->pointer);
    put_impact(cx, n, c->impact);
    if (c->fold)
        put_text(cx, n, "folded", str_from(fold_names[c->fold]));
    if (c->secret)
        put(cx, n, "secret", node_bool(cx, true));
    if (c->from && shown)
        put(cx, n, "from", node_copy(cx, c->from));
    if (c->to && shown)
        put(cx, n, "to", node_copy(cx, c->to));
    if (c->kind == DIFF_ORDER) {
        struct node *order = node_list(cx);
        for (uint32_t i = 0; i < c->order_len; i++)
            node_push(cx, order, node_int(cx, c->order[i]));
        put(cx, n, "order", order);
    }
    if (c->format) {
        put_text(cx, n, "format", str_from(c->format));
        put(cx, n, "inside", changes_node(cx, &c->inside));
    }
    return n;
}

static struct node *changes_node(struct context *cx, const struct diff_changes *changes)
{
    struct node *list = node_list(cx);
    for (uint32_t i = 0; i < changes->len; i++)
        node_push(cx, list, change_node(cx, &changes->at[i]));
    return list;
}

static void put_identity(struct context *cx, struct node *map, struct identity id)
{
    put_text(cx, map, "group", id.gvk.group);
    put_text(cx, map, "version", id.gvk.version);
    put_text(cx, map, "kind", id.gvk.kind);
    put_text(cx, map, "namespace", id.namespace_);
    put_text(cx, map, "name", id.name);
}

static struct node *old_identity(struct context *cx, const struct diff_document *d)
{
    struct node *old = node_map(cx);
    put_identity(cx, old, d->old);
    return old;
}

static bool is_called_otherwise(const struct diff_document *d)
{
    const struct identity *a = &d->old, *b = &d->id;
    return !str_eq(a->name, b->name) || !str_eq(a->namespace_, b->namespace_)
           || !str_eq(a->gvk.kind, b->gvk.kind) || !str_eq(a->gvk.group, b->gvk.group)
           || !str_eq(a->gvk.version, b->gvk.version);
}

static struct node *references_node(struct context *cx, const struct diff_references *r)
{
    struct node *list = node_list(cx);
    for (uint32_t i = 0; i < r->len; i++) {
        struct node *one = node_map(cx);
        put_identity(cx, one, r->at[i]->id);
        put_impact(cx, one, r->at[i]->impact);
        node_push(cx, list, one);
    }
    return list;
}

static struct node *document_node(struct context *cx, const struct diff_document *d, bool quiet,
                                  bool summary)
{
    struct node *n = node_map(cx);
    put_text(cx, n, "change", str_from(diff_kind_names[d->kind]));
    put_identity(cx, n, d->id);
    put_text(cx, n, "was", d->old.name);
    if (d->how != MATCH_NAME)
        put_text(cx, n, "matched", str_from(match_names[d->how]));
    if (is_called_otherwise(d))
        put(cx, n, "old", old_identity(cx, d));
    put_impact(cx, n, d->impact);
    if (quiet)
        put(cx, n, "folded", node_bool(cx, true));
    if (d->references)
        put(cx, n, "references", references_node(cx, d->references));
    if (summary)
        return n;
    put(cx, n, "changes", changes_node(cx, &d->changes));
    if (d->kind != DIFF_CHANGED)
        put(cx, n, "document", node_copy(cx, d->to ? d->to : d->from));
    return n;
}

static void put_diff(struct context *cx, struct node *n, const struct diff *d, str from, str to,
                     bool summary)
{
    struct node *documents = node_list(cx);
    put_text(cx, n, "from", from);
    put_text(cx, n, "to", to);
    put(cx, n, "changed", node_int(cx, d->changed));
    put(cx, n, "added", node_int(cx, d->added));
    put(cx, n, "removed", node_int(cx, d->removed));
    put(cx, n, "same", node_int(cx, d->same));
    put(cx, n, "folded", node_int(cx, d->quiet.len));
    for (uint32_t i = 0; i < d->len; i++)
        node_push(cx, documents, document_node(cx, d->at[i], false, summary));
    for (uint32_t i = 0; i < d->quiet.len; i++)
        node_push(cx, documents, document_node(cx, d->quiet.at[i], true, summary));
    put(cx, n, "documents", documents);
}

static bool print(struct context *cx, struct buf *out, const struct node *n)
{
    if (!json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true }))
        return false;
    buf_char(out, '\n');
    return true;
}

bool diff_write_json(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style)
{
    struct node *n = node_map(cx);
    put_diff(cx, n, d, style.from_name, style.to_name, style.summary);
    return print(cx, out, n);
}

bool diff_write_json_set(struct context *cx, struct buf *out, const struct diff_set *set,
                         struct diff_style style)
{
    struct node *n = node_map(cx), *environments = node_list(cx);
    for (uint32_t i = 0; i < set->len; i++) {
        struct node *one = node_map(cx);
        put_text(cx, one, "name", set->at[i].name);
        put_diff(cx, one, set->at[i].diff, set->at[i].from_name, set->at[i].to_name, style.summary);
        node_push(cx, environments, one);
    }
    put(cx, n, "environments", environments);
    put(cx, n, "unaffected", node_int(cx, set->unaffected));
    return print(cx, out, n);
}
