/* What kustomize asks of a document before it becomes a resource. */
#include "overlays/documents.h"

/* Labels and annotations may be anything until somebody sets one; but kustomize notes things of its
 * own among the annotations, and comes down on a list. */
static bool check_annotations(struct context *cx, const struct node *metadata)
{
    const struct node *n = node_get(metadata, KEY_ANNOTATIONS);
    return !node_is(n, NODE_LIST)
           || report(cx, n->pos, "metadata.annotations must be a map, not a list");
}

static bool is_list(const struct node *document)
{
    str kind = node_get_str(document, KEY_KIND);
    return str_ends(kind, S("List"));
}

static bool is_absent(const struct node *n)
{
    return !n || n->kind == NODE_NULL || (node_is_scalar(n) && n->text.len == 0);
}

static bool check(struct context *cx, const struct node *document)
{
    const struct node *kind = node_get(document, KEY_KIND);
    const struct node *metadata = node_get(document, KEY_METADATA);
    if (is_absent(kind) || !node_is_scalar(kind))
        return report(cx, document->pos, "missing Resource metadata: kind");
    if (metadata && metadata->kind != NODE_MAP && metadata->kind != NODE_NULL)
        return report(cx, metadata->pos, "metadata must be a map, not %s",
                      node_kind_name(metadata));
    const struct node *name = node_get(metadata, KEY_NAME);
    if (!is_list(document) && (is_absent(name) || !node_is_scalar(name)))
        return report(cx, document->pos, "missing metadata.name in object of kind '%.*s'",
                      STR(kind->text));
    return check_annotations(cx, metadata);
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

/* A line between documents holds its dashes, and perhaps a comment. The first line of a text, one
 * right behind another, and a last one without an end are not looked at. */
static bool check_separators(struct context *cx, const struct text *text)
{
    str bytes = text->bytes;
    for (size_t at = 0;;) {
        ptrdiff_t found = str_find(str_skip(bytes, at), S("\n---"));
        if (found < 0)
            return true;
        size_t from = at + (size_t)found + 1;
        ptrdiff_t len = str_find_char(str_skip(bytes, from), '\n');
        if (len < 0)
            return true;
        str rest = str_trim(str_slice(bytes, from + 3, from + (size_t)len));
        if (rest.len && rest.at[0] != '#')
            return report(cx, (struct pos){ text->id, (uint32_t)from },
                          "invalid document separator: '--- %.*s'", STR(rest));
        at = from + (size_t)len + 1;
    }
}

static bool read_as(struct context *cx, struct text *text, enum yaml_dialect dialect,
                    struct documents *out)
{
    struct documents raw = { 0 };
    /* kustomize cuts a file at its "---" before it reads it, and so parts every directive
     * from its document. extra.yaml-directive */
    if (str_starts(text->bytes, S("%")))
        return report(cx, (struct pos){ text->id, 0 }, "directives are not read by kustomize");
    return check_separators(cx, text) && yaml_read_all(cx, text, dialect, &raw)
           && documents_check(cx, &raw, out);
}

bool documents_read(struct context *cx, struct text *text, struct documents *out)
{
    return read_as(cx, text, YAML_GO3, out);
}

bool documents_read_patch(struct context *cx, struct text *text, struct documents *out)
{
    return read_as(cx, text, YAML_GO3_FIRST, out);
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
