/* What servers send: a challenge, a reference to an image, and behind a NUL the index.json of a
 * layout whose every blob is that same text. */
#include "render/base/digest.h"
#include "render/doc/json_read.h"
#include "render/source/oci_challenge.h"
#include "render/source/registry.h"

static void try_layout(struct context *cx, str index, struct image_ref ref)
{
    struct source *files = source_mem(cx, S("layout:"));
    str hex = digest_sha256_hex(cx->arena, index);
    str digest = str_concat(cx->arena, S("sha256:"), hex);
    struct descriptor d;
    struct platforms platforms;
    struct referrers referrers;
    struct tags tags;
    bool found;
    source_mem_put(cx, files, S("oci-layout"), S("{\"imageLayoutVersion\":\"1.0.0\"}"), NOWHERE);
    source_mem_put(cx, files, S("index.json"), index, NOWHERE);
    source_mem_put(cx, files, str_concat(cx->arena, S("blobs/sha256/"), hex), index, NOWHERE);
    struct registry *r = oci_layout(cx, source_folder(cx, files, S("."), NOWHERE), NOWHERE);
    if (!r)
        return;
    registry_tags(cx, r, ref, NOWHERE, &tags);
    registry_referrers(cx, r, ref, digest, NOWHERE, &referrers);
    registry_find(cx, r, ref, NOWHERE, &d, &found);
    if (registry_resolve(cx, r, ref, NOWHERE, &d))
        registry_platforms(cx, r, ref, d, NOWHERE, &platforms);
    d = (struct descriptor){ S("application/vnd.oci.image.index.v1+json"), digest, index.len };
    registry_platforms(cx, r, ref, d, NOWHERE, &platforms);
}

static bool work(struct context *cx, void *arg)
{
    str header, rest, name, index;
    struct image_ref ref;
    str_cut(*(str *)arg, '\n', &header, &rest);
    str_cut(rest, '\0', &name, &index);
    struct http_header one = { S("WWW-Authenticate"), header };
    struct http_answer answer = { .headers = &one, .header_count = 1 };
    oci_challenge_read(cx->arena, &answer);
    if (!image_ref_parse(cx, name, NOWHERE, &ref))
        image_ref_parse(cx, S("ghcr.io/acme/web:v1"), NOWHERE, &ref);
    try_layout(cx, index, ref);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){ .memory = (size_t)1 << 29 });
    cx->limits.max[LIMIT_NODES] = 100 * 1000;
    context_run(cx, work, &(str){ (const char *)bytes, len });
    context_free(cx);
    return 0;
}
