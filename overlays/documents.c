/* What kustomize asks of a document before it becomes a resource. */
#include "overlays/documents.h"

static bool check_texts(struct context *cx, const struct node *metadata, const struct key *key)
{
    const struct node *map = node_get(metadata, key);
    if (!map || map->kind == NODE_NULL || map->kind == NODE_MAP)
        return true;
    return report(cx, map->pos, "metadata.%.*s must be a map, not %s", STR(key->text),
                  node_kind_name(map));
}

static bool is_list(const struct node *document)
{
    str kind = node_get_str(document, KEY_KIND);
    return str_ends(kind, S("List"));
}

static bool check(struct context *cx, const struct node *document)
{
    const struct node *kind = node_get(document, KEY_KIND);
    const struct node *metadata = node_get(document, KEY_METADATA);
    if (!kind || !node_is_scalar(kind) || kind->text.len == 0)
        return report(cx, document->pos, "missing Resource metadata: kind");
    if (metadata && metadata->kind != NODE_MAP && metadata->kind != NODE_NULL)
        return report(cx, metadata->pos, "metadata must be a map, not %s",
                      node_kind_name(metadata));
    if (!is_list(document) && node_get_str(metadata, KEY_NAME).len == 0)
        return report(cx, document->pos, "missing metadata.name in object of kind '%.*s'",
                      STR(kind->text));
    return check_texts(cx, metadata, KEY_LABELS) && check_texts(cx, metadata, KEY_ANNOTATIONS);
}

static void push(struct context *cx, struct documents *list, struct node *document)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = document;
}

/* The items of a list go behind all documents that still wait, as kustomize has it. */
static bool queue_items(struct context *cx, const struct node *list, struct documents *queue)
{
    const struct node *items = node_get(list, KEY(ITEMS));
    if (items->kind == NODE_NULL)
        return true;
    if (items->kind != NODE_LIST)
        return report(cx, items->pos, "expected a list in %.*s/items, but found %s",
                      STR(node_get_str(list, KEY_KIND)), node_kind_name(items));
    for (uint32_t i = 0; i < items->len; i++)
        push(cx, queue, items->items[i]);
    return true;
}

static bool take(struct context *cx, struct node *document, struct documents *queue,
                 struct documents *out)
{
    if (document->kind == NODE_NULL || (document->kind == NODE_MAP && document->len == 0))
        return true;
    if (document->kind != NODE_MAP)
        return report(cx, document->pos, "a document must be a map, not %s",
                      node_kind_name(document));
    if (!check(cx, document))
        return false;
    if (is_list(document) && node_get(document, KEY(ITEMS)))
        return queue_items(cx, document, queue);
    push(cx, out, document);
    return true;
}

bool documents_check(struct context *cx, const struct documents *raw, struct documents *out)
{
    struct documents queue = { 0 };
    for (uint32_t i = 0; i < raw->len; i++)
        push(cx, &queue, raw->at[i]);
    for (uint32_t i = 0; i < queue.len; i++) {
        if (!take(cx, queue.at[i], &queue, out))
            return false;
    }
    return true;
}

bool documents_read(struct context *cx, struct text *text, struct documents *out)
{
    struct documents raw = { 0 };
    /* kustomize cuts a file at its "---" before it reads it, and so parts every directive
     * from its document. extra.yaml-directive */
    if (str_starts(text->bytes, S("%")))
        return report(cx, (struct pos){ text->id, 0 }, "directives are not read by kustomize");
    return yaml_read_all(cx, text, YAML_GO3, &raw) && documents_check(cx, &raw, out);
}

bool documents_append(struct context *cx, struct text *text, struct resources *out)
{
    struct documents all = { 0 };
    if (!documents_read(cx, text, &all))
        return false;
    for (uint32_t i = 0; i < all.len; i++) {
        if (!resources_append(cx, out, resource_new(cx, all.at[i])))
            return false;
    }
    return true;
}
