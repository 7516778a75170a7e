/* Signatures by key and by identity, in the order in which each step is worth something. */
#include "promote/sigstore.h"

#include "promote/log_entry.h"
#include "promote/timestamp.h"

static const char *const oid_issuer = "1.3.6.1.4.1.57264.1.8";
static const char *const oid_issuer_raw = "1.3.6.1.4.1.57264.1.1";

const struct build_claim build_claims[BUILD_CLAIMS] = {
    { S("buildSigner"), "1.3.6.1.4.1.57264.1.9" },
    { S("sourceRepository"), "1.3.6.1.4.1.57264.1.12" },
    { S("sourceDigest"), "1.3.6.1.4.1.57264.1.13" },
    { S("sourceRef"), "1.3.6.1.4.1.57264.1.14" },
    { S("buildConfig"), "1.3.6.1.4.1.57264.1.18" },
    { S("buildTrigger"), "1.3.6.1.4.1.57264.1.20" },
    { S("run"), "1.3.6.1.4.1.57264.1.21" },
    { S("runner"), "1.3.6.1.4.1.57264.1.11" },
};

/* Every entry must hold: one that was tampered with is no accident. */
static bool verify_entries(struct context *cx, const struct bundle *b, const struct public_key *key,
                           const struct trusted_root *root, struct signer *out)
{
    for (uint32_t i = 0; i < b->entry_count; i++) {
        int64_t time = out->time;
        if (!log_entry_verify(cx, &b->entries[i], b, key, root, &time))
            return false;
        if (!out->time)
            out->time = time;
        out->logged = true;
        out->log_index = b->entries[i].index;
    }
    return out->logged || report_refused(cx, NOWHERE, "no entry of a log vouches for it");
}

/* Timestamps mean nothing to who trusts no clock. */
static bool verify_timestamps(struct context *cx, const struct bundle *b,
                              const struct trusted_root *root, struct signer *out)
{
    if (!root->clocks.len)
        return true;
    for (uint32_t i = 0; i < b->timestamp_count; i++) {
        int64_t time;
        if (!timestamp_verify(cx, b->timestamps[i], b->signature, root, &time))
            return false;
        out->time = time;
    }
    return true;
}

bool sigstore_key(struct context *cx, const struct bundle *b, const struct public_keys *keys,
                  const struct trusted_root *root, struct signer *out)
{
    for (uint32_t i = 0; i < keys->len; i++) {
        *out = (struct signer){ .key = keys->at[i] };
        if (public_key_verifies(out->key, b->bytes, b->signature))
            return !root
                   || (verify_timestamps(cx, b, root, out)
                       && verify_entries(cx, b, out->key, root, out));
    }
    if (keys->len == 1)
        return report_refused(cx, NOWHERE, "it is not signed with '%.*s'", STR(keys->at[0]->name));
    return report_refused(cx, NOWHERE, "it is signed with none of the %u keys", keys->len);
}

/* The reports of authorities that did not issue it are taken back once one did. */
static bool verify_chain(struct context *cx, const struct bundle *b,
                         const struct trusted_root *root, int64_t time, struct certificate **issuer)
{
    struct diags before = cx->diags;
    struct certificates between = b->chain;
    between.at++;
    between.len--;
    bool tried = false;
    for (uint32_t i = 0; i < root->issuers.len; i++) {
        const struct trusted_authority *a = &root->issuers.at[i];
        if (!period_holds(a->period, time))
            continue;
        diag_take_back(cx, before);
        tried = true;
        if (certificate_chain(cx, b->chain.at[0], &between, &a->chain, time, issuer))
            return true;
    }
    return tried ? false
                 : report_refused(cx, NOWHERE, "no authority was trusted when it was signed");
}

static bool is_in_log(const struct trusted_logs *logs, const struct signed_timestamp *t)
{
    for (uint32_t i = 0; i < logs->len; i++) {
        const struct trusted_log *log = &logs->at[i];
        if (str_eq(log->id, t->log) && period_holds(log->period, t->time)
            && public_key_verifies(log->key, t->bytes, t->signature))
            return true;
    }
    return false;
}

/* That the certificate was in a public log, so that nobody is issued one in secret. */
static bool verify_publicity(struct context *cx, const struct bundle *b,
                             const struct certificate *issuer, const struct trusted_root *root)
{
    struct signed_timestamps timestamps;
    if (!root->certificate_logs.len)
        return true;
    if (!certificate_timestamps(cx, b->chain.at[0], issuer, &timestamps))
        return false;
    for (uint32_t i = 0; i < timestamps.len; i++) {
        if (is_in_log(&root->certificate_logs, &timestamps.at[i]))
            return true;
    }
    return report_refused(cx, NOWHERE, "no log of certificates vouches for its certificate");
}

static bool read_identity(struct context *cx, const struct certificate *leaf, struct signer *out)
{
    out->certificate = leaf;
    out->issuer = certificate_extension(leaf, oid_issuer);
    if (!out->issuer.len)
        out->issuer = certificate_extension(leaf, oid_issuer_raw);
    return certificate_identity(cx, leaf, &out->subject)
           && (out->issuer.len
               || report_refused(cx, NOWHERE, "its certificate does not say who issued '%.*s'",
                                 STR(out->subject)));
}

bool sigstore_identity(struct context *cx, const struct bundle *b, const struct trusted_root *root,
                       struct signer *out)
{
    struct certificate *issuer;
    *out = (struct signer){ 0 };
    if (!b->chain.len)
        return report_refused(cx, NOWHERE, "it comes with no certificate");
    const struct certificate *leaf = b->chain.at[0];
    if (!public_key_verifies(leaf->key, b->bytes, b->signature))
        return report_refused(cx, NOWHERE, "it is not signed with the key of its certificate");
    if (!verify_timestamps(cx, b, root, out) || !verify_entries(cx, b, leaf->key, root, out))
        return false;
    if (!out->time)
        return report_refused(cx, NOWHERE, "no trusted log or clock says when it was signed");
    return verify_chain(cx, b, root, out->time, &issuer) && verify_publicity(cx, b, issuer, root)
           && read_identity(cx, leaf, out);
}

static bool is_wanted(struct context *cx, const struct wanted *w, str text)
{
    return w->regex ? regex_matches(cx->scratch, w->regex, text) : str_eq(w->text, text);
}

bool signer_is(struct context *cx, const struct wanted_signer *wanted, const struct signer *signer,
               const struct build_claim **other)
{
    if (!is_wanted(cx, &wanted->subject, signer->subject)
        || !is_wanted(cx, &wanted->issuer, signer->issuer))
        return false;
    for (size_t i = 0; i < BUILD_CLAIMS; i++) {
        const struct wanted *w = &wanted->claims[i];
        if ((!w->regex && !w->text.len)
            || is_wanted(cx, w, certificate_extension(signer->certificate, build_claims[i].oid)))
            continue;
        *other = &build_claims[i];
        return false;
    }
    return true;
}
