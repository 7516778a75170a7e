/* Keys (OpenSSL).
 *
 * RSA, DSA and EC keys are printed in their traditional forms, Ed25519 as PKCS #8. */
/* OpenSSL 3.0 has no newer way to lend it chance than RAND_METHOD. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "render/template/keys.h"

#include <openssl/dsa.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include "render/base/library.h"
#include "render/template/pem.h"
#include "render/template/random.h"

struct key_calls {
    __typeof__(EVP_PKEY_Q_keygen) *make;
    __typeof__(EVP_PKEY_CTX_new_id) *ctx_new_id;
    __typeof__(EVP_PKEY_CTX_new) *ctx_new;
    __typeof__(EVP_PKEY_CTX_free) *ctx_free;
    __typeof__(EVP_PKEY_paramgen_init) *paramgen_init;
    __typeof__(EVP_PKEY_CTX_set_dsa_paramgen_bits) *set_dsa_bits;
    __typeof__(EVP_PKEY_CTX_set_dsa_paramgen_q_bits) *set_dsa_q_bits;
    __typeof__(EVP_PKEY_paramgen) *paramgen;
    __typeof__(EVP_PKEY_keygen_init) *keygen_init;
    __typeof__(EVP_PKEY_keygen) *keygen;
    __typeof__(EVP_PKEY_free) *free;
    __typeof__(EVP_PKEY_get_base_id) *base_id;
    __typeof__(i2d_PrivateKey) *print;
    __typeof__(d2i_PrivateKey) *read;
    __typeof__(d2i_PKCS8_PRIV_KEY_INFO) *read_pkcs8;
    __typeof__(EVP_PKCS82PKEY) *from_pkcs8;
    __typeof__(PKCS8_PRIV_KEY_INFO_free) *pkcs8_free;
    __typeof__(RAND_set_rand_method) *set_chance;
    __typeof__(RAND_OpenSSL) *usual_chance;
};

static struct key_calls crypto;

static const struct library_symbol symbols[] = {
    LIBRARY_SYMBOL(struct key_calls, make, EVP_PKEY_Q_keygen),
    LIBRARY_SYMBOL(struct key_calls, ctx_new_id, EVP_PKEY_CTX_new_id),
    LIBRARY_SYMBOL(struct key_calls, ctx_new, EVP_PKEY_CTX_new),
    LIBRARY_SYMBOL(struct key_calls, ctx_free, EVP_PKEY_CTX_free),
    LIBRARY_SYMBOL(struct key_calls, paramgen_init, EVP_PKEY_paramgen_init),
    LIBRARY_SYMBOL(struct key_calls, set_dsa_bits, EVP_PKEY_CTX_set_dsa_paramgen_bits),
    LIBRARY_SYMBOL(struct key_calls, set_dsa_q_bits, EVP_PKEY_CTX_set_dsa_paramgen_q_bits),
    LIBRARY_SYMBOL(struct key_calls, paramgen, EVP_PKEY_paramgen),
    LIBRARY_SYMBOL(struct key_calls, keygen_init, EVP_PKEY_keygen_init),
    LIBRARY_SYMBOL(struct key_calls, keygen, EVP_PKEY_keygen),
    LIBRARY_SYMBOL(struct key_calls, free, EVP_PKEY_free),
    LIBRARY_SYMBOL(struct key_calls, base_id, EVP_PKEY_get_base_id),
    LIBRARY_SYMBOL(struct key_calls, print, i2d_PrivateKey),
    LIBRARY_SYMBOL(struct key_calls, read, d2i_PrivateKey),
    LIBRARY_SYMBOL(struct key_calls, read_pkcs8, d2i_PKCS8_PRIV_KEY_INFO),
    LIBRARY_SYMBOL(struct key_calls, from_pkcs8, EVP_PKCS82PKEY),
    LIBRARY_SYMBOL(struct key_calls, pkcs8_free, PKCS8_PRIV_KEY_INFO_free),
    LIBRARY_SYMBOL(struct key_calls, set_chance, RAND_set_rand_method),
    LIBRARY_SYMBOL(struct key_calls, usual_chance, RAND_OpenSSL),
};

static struct library library = { LIBRARY("libcrypto.so.3", "libssl3", symbols, &crypto) };

/* OpenSSL asks for chance without saying for whom. Only the thread that set its call here gets
 * bytes of the seed; every other one, and this one afterwards, gets the usual ones. */
static _Thread_local struct call *seeded;

static int chance_bytes(unsigned char *out, int n)
{
    if (!seeded)
        return crypto.usual_chance()->bytes(out, n);
    return n >= 0 && random_bytes(seeded, out, (size_t)n);
}

static int chance_ready(void)
{
    return 1;
}

static const RAND_METHOD seeded_chance = {
    .bytes = chance_bytes,
    .pseudorand = chance_bytes,
    .status = chance_ready,
};

void keys_begin_chance(struct call *c)
{
    if (!c->cx->switches.deterministic || !library_open(c->cx, &library))
        return;
    seeded = c;
    crypto.set_chance(&seeded_chance);
}

void keys_end_chance(struct call *c)
{
    if (c->cx->switches.deterministic)
        seeded = NULL;
}

static void free_key(void *key)
{
    crypto.free(key);
}

