/* What holds for every registry: digests decide, sizes are bounded, an image is one of four
 * media types. */
#include "render/source/registry.h"

#include "render/base/digest.h"
#include "render/base/encode.h"
#include "render/doc/json_read.h"
#include "render/doc/scalar.h"

static const struct {
    str name;
    bool index;
} media_types[] = {
    { S("application/vnd.oci.image.index.v1+json"), true },
    { S("application/vnd.oci.image.manifest.v1+json"), false },
    { S("application/vnd.docker.distribution.manifest.list.v2+json"), true },
    { S("application/vnd.docker.distribution.manifest.v2+json"), false },
};

static bool is_media_type(str media_type, bool index)
{
    for (size_t i = 0; i < countof(media_types); i++) {
        if (media_types[i].index == index && str_eq(media_type, media_types[i].name))
            return true;
    }
    return false;
}

bool media_type_is_index(str media_type)
{
    return is_media_type(media_type, true);
}

bool media_type_is_manifest(str media_type)
{
    return is_media_type(media_type, false);
}

static str field(struct context *cx, const struct node *map, str key)
{
    const struct node *value = node_get_text(cx, map, key);
    return node_is(value, NODE_STRING) ? value->text : S("");
}

bool descriptor_read(struct context *cx, const struct node *node, struct descriptor *out)
{
    const struct node *size = node_get_text(cx, node, S("size"));
    bool negative = false;
    *out = (struct descriptor){ .media_type = field(cx, node, S("mediaType")) };
    out->digest = field(cx, node, S("digest"));
    if (!node_is(node, NODE_MAP) || !out->digest.len)
        return report(cx, node->pos, "a descriptor needs a digest");
    if (!node_is(size, NODE_INT) || !scalar_int(size->text, &negative, &out->size) || negative)
        return report(cx, size ? size->pos : node->pos, "a descriptor needs its size in bytes");
    return image_digest_check(cx, out->digest, node->pos);
}

/* A manifest of Docker's first schema is signed inside, so its bytes have no stable digest. */
static bool refuse_media_type(struct context *cx, str name, str media_type, struct pos from)
{
    if (str_starts(media_type, S("application/vnd.docker.distribution.manifest.v1")))
        return report_refused(
            cx, from, "'%.*s' has a schema 1 manifest, which has no stable digest", STR(name));
    return report_refused(cx, from, "'%.*s' is no image but '%.*s'", STR(name), STR(media_type));
}

bool registry_resolve(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                      struct descriptor *out)
{
    if (!r->ops->resolve(cx, r, ref, from, out, NULL))
        return false;
    if (media_type_is_index(out->media_type) || media_type_is_manifest(out->media_type))
        return true;
    return refuse_media_type(cx, image_ref_print(cx->arena, ref), out->media_type, from);
}

bool registry_find(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                   struct descriptor *out, bool *found)
{
    *found = false;
    return r->ops->resolve(cx, r, ref, from, out, found);
}

static bool digest_of(struct context *cx, str algorithm, str bytes, str *hex)
{
    unsigned char raw[DIGEST_LARGEST];
    size_t size;
    if (str_eq(algorithm, S("sha256"))) {
        *hex = digest_sha256_hex(cx->arena, bytes);
        return true;
    }
    if (!digest_named(cx, "sha512", bytes, raw, &size))
        return false;
    struct buf b;
    buf_init(&b, cx->arena, 2 * size);
    encode_hex(&b, (str){ (char *)raw, size });
    *hex = buf_take(&b);
    return true;
}

str registry_name(const struct registry *r, struct image_ref ref)
{
    return r->name.len ? r->name : ref.host;
}

static struct text *verified(struct context *cx, struct registry *r, struct image_ref ref,
                             struct text *text, struct descriptor d, struct pos from)
{
    str algorithm, wanted, found, name = registry_name(r, ref);
    if (!text)
        return NULL;
    if (text->bytes.len != d.size) {
        report_refused(cx, from, "'%.*s' of the registry '%.*s' has %zu bytes, not %llu",
                       STR(d.digest), STR(name), text->bytes.len, (unsigned long long)d.size);
        return NULL;
    }
    str_cut(d.digest, ':', &algorithm, &wanted);
    if (!digest_of(cx, algorithm, text->bytes, &found))
        return NULL;
    if (str_eq(found, wanted))
        return text;
    report_refused(cx, from, "the bytes of '%.*s' in the registry '%.*s' have another digest",
                   STR(d.digest), STR(name));
    note(cx, NOWHERE, "theirs is '%.*s:%.*s'", STR(algorithm), STR(found));
    return NULL;
}

