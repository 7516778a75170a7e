/* Differences for a program: one object, stable and sorted by nothing but the documents.
 *
 *     {"changed":1,"added":0,"removed":0,"same":40,"folded":2,"documents":[
 *       {"change":"changed","group":"apps","version":"v1","kind":"Deployment","namespace":"n",
 *        "name":"web","was":"web","changes":[
 *          {"change":"changed","path":"spec.replicas","from":2,"to":3}]}]}
 *
 * A secret's values are left out, and "secret" is true. */
#include "promote/diff.h"
#include "render/doc/json_write.h"

static const char *const kind_names[] = {
    [DIFF_CHANGED] = "changed",
    [DIFF_ADDED] = "added",
    [DIFF_REMOVED] = "removed",
    [DIFF_ORDER] = "order",
};

static void put(struct context *cx, struct node *map, const char *key, struct node *value)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), value);
}

static void put_text(struct context *cx, struct node *map, const char *key, str text)
{
    put(cx, map, key, node_string(cx, text));
}

static struct node *change_node(struct context *cx, const struct diff_change *c)
{
    struct node *n = node_map(cx);
    put_text(cx, n, "change", str_from(kind_names[c->kind]));
    put_text(cx, n, "path", c->path);
    if (c->secret)
        put(cx, n, "secret", node_bool(cx, true));
    if (c->from && !c->secret && c->kind != DIFF_ORDER)
        put(cx, n, "from", node_copy(cx, c->from));
    if (c->to && !c->secret && c->kind != DIFF_ORDER)
        put(cx, n, "to", node_copy(cx, c->to));
    return n;
}

static struct node *document_node(struct context *cx, const struct diff_document *d)
{
    struct node *n = node_map(cx), *changes = node_list(cx);
    put_text(cx, n, "change", str_from(kind_names[d->kind]));
    put_text(cx, n, "group", d->id.gvk.group);
    put_text(cx, n, "version", d->id.gvk.version);
    put_text(cx, n, "kind", d->id.gvk.kind);
    put_text(cx, n, "namespace", d->id.namespace_);
    put_text(cx, n, "name", d->id.name);
    put_text(cx, n, "was", d->old.name);
    for (uint32_t i = 0; i < d->len; i++)
        node_push(cx, changes, change_node(cx, &d->changes[i]));
    put(cx, n, "changes", changes);
    if (d->kind == DIFF_ADDED)
        put(cx, n, "document", node_copy(cx, diff_shown(cx, d->to, NULL, true)));
    if (d->kind == DIFF_REMOVED)
        put(cx, n, "document", node_copy(cx, diff_shown(cx, d->from, NULL, false)));
    return n;
}

bool diff_write_json(struct context *cx, struct buf *out, const struct diff *d,
                     struct diff_style style)
{
    struct node *n = node_map(cx), *documents = node_list(cx);
    put_text(cx, n, "from", style.from_name);
    put_text(cx, n, "to", style.to_name);
    put(cx, n, "changed", node_int(cx, d->changed));
    put(cx, n, "added", node_int(cx, d->added));
    put(cx, n, "removed", node_int(cx, d->removed));
    put(cx, n, "same", node_int(cx, d->same));
    put(cx, n, "folded", node_int(cx, d->folded));
    for (uint32_t i = 0; i < d->len; i++)
        node_push(cx, documents, document_node(cx, &d->at[i]));
    put(cx, n, "documents", documents);
    if (!json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true }))
        return false;
    buf_char(out, '\n');
    return true;
}