static EVP_PKEY *kept(struct call *c, EVP_PKEY *key)
{
    if (key)
        arena_defer(c->cx->scratch, free_key, key);
    return key;
}

static EVP_PKEY *generate(EVP_PKEY_CTX *ctx)
{
    EVP_PKEY *key = NULL;
    if (!ctx || crypto.keygen_init(ctx) <= 0 || crypto.keygen(ctx, &key) <= 0)
        key = NULL;
    crypto.ctx_free(ctx);
    return key;
}

/* Parameters of 2048 and 256 bits are searched for first, which takes a second or more. */
static EVP_PKEY *make_dsa(void)
{
    EVP_PKEY *params = NULL;
    EVP_PKEY_CTX *ctx = crypto.ctx_new_id(EVP_PKEY_DSA, NULL);
    bool ok = ctx && crypto.paramgen_init(ctx) > 0 && crypto.set_dsa_bits(ctx, 2048) > 0
              && crypto.set_dsa_q_bits(ctx, 256) > 0 && crypto.paramgen(ctx, &params) > 0;
    crypto.ctx_free(ctx);
    EVP_PKEY *key = ok ? generate(crypto.ctx_new(params, NULL)) : NULL;
    crypto.free(params);
    return key;
}

EVP_PKEY *key_make(struct call *c, const char *kind, uint32_t bits)
{
    if (!library_open(c->cx, &library)) {
        call_stop(c);
        return NULL;
    }
    /* As long as it takes on average: RSA to find primes, DSA to find a group as well. */
    bool slow = !strcmp(kind, "rsa") || !strcmp(kind, "dsa");
    if (slow && !call_costs(c, (uint64_t)bits * bits)) {
        call_stop(c);
        return NULL;
    }
    EVP_PKEY *key;
    keys_begin_chance(c);
    if (!strcmp(kind, "rsa"))
        key = crypto.make(NULL, NULL, "RSA", (size_t)bits);
    else if (!strcmp(kind, "ecdsa"))
        key = crypto.make(NULL, NULL, "EC", "P-256");
    else if (!strcmp(kind, "ed25519"))
        key = crypto.make(NULL, NULL, "ED25519");
    else
        key = make_dsa();
    keys_end_chance(c);
    if (!key) {
        report_surroundings(c->cx, c->pos, "OpenSSL does not make a key of the kind '%s'", kind);
        call_stop(c);
    }
    return kept(c, key);
}

static EVP_PKEY *read_pkcs8(str der)
{
    const unsigned char *at = (const unsigned char *)der.at;
    PKCS8_PRIV_KEY_INFO *info = crypto.read_pkcs8(NULL, &at, (long)der.len);
    EVP_PKEY *key = info ? crypto.from_pkcs8(info) : NULL;
    crypto.pkcs8_free(info);
    return key;
}

EVP_PKEY *key_read(struct call *c, str text, str *why)
{
    static const struct {
        str type;
        int id;
        const char *failed;
    } forms[] = {
        { S("PRIVATE KEY"), 0, "decoding PEM as PKCS#8: x509: failed to parse private key" },
        { S("RSA PRIVATE KEY"), EVP_PKEY_RSA,
          "parsing RSA private key from PEM: x509: failed to parse private key" },
        { S("EC PRIVATE KEY"), EVP_PKEY_EC,
          "parsing EC private key from PEM: x509: failed to parse EC private key" },
        { S("DSA PRIVATE KEY"), EVP_PKEY_DSA,
          "parsing DSA private key from PEM: asn1: structure error" },
    };
    struct pem pem;
    *why = S("no PEM data in input");
    if (!pem_decode(c->arena, text, &pem))
        return NULL;
    if (!library_open(c->cx, &library)) {
        *why = S("OpenSSL is missing");
        return NULL;
    }
    for (size_t i = 0; i < countof(forms); i++) {
        if (!str_eq(forms[i].type, pem.type))
            continue;
        const unsigned char *at = (const unsigned char *)pem.der.at;
        *why = str_from(forms[i].failed);
        return kept(c, forms[i].id ? crypto.read(forms[i].id, NULL, &at, (long)pem.der.len)
                                   : read_pkcs8(pem.der));
    }
    bool key = str_ends(pem.type, S(" PRIVATE KEY"));
    *why = str_concat(c->arena,
                      key ? S("invalid private key type ")
                          : S("no private key data in PEM block of type "),
                      pem.type);
    return NULL;
}

str key_print(struct call *c, EVP_PKEY *key)
{
    static const struct {
        int id;
        str type;
    } types[] = {
        { EVP_PKEY_RSA, S("RSA PRIVATE KEY") },
        { EVP_PKEY_DSA, S("DSA PRIVATE KEY") },
        { EVP_PKEY_EC, S("EC PRIVATE KEY") },
    };
    str type = S("PRIVATE KEY");
    for (size_t i = 0; i < countof(types); i++) {
        if (types[i].id == crypto.base_id(key))
            type = types[i].type;
    }
    int n = crypto.print(key, NULL);
    unsigned char *der = arena_alloc(c->arena, n > 0 ? (size_t)n : 1), *end = der;
    if (n > 0)
        crypto.print(key, &end);
    return pem_encode(c->arena, type, (str){ (char *)der, (size_t)(end - der) });
}