/* Bytes that one reader takes for an index and another for a manifest would be two images. */
static struct text *unambiguous(struct context *cx, struct text *text, struct descriptor d,
                                struct pos from)
{
    const struct node *n = text ? json_try(cx, text) : NULL;
    str own = field(cx, n, S("mediaType"));
    bool index = media_type_is_index(d.media_type);
    if (!index && !media_type_is_manifest(d.media_type))
        return text;
    bool mixed = node_get_text(cx, n, index ? S("layers") : S("manifests"));
    if (!mixed && (!own.len || str_eq(own, d.media_type)))
        return text;
    report_refused(cx, from, "'%.*s' is said to be '%.*s', but its own bytes say otherwise",
                   STR(d.digest), STR(d.media_type));
    return NULL;
}

struct text *registry_manifest(struct context *cx, struct registry *r, struct image_ref ref,
                               struct descriptor d, struct pos from)
{
    if (!image_digest_check(cx, d.digest, from))
        return NULL;
    if (d.size <= MANIFEST_MOST) {
        struct text *text = verified(cx, r, ref, r->ops->manifest(cx, r, ref, d, from), d, from);
        return unambiguous(cx, text, d, from);
    }
    report_refused(cx, from, "the manifest of '%.*s' has %llu bytes; 4 MiB is the limit",
                   STR(image_ref_print(cx->arena, ref)), (unsigned long long)d.size);
    return NULL;
}

struct text *registry_blob(struct context *cx, struct registry *r, struct image_ref ref,
                           struct descriptor d, struct pos from)
{
    if (!image_digest_check(cx, d.digest, from))
        return NULL;
    return verified(cx, r, ref, r->ops->blob(cx, r, ref, d, from), d, from);
}

static bool add_platform(struct context *cx, const struct node *entry, struct platforms *out)
{
    const struct node *platform = node_get_text(cx, entry, S("platform"));
    struct platform p = { .os = field(cx, platform, S("os")) };
    p.architecture = field(cx, platform, S("architecture"));
    p.variant = field(cx, platform, S("variant"));
    if (!descriptor_read(cx, entry, &p.manifest))
        return false;
    /* Builders put attestations beside the images, as "unknown/unknown". */
    if (!platform || str_eq(p.os, S("unknown")))
        return true;
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = p;
    return true;
}

bool registry_platforms(struct context *cx, struct registry *r, struct image_ref ref,
                        struct descriptor d, struct pos from, struct platforms *out)
{
    *out = (struct platforms){ 0 };
    if (!media_type_is_index(d.media_type))
        return true;
    struct text *text = registry_manifest(cx, r, ref, d, from);
    struct node *index = text ? json_read(cx, text) : NULL;
    if (!index)
        return false;
    const struct node *manifests = node_get_text(cx, index, S("manifests"));
    if (!node_is(manifests, NODE_LIST))
        return report(cx, index->pos, "an image index needs a list 'manifests'");
    for (uint32_t i = 0; i < manifests->len; i++) {
        if (!add_platform(cx, manifests->items[i], out))
            return false;
    }
    return true;
}

str referrer_annotation(struct context *cx, const struct referrer *referrer, str name)
{
    return field(cx, referrer->annotations, name);
}

void referrers_add(struct context *cx, struct referrers *list, struct referrer one)
{
    list->known.arena = cx->arena;
    struct map_entry *e = map_entry(&list->known, one.manifest.digest);
    if (e->value)
        return;
    e->value = list;
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = one;
}

bool referrers_read(struct context *cx, const struct node *index, struct referrers *out)
{
    const struct node *manifests = node_get_text(cx, index, S("manifests"));
    if (!node_is(manifests, NODE_LIST))
        return report(cx, index->pos, "an image index needs a list 'manifests'");
    for (uint32_t i = 0; i < manifests->len; i++) {
        const struct node *entry = manifests->items[i];
        struct referrer one = { .annotations = node_get_text(cx, entry, S("annotations")) };
        one.artifact_type = field(cx, entry, S("artifactType"));
        if (!descriptor_read(cx, entry, &one.manifest))
            return false;
        referrers_add(cx, out, one);
    }
    return true;
}

bool registry_referrers(struct context *cx, struct registry *r, struct image_ref ref, str digest,
                        struct pos from, struct referrers *out)
{
    *out = (struct referrers){ 0 };
    return image_digest_check(cx, digest, from) && r->ops->referrers(cx, r, ref, digest, from, out);
}

void tags_add(struct context *cx, struct tags *list, str tag)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = tag;
}

bool registry_tags(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                   struct tags *out)
{
    *out = (struct tags){ 0 };
    return r->ops->tags(cx, r, ref, from, out);
}

bool registry_expect(struct context *cx, struct registry *r, const struct image_ref *refs,
                     uint32_t n, struct pos from)
{
    return !r->ops->expect || r->ops->expect(cx, r, refs, n, from);
}

bool registry_expect_about(struct context *cx, struct registry *r, const struct image_ref *refs,
                           const str *digests, uint32_t n, const char *suffix, struct pos from)
{
    return !r->ops->expect_about || r->ops->expect_about(cx, r, refs, digests, n, suffix, from);
}
