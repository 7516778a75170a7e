/* Timestamps (OpenSSL). */
#include "promote/timestamp.h"

#include <openssl/bio.h>
#include <openssl/objects.h>
#include <openssl/ts.h>
#include <time.h>

#include "render/base/library.h"

struct ts_calls {
    __typeof__(d2i_TS_RESP) *read;
    __typeof__(TS_RESP_free) *free;
    __typeof__(TS_RESP_get_tst_info) *info;
    __typeof__(TS_TST_INFO_get_time) *time;
    __typeof__(TS_TST_INFO_get_msg_imprint) *imprint;
    __typeof__(TS_MSG_IMPRINT_get_algo) *imprint_algorithm;
    __typeof__(X509_ALGOR_get0) *algorithm;
    __typeof__(OBJ_obj2nid) *object_number;
    __typeof__(ASN1_TIME_to_tm) *time_parts;
    __typeof__(TS_VERIFY_CTX_new) *verify_new;
    __typeof__(TS_VERIFY_CTX_free) *verify_free;
    __typeof__(TS_VERIFY_CTX_set_flags) *set_flags;
    __typeof__(TS_VERIFY_CTX_set_data) *set_data;
    __typeof__(TS_VERIFY_CTX_set_store) *set_store;
    __typeof__(TS_VERIFY_CTX_set_certs) *set_certificates;
    __typeof__(TS_RESP_verify_response) *verify;
    __typeof__(BIO_new_mem_buf) *bytes;
    __typeof__(X509_up_ref) *share;
    __typeof__(X509_STORE_new) *store_new;
    __typeof__(X509_STORE_add_cert) *store_add;
    __typeof__(X509_STORE_set_flags) *store_flags;
    __typeof__(X509_STORE_get0_param) *store_parameters;
    __typeof__(X509_VERIFY_PARAM_set_time) *store_time;
    __typeof__(OPENSSL_sk_new_null) *stack_new;
    __typeof__(OPENSSL_sk_push) *stack_push;
};

static struct ts_calls crypto;

#define CALL(member, symbol) LIBRARY_SYMBOL(struct ts_calls, member, symbol)

static const struct library_symbol symbols[] = {
    CALL(read, d2i_TS_RESP),
    CALL(free, TS_RESP_free),
    CALL(info, TS_RESP_get_tst_info),
    CALL(time, TS_TST_INFO_get_time),
    CALL(imprint, TS_TST_INFO_get_msg_imprint),
    CALL(imprint_algorithm, TS_MSG_IMPRINT_get_algo),
    CALL(algorithm, X509_ALGOR_get0),
    CALL(object_number, OBJ_obj2nid),
    CALL(time_parts, ASN1_TIME_to_tm),
    CALL(verify_new, TS_VERIFY_CTX_new),
    CALL(verify_free, TS_VERIFY_CTX_free),
    CALL(set_flags, TS_VERIFY_CTX_set_flags),
    CALL(set_data, TS_VERIFY_CTX_set_data),
    CALL(set_store, TS_VERIFY_CTX_set_store),
    CALL(set_certificates, TS_VERIFY_CTX_set_certs),
    CALL(verify, TS_RESP_verify_response),
    CALL(bytes, BIO_new_mem_buf),
    CALL(share, X509_up_ref),
    CALL(store_new, X509_STORE_new),
    CALL(store_add, X509_STORE_add_cert),
    CALL(store_flags, X509_STORE_set_flags),
    CALL(store_parameters, X509_STORE_get0_param),
    CALL(store_time, X509_VERIFY_PARAM_set_time),
    CALL(stack_new, OPENSSL_sk_new_null),
    CALL(stack_push, OPENSSL_sk_push),
};

static struct library library = { LIBRARY("libcrypto.so.3", "libssl3", symbols, &crypto) };

/* What it says, before anybody knows whether it is true. */
static bool claim(TS_RESP *response, int64_t *time)
{
    const ASN1_OBJECT *digest = NULL;
    struct tm parts;
    TS_TST_INFO *info = crypto.info(response);
    if (!info || !crypto.time_parts(crypto.time(info), &parts))
        return false;
    crypto.algorithm(&digest, NULL, NULL, crypto.imprint_algorithm(crypto.imprint(info)));
    int kind = crypto.object_number(digest);
    *time = timegm(&parts);
    return kind == NID_sha256 || kind == NID_sha384 || kind == NID_sha512;
}

/* The authority's last certificate is trusted, and its chain must hold at the time it says. */
static X509_STORE *store_of(const struct trusted_authority *clock, int64_t time)
{
    const struct certificates *chain = &clock->chain;
    X509_STORE *store = crypto.store_new();
    if (!store)
        return NULL;
    crypto.store_add(store, chain->at[chain->len - 1]->handle);
    crypto.store_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    crypto.store_time(crypto.store_parameters(store), (time_t)time);
    return store;
}

/* The context owns what it is given. */
static OPENSSL_STACK *links_of(const struct trusted_authority *clock)
{
    OPENSSL_STACK *links = crypto.stack_new();
    for (uint32_t i = 0; links && i < clock->chain.len; i++) {
        if (crypto.share(clock->chain.at[i]->handle))
            crypto.stack_push(links, clock->chain.at[i]->handle);
    }
    return links;
}

static bool holds(TS_RESP *response, str bytes, const struct trusted_authority *clock, int64_t time)
{
    TS_VERIFY_CTX *ctx = crypto.verify_new();
    if (!ctx)
        return false;
    crypto.set_flags(ctx, TS_VFY_SIGNATURE | TS_VFY_VERSION | TS_VFY_DATA);
    crypto.set_data(ctx, crypto.bytes(bytes.at, (int)bytes.len));
    crypto.set_store(ctx, store_of(clock, time));
    crypto.set_certificates(ctx, (STACK_OF(X509) *)links_of(clock));
    bool ok = crypto.verify(ctx, response) == 1;
    crypto.verify_free(ctx);
    return ok;
}

bool timestamp_verify(struct context *cx, str token, str bytes, const struct trusted_root *root,
                      int64_t *time)
{
    bool ok = false;
    const unsigned char *at = (const unsigned char *)token.at;
    if (!library_open(cx, &library))
        return false;
    TS_RESP *response = crypto.read(NULL, &at, (long)token.len);
    if (!response || !claim(response, time)) {
        crypto.free(response);
        return report_refused(cx, NOWHERE, "its timestamp is malformed");
    }
    for (uint32_t i = 0; !ok && i < root->clocks.len; i++) {
        const struct trusted_authority *clock = &root->clocks.at[i];
        ok = period_holds(clock->period, *time) && holds(response, bytes, clock, *time);
    }
    crypto.free(response);
    return ok
           || report_refused(cx, NOWHERE, "its timestamp is not from an authority that is trusted");
}
