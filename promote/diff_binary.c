/* A ConfigMap holds in base64 what is no text. Nobody reads that, and a picture has thousands of
 * lines of it. */
#include "promote/diff_binary.h"

#include "render/base/digest.h"
#include "render/base/encode.h"

static bool is_binary(const struct diff_change *c)
{
    return !c->secret && c->kind != DIFF_ORDER && str_starts(c->pointer, S("/binaryData/"));
}

bool diff_binary_is_in(const struct diff_document *doc)
{
    bool config_map = str_eq(doc->id.gvk.kind, S("ConfigMap")) && !doc->id.gvk.group.len;
    for (uint32_t i = 0; config_map && i < doc->changes.len; i++) {
        if (is_binary(&doc->changes.at[i]))
            return true;
    }
    return false;
}

/* "5000 bytes (sha256 1f2e3d4c…)"; NULL for what is no base64. */
static const struct node *told(struct context *cx, const struct node *n)
{
    enum { SHORT = 12 };
    struct mark before = arena_mark(cx->scratch);
    str bytes;
    struct node *out = NULL;
    if (decode_base64(cx->scratch, BASE64_STD, n->text, &bytes)) {
        str hash = str_slice(digest_sha256_hex(cx->arena, bytes), 0, SHORT);
        out = node_string(
            cx, str_format(cx->arena, "%zu bytes (sha256 %.*s\xE2\x80\xA6)", bytes.len, STR(hash)));
        out->pos = n->pos;
        node_set_maker(cx, out, node_maker(n));
    }
    arena_rewind(cx->scratch, before);
    return out;
}

static void tell(struct context *cx, struct diff_change *c)
{
    if ((c->from && !node_is_scalar(c->from)) || (c->to && !node_is_scalar(c->to)))
        return;
    const struct node *from = c->from ? told(cx, c->from) : NULL;
    const struct node *to = c->to ? told(cx, c->to) : NULL;
    if (!from == !c->from && !to == !c->to) {
        c->from = from;
        c->to = to;
        c->words = true;
        c->lines = false;
    }
}

void diff_binary_show(struct context *cx, struct diff_document *doc)
{
    struct diff_changes *out = &doc->shown;
    for (uint32_t i = 0; i < doc->changes.len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len] = doc->changes.at[i];
        if (is_binary(&out->at[out->len]))
            tell(cx, &out->at[out->len]);
        out->len++;
    }
}
