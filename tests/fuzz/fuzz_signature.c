/* A bundle and, behind a NUL, a trusted root. Each step is tried even where one before it would have
 * refused the signature: what was changed would else never get beyond the first. */
#include "promote/cosign.h"
#include "promote/log_entry.h"
#include "promote/sigstore.h"
#include "promote/timestamp.h"

static void try_certificate(struct context *cx, const struct certificate *c,
                            const struct trusted_root *root)
{
    struct signed_timestamps timestamps;
    struct certificate *issuer;
    str identity;
    certificate_identity(cx, c, &identity);
    certificate_extension(c, "1.3.6.1.4.1.57264.1.8");
    certificate_timestamps(cx, c, c, &timestamps);
    for (uint32_t i = 0; i < root->issuers.len; i++)
        certificate_chain(cx, c, &root->issuers.at[i].chain, &root->issuers.at[i].chain, 1700000000,
                          &issuer);
}

static void try_bundle(struct context *cx, const struct bundle *b, const struct trusted_root *root)
{
    struct signer signer;
    struct claim claim = { .digest = S("sha256:00"), .predicate_type = S("x") };
    const struct node *annotations;
    int64_t time = 0;
    claim_holds(cx, b, &claim, &annotations);
    if (!root)
        return;
    sigstore_identity(cx, b, root, &signer);
    for (uint32_t i = 0; i < b->chain.len; i++)
        try_certificate(cx, b->chain.at[i], root);
    for (uint32_t i = 0; i < b->entry_count && b->chain.len; i++)
        log_entry_verify(cx, &b->entries[i], b, b->chain.at[0]->key, root, &time);
    for (uint32_t i = 0; i < b->timestamp_count; i++)
        timestamp_verify(cx, b->timestamps[i], b->signature, root, &time);
}

static bool work(struct context *cx, void *arg)
{
    str json, more;
    struct bundle b;
    str_cut(*(str *)arg, '\0', &json, &more);
    struct trusted_root *root =
        more.len ? trusted_root_read(cx, text_add(cx, S("root"), more)) : NULL;
    if (bundle_read(cx, text_add(cx, S("bundle"), json), &b))
        try_bundle(cx, &b, root);
    if (bundle_of_layer(cx, text_add(cx, S("payload"), json), false, NULL, &b))
        try_bundle(cx, &b, root);
    public_key_pem(cx, json, S("key"), NOWHERE);
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
