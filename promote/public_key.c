/* Public keys (OpenSSL). */
#include "promote/public_key.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "promote/certificate.h"
#include "render/base/digest.h"
#include "render/base/library.h"
#include "render/template/pem.h"

enum { RSA_LEAST = 2048, RSA_MOST = 16384 };

struct key_calls {
    __typeof__(d2i_PUBKEY) *read;
    __typeof__(EVP_PKEY_free) *free;
    __typeof__(EVP_PKEY_get_base_id) *kind;
    __typeof__(EVP_PKEY_get_bits) *bits;
    __typeof__(EVP_PKEY_get_group_name) *group;
    __typeof__(EVP_PKEY_get0_type_name) *type_name;
    __typeof__(EVP_get_digestbyname) *digest;
    __typeof__(EVP_MD_CTX_new) *begin;
    __typeof__(EVP_MD_CTX_free) *end;
    __typeof__(EVP_DigestVerifyInit) *verify_init;
    __typeof__(EVP_DigestVerify) *verify;
    __typeof__(EVP_PKEY_CTX_set_rsa_padding) *padding;
};

static struct key_calls crypto;

static const struct library_symbol symbols[] = {
    LIBRARY_SYMBOL(struct key_calls, read, d2i_PUBKEY),
    LIBRARY_SYMBOL(struct key_calls, free, EVP_PKEY_free),
    LIBRARY_SYMBOL(struct key_calls, kind, EVP_PKEY_get_base_id),
    LIBRARY_SYMBOL(struct key_calls, bits, EVP_PKEY_get_bits),
    LIBRARY_SYMBOL(struct key_calls, group, EVP_PKEY_get_group_name),
    LIBRARY_SYMBOL(struct key_calls, type_name, EVP_PKEY_get0_type_name),
    LIBRARY_SYMBOL(struct key_calls, digest, EVP_get_digestbyname),
    LIBRARY_SYMBOL(struct key_calls, begin, EVP_MD_CTX_new),
    LIBRARY_SYMBOL(struct key_calls, end, EVP_MD_CTX_free),
    LIBRARY_SYMBOL(struct key_calls, verify_init, EVP_DigestVerifyInit),
    LIBRARY_SYMBOL(struct key_calls, verify, EVP_DigestVerify),
    LIBRARY_SYMBOL(struct key_calls, padding, EVP_PKEY_CTX_set_rsa_padding),
};

static struct library library = { LIBRARY("libcrypto.so.3", "libssl3", symbols, &crypto) };

/* What a kind of key may have signed with; a digest of NULL is the kind's own business. */
struct key_kind {
    int base;
    const char *group; /* of a curve, else NULL */
    struct scheme {
        const char *digest;
        int padding;
    } schemes[3];
    int count;
};

static const struct key_kind kinds[] = {
    { EVP_PKEY_EC, "prime256v1", { { "sha256", 0 } }, 1 },
    { EVP_PKEY_EC, "secp384r1", { { "sha384", 0 }, { "sha256", 0 } }, 2 },
    { EVP_PKEY_EC, "secp521r1", { { "sha512", 0 }, { "sha256", 0 } }, 2 },
    { EVP_PKEY_RSA,
      NULL,
      { { "sha256", RSA_PKCS1_PADDING }, { "sha256", RSA_PKCS1_PSS_PADDING } },
      2 },
    { EVP_PKEY_ED25519, NULL, { { NULL, 0 } }, 1 },
};

static const struct key_kind *kind_of(const EVP_PKEY *key)
{
    char group[64] = "";
    int base = crypto.kind(key);
    for (size_t i = 0; i < countof(kinds); i++) {
        if (kinds[i].base != base)
            continue;
        if (!kinds[i].group)
            return &kinds[i];
        if (crypto.group(key, group, sizeof group, NULL) && !strcmp(group, kinds[i].group))
            return &kinds[i];
    }
    return NULL;
}

static void free_key(void *handle)
{
    crypto.free(handle);
}

static bool accept(struct context *cx, struct public_key *key, struct pos from)
{
    int bits = crypto.bits(key->handle);
    key->kind = kind_of(key->handle);
    if (!key->kind) {
        const char *type = crypto.type_name(key->handle);
        report_refused(cx, from, "'%.*s' is a key of the kind %s with %d bits", STR(key->name),
                       type ? type : "unknown", bits);
        hint(cx, NOWHERE, "signatures are made with ECDSA (P-256, P-384, P-521), RSA or Ed25519");
        return false;
    }
    if (key->kind->base == EVP_PKEY_RSA && (bits < RSA_LEAST || bits > RSA_MOST))
        return report_refused(cx, from, "'%.*s' is an RSA key of %d bits, not of %d to %d",
                              STR(key->name), bits, RSA_LEAST, RSA_MOST);
    return true;
}

struct public_key *public_key_read(struct context *cx, str der, str name, struct pos from)
{
    unsigned char id[SHA256_SIZE];
    const unsigned char *at = (const unsigned char *)der.at;
    if (!library_open(cx, &library))
        return NULL;
    struct public_key *key = NEW(cx->arena, struct public_key);
    key->handle = crypto.read(NULL, &at, (long)der.len);
    if (!key->handle || at != (const unsigned char *)der.at + der.len) {
        crypto.free(key->handle);
        report_refused(cx, from, "'%.*s' is no public key", STR(name));
        return NULL;
    }
    arena_defer(cx->arena, free_key, key->handle);
    key->name = name;
    key->der = der;
    digest_sha256(der, id);
    key->id = (str){ arena_copy(cx->arena, id, sizeof id), sizeof id };
    return accept(cx, key, from) ? key : NULL;
}

struct public_key *public_key_pem(struct context *cx, str pem, str name, struct pos from)
{
    struct pem block;
    if (!pem_decode(cx->arena, pem, &block)) {
        report_refused(cx, from, "'%.*s' is no public key: it has no PEM block", STR(name));
        return NULL;
    }
    if (str_eq(block.type, S("PUBLIC KEY")))
        return public_key_read(cx, block.der, name, from);
    if (str_eq(block.type, S("CERTIFICATE"))) {
        struct certificate *c = certificate_read(cx, block.der, name, from);
        return c ? c->key : NULL;
    }
    report_refused(cx, from, "'%.*s' is no public key but '%.*s'", STR(name), STR(block.type));
    if (str_has(block.type, S("PRIVATE")))
        hint(cx, NOWHERE, "a private key belongs to whoever signs, and nowhere else");
    return NULL;
}

static bool verifies(const struct public_key *key, const struct scheme *how, str bytes,
                     str signature)
{
    bool ok = false;
    EVP_PKEY_CTX *parameters = NULL;
    const EVP_MD *digest = how->digest ? crypto.digest(how->digest) : NULL;
    EVP_MD_CTX *ctx = crypto.begin();
    if (!ctx || (how->digest && !digest)
        || crypto.verify_init(ctx, &parameters, digest, NULL, key->handle) != 1)
        goto out;
    if (how->padding && crypto.padding(parameters, how->padding) != 1)
        goto out;
    ok = crypto.verify(ctx, (const unsigned char *)signature.at, signature.len,
                       (const unsigned char *)bytes.at, bytes.len)
         == 1;
out:
    crypto.end(ctx);
    return ok;
}

bool public_key_verifies(const struct public_key *key, str bytes, str signature)
{
    for (int i = 0; i < key->kind->count; i++) {
        if (verifies(key, &key->kind->schemes[i], bytes, signature))
            return true;
    }
    return false;
}
