/* The suffix of a generated name: ten letters of the SHA-256 of what the resource holds, in
 * an alphabet without look-alikes, so that new content is a new name. */
#include "overlays/steps.h"

#include "render/base/digest.h"
#include "render/doc/json_write.h"

/* {"data":…,"kind":…,"name":""[,"type":…]} as Go's JSON prints it; an absent map is "". The
 * name never counts: kustomize looks for it under a field called "metadata/name". */
static bool encode(struct context *cx, struct node *document, struct buf *out)
{
    bool secret = str_eq(node_get_str(document, KEY_KIND), S("Secret"));
    const struct key *more = secret ? KEY(STRING_DATA) : KEY(BINARY_DATA);
    const struct key *fields[] = { KEY(DATA), more };
    struct node *content = node_map(cx);
    for (size_t i = 0; i < countof(fields); i++) {
        struct node *value = node_get(document, fields[i]);
        if (!value && i == 0)
            value = node_string(cx, S(""));
        if (value && (i == 0 || value->kind == NODE_MAP))
            node_add(cx, content, fields[i], value);
    }
    node_add(cx, content, KEY_KIND, node_string(cx, node_get_str(document, KEY_KIND)));
    node_add(cx, content, KEY_NAME, node_string(cx, S("")));
    if (secret)
        node_add(cx, content, KEY(TYPE), node_string(cx, node_get_str(document, KEY(TYPE))));
    return json_write(cx, out, content, (struct json_style){ 0 });
}

static bool has_own_encoding(str kind)
{
    return str_eq(kind, S("ConfigMap")) || str_eq(kind, S("Secret"));
}

static bool hash_of(struct context *cx, struct node *document, char suffix[11])
{
    static const char from[] = "013ae";
    static const char to[] = "ghkmt";
    struct mark before = arena_mark(cx->scratch);
    struct buf b;
    buf_init(&b, cx->scratch, 4096);
    bool ok = has_own_encoding(node_get_str(document, KEY_KIND))
                  ? encode(cx, document, &b)
                  : json_write(cx, &b, document, (struct json_style){ 0 });
    str hex = digest_sha256_hex(cx->scratch, buf_view(&b));
    suffix[0] = '-';
    for (size_t i = 0; ok && i < 10; i++) {
        const char *odd = memchr(from, hex.at[i], sizeof from - 1);
        suffix[i + 1] = odd ? to[odd - from] : hex.at[i];
    }
    arena_rewind(cx->scratch, before);
    return ok;
}

bool name_hash_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct resources *all = &o->sum->resources;
    (void)config;
    for (uint32_t i = 0; i < all->len; i++) {
        struct resource *r = all->at[i];
        char suffix[11];
        if (!r->hash_suffix)
            continue;
        if (!hash_of(cx, r->node, suffix))
            return false;
        resource_remember(cx, r);
        struct node *metadata = node_get(r->node, KEY_METADATA);
        str name = str_concat(cx->arena, node_get_str(metadata, KEY_NAME), (str){ suffix, 11 });
        node_set(cx, metadata, KEY_NAME, node_string(cx, name));
    }
    resources_renamed(all);
    return true;
}
