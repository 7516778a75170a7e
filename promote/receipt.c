/* Receipts: one line of JSON between two marks, so that a message can be wrapped, signed and
 * quoted around it. */
#include "promote/receipt.h"

#include "promote/plan.h"
#include "render/doc/json_read.h"
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
    if (p->request->force.len)
        put(cx, n, "forced", p->request->force);
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

/* Reading. What stands in a message may have been written by anyone, so nothing of it is taken
 * for more than it says: who uses it compares it with what the commit renders to. */

static str text(struct context *cx, const struct node *map, const char *name)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    return node_is(n, NODE_STRING) ? n->text : S("");
}

static bool read_version(struct context *cx, const struct node *image, const char *which,
                         struct image_ref *out)
{
    const struct node *version = node_get_text(cx, image, str_from(which));
    if (!image_ref_try(cx, text(cx, image, "name"), out))
        return false;
    out->tag = text(cx, version, "tag");
    out->digest = text(cx, version, "digest");
    return version;
}

static bool read_receipt(struct context *cx, const struct node *n, struct receipt *out)
{
    const struct node *images = node_get(n, KEY(IMAGES));
    if (!str_eq(text(cx, n, "receipt"), S("hoist/v1")) || !node_is(images, NODE_LIST))
        return false;
    *out = (struct receipt){ .from = text(cx, n, "from"),
                             .to = text(cx, n, "to"),
                             .source = text(cx, n, "source"),
                             .forced = text(cx, n, "forced") };
    out->at = NEW_ARRAY(cx->arena, struct receipt_image, images->len);
    for (uint32_t i = 0; i < images->len; i++) {
        struct receipt_image *image = &out->at[out->len];
        if (!read_version(cx, images->items[i], "after", &image->after)
            || !read_version(cx, images->items[i], "source", &image->source))
            return false;
        image->checks = node_get_text(cx, images->items[i], S("checks"));
        out->len++;
    }
    return true;
}

bool receipt_find(struct context *cx, str message, str environment, struct receipt *out)
{
    bool found = false;
    for (;;) {
        struct receipt one;
        ptrdiff_t begin = str_find(message, S(RECEIPT_BEGIN));
        if (begin < 0)
            return found;
        message = str_skip(message, (size_t)begin + sizeof RECEIPT_BEGIN - 1);
        ptrdiff_t end = str_find(message, S(RECEIPT_END));
        if (end < 0)
            return found;
        str block = str_trim(str_slice(message, 0, (size_t)end));
        struct node *n = json_try(cx, text_add(cx, S("a receipt"), block));
        if (!n || !read_receipt(cx, n, &one) || !str_eq(one.to, environment))
            continue;
        *out = one;
        found = true;
    }
}

const struct receipt_image *receipt_image(const struct receipt *receipt, struct image_ref name)
{
    for (uint32_t i = 0; i < receipt->len; i++) {
        if (image_ref_same_name(receipt->at[i].after, name))
            return &receipt->at[i];
    }
    return NULL;
}
