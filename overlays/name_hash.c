/* The suffix of a generated name: ten letters of the SHA-256 of what the resource holds, in
 * an alphabet without look-alikes, so that new content is a new name. */
#include "overlays/steps.h"

#include "render/base/digest.h"
#include "render/doc/json_write.h"
#include "render/doc/origin.h"

/* {"data":…,"kind":…,"name":""[,"type":…]} as Go's JSON prints it; an absent map is "". The
 * name never counts: kustomize looks for it under a field called "metadata/name". */
static bool encode(struct context *cx, struct node *document, struct buf *out)
{
    struct node empty = { .kind = NODE_STRING };
    struct node *kind = node_get(document, KEY_KIND), *data = node_get(document, KEY(DATA));
    bool secret = str_eq(kind->text, S("Secret"));
    const struct key *second = secret ? KEY(STRING_DATA) : KEY(BINARY_DATA);
    struct node type = { .kind = NODE_STRING, .text = node_get_str(document, KEY(TYPE)) };
    struct node *more = node_get(document, second);
    struct entry entries[5];
    struct node content = { .kind = NODE_MAP, .entries = entries, .entries_cap = countof(entries) };
    entries[content.len++] = (struct entry){ .key = KEY(DATA), .value = data ? data : &empty };
    if (node_is(more, NODE_MAP))
        entries[content.len++] = (struct entry){ .key = second, .value = more };
    entries[content.len++] = (struct entry){ .key = KEY_KIND, .value = kind };
    entries[content.len++] = (struct entry){ .key = KEY_NAME, .value = &empty };
    if (secret)
        entries[content.len++] = (struct entry){ .key = KEY(TYPE), .value = &type };
    return json_write(cx, out, &content, (struct json_style){ 0 });
}

static bool has_own_encoding(str kind)
{
    return str_eq(kind, S("ConfigMap")) || str_eq(kind, S("Secret"));
}

/* Prints into the hash: what is large need not stand in memory a second time. */
struct hashing {
    struct buf text;
    struct sha256 hash;
};

static void feed(struct buf *b)
{
    struct hashing *h = (struct hashing *)(void *)b;
    sha256_add(&h->hash, b->at, b->len);
    b->len = 0;
}

static bool hash_of(struct context *cx, struct node *document, char suffix[11])
{
    static const char digits[] = "gh2k456789mbcdtf"; /* hexadecimal, but for 0, 1, 3, a and e */
    unsigned char sum[SHA256_SIZE];
    struct hashing h;
    struct mark before = arena_mark(cx->scratch);
    buf_init(&h.text, cx->scratch, 4096);
    h.text.flush = feed;
    sha256_begin(&h.hash);
    bool ok = has_own_encoding(node_get_str(document, KEY_KIND))
                  ? encode(cx, document, &h.text)
                  : json_write(cx, &h.text, document, (struct json_style){ 0 });
    feed(&h.text);
    sha256_end(&h.hash, sum);
    suffix[0] = '-';
    for (size_t i = 0; i < 10; i++)
        suffix[i + 1] = digits[i % 2 ? sum[i / 2] & 15 : sum[i / 2] >> 4];
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
        step_enter(cx, S("hash of its content"), r->node->pos);
        node_set(cx, metadata, KEY_NAME, node_string(cx, name));
        step_leave(cx);
    }
    resources_renamed(all);
    return true;
}
