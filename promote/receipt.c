/* Receipts: one line of JSON between two marks, so that a message can be wrapped, signed and
 * quoted around it. */
#include "promote/receipt.h"

#include "render/doc/json_write.h"

static void put(struct context *cx, struct node *map, const char *key, str text)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, text));
}

static struct node *version_node(struct context *cx, struct image_ref ref)
{
    struct node *n = node_map(cx);
    if (ref.tag.len)
        put(cx, n, "tag", ref.tag);
    if (ref.digest.len)
        put(cx, n, "digest", ref.digest);
    return n;
}

static struct node *image_node(struct context *cx, const struct plan *p, const struct promise *i)
{
    struct node *n = node_map(cx);
    put(cx, n, "name", i->after.name);
    node_add(cx, n, intern(cx->keys, S("source")), version_node(cx, i->source));
    node_add(cx, n, intern(cx->keys, S("before")), version_node(cx, i->before));
    node_add(cx, n, intern(cx->keys, S("after")), version_node(cx, i->after));
    struct node *checks = node_map(cx);
    for (uint32_t k = 0; k < p->row->check_count; k++)
        node_add(cx, checks, intern(cx->keys, p->row->checks[k].name),
                 node_string(cx, i->candidate->results[k].evidence));
    node_add(cx, n, intern(cx->keys, S("checks")), checks);
    return n;
}

bool receipt_write(struct context *cx, struct buf *out, const struct plan *p)
{
    struct node *n = node_map(cx);
    put(cx, n, "receipt", S("hoist/v1"));
    put(cx, n, "from", p->from->name);
    put(cx, n, "to", p->to->name);
    put(cx, n, "source", p->source);
    put(cx, n, "base", p->base);
    struct node *images = node_list(cx);
    for (uint32_t i = 0; i < p->len; i++)
        node_push(cx, images, image_node(cx, p, &p->at[i]));
    node_add(cx, n, KEY(IMAGES), images);
    buf_str(out, S(RECEIPT_BEGIN "\n"));
    if (!json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true }))
        return false;
    buf_str(out, S("\n" RECEIPT_END "\n"));
    return true;
}
