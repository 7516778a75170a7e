/* Certificates (OpenSSL). */
#include "promote/certificate.h"

#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "render/base/buf.h"
#include "render/base/digest.h"
#include "render/base/library.h"
#include "render/template/pem.h"

enum { CERTIFICATES_MOST = 10 };

struct x509_calls {
    __typeof__(d2i_X509) *read;
    __typeof__(X509_free) *free;
    __typeof__(X509_dup) *copy;
    __typeof__(X509_get_X509_PUBKEY) *public_key;
    __typeof__(i2d_X509_PUBKEY) *print_public_key;
    __typeof__(i2d_re_X509_tbs) *print_inner;
    __typeof__(CRYPTO_free) *free_bytes;
    __typeof__(X509_get_extended_key_usage) *extended_usage;
    __typeof__(X509_check_ca) *is_authority;
    __typeof__(X509_get_ext_by_OBJ) *find_extension;
    __typeof__(X509_get_ext) *extension;
    __typeof__(X509_delete_ext) *delete_extension;
    __typeof__(X509_EXTENSION_free) *extension_free;
    __typeof__(X509_EXTENSION_get_data) *extension_data;
    __typeof__(X509_get_ext_d2i) *extension_read;
    __typeof__(OBJ_txt2obj) *object;
    __typeof__(ASN1_OBJECT_free) *object_free;
    __typeof__(OBJ_cmp) *object_compare;
    __typeof__(GENERAL_NAMES_free) *names_free;
    __typeof__(GENERAL_NAME_get0_value) *name_value;
    __typeof__(GENERAL_NAME_get0_otherName) *other_name;
    __typeof__(ASN1_STRING_get0_data) *string_data;
    __typeof__(ASN1_STRING_length) *string_length;
    __typeof__(OPENSSL_sk_new_null) *stack_new;
    __typeof__(OPENSSL_sk_free) *stack_free;
    __typeof__(OPENSSL_sk_push) *stack_push;
    __typeof__(OPENSSL_sk_num) *stack_length;
    __typeof__(OPENSSL_sk_value) *stack_at;
    __typeof__(X509_STORE_new) *store_new;
    __typeof__(X509_STORE_free) *store_free;
    __typeof__(X509_STORE_add_cert) *store_add;
    __typeof__(X509_STORE_CTX_new) *verify_new;
    __typeof__(X509_STORE_CTX_free) *verify_free;
    __typeof__(X509_STORE_CTX_init) *verify_init;
    __typeof__(X509_STORE_CTX_set_time) *verify_at;
    __typeof__(X509_STORE_CTX_set_flags) *verify_flags;
    __typeof__(X509_verify_cert) *verify;
    __typeof__(X509_STORE_CTX_get_error) *verify_error;
    __typeof__(X509_STORE_CTX_get0_chain) *chain;
    __typeof__(X509_verify_cert_error_string) *error_text;
};

static struct x509_calls crypto;

#define CALL(member, symbol) LIBRARY_SYMBOL(struct x509_calls, member, symbol)

static const struct library_symbol symbols[] = {
    CALL(read, d2i_X509),
    CALL(free, X509_free),
    CALL(copy, X509_dup),
    CALL(public_key, X509_get_X509_PUBKEY),
    CALL(print_public_key, i2d_X509_PUBKEY),
    CALL(print_inner, i2d_re_X509_tbs),
    CALL(free_bytes, CRYPTO_free),
    CALL(extended_usage, X509_get_extended_key_usage),
    CALL(is_authority, X509_check_ca),
    CALL(find_extension, X509_get_ext_by_OBJ),
    CALL(extension, X509_get_ext),
    CALL(delete_extension, X509_delete_ext),
    CALL(extension_free, X509_EXTENSION_free),
    CALL(extension_data, X509_EXTENSION_get_data),
    CALL(extension_read, X509_get_ext_d2i),
    CALL(object, OBJ_txt2obj),
    CALL(object_free, ASN1_OBJECT_free),
    CALL(object_compare, OBJ_cmp),
    CALL(names_free, GENERAL_NAMES_free),
    CALL(name_value, GENERAL_NAME_get0_value),
    CALL(other_name, GENERAL_NAME_get0_otherName),
    CALL(string_data, ASN1_STRING_get0_data),
    CALL(string_length, ASN1_STRING_length),
    CALL(stack_new, OPENSSL_sk_new_null),
    CALL(stack_free, OPENSSL_sk_free),
    CALL(stack_push, OPENSSL_sk_push),
    CALL(stack_length, OPENSSL_sk_num),
    CALL(stack_at, OPENSSL_sk_value),
    CALL(store_new, X509_STORE_new),
    CALL(store_free, X509_STORE_free),
    CALL(store_add, X509_STORE_add_cert),
    CALL(verify_new, X509_STORE_CTX_new),
    CALL(verify_free, X509_STORE_CTX_free),
    CALL(verify_init, X509_STORE_CTX_init),
    CALL(verify_at, X509_STORE_CTX_set_time),
    CALL(verify_flags, X509_STORE_CTX_set_flags),
    CALL(verify, X509_verify_cert),
    CALL(verify_error, X509_STORE_CTX_get_error),
    CALL(chain, X509_STORE_CTX_get0_chain),
    CALL(error_text, X509_verify_cert_error_string),
};

static struct library library = { LIBRARY("libcrypto.so.3", "libssl3", symbols, &crypto) };

/* Fulcio's, and those of RFC 6962 and RFC 5280. */
static const char *const oid_timestamps = "1.3.6.1.4.1.11129.2.4.2";
static const char *const oid_user_name = "1.3.6.1.4.1.57264.1.7";

enum { DER_OCTETS = 0x04, DER_UTF8 = 0x0c };

/* The value of the one element that a text of DER is; false when it is something else. */
static bool der_value(str der, unsigned char tag, str *value)
{
    const unsigned char *at = (const unsigned char *)der.at;
    if (der.len < 2 || at[0] != tag)
        return false;
    size_t head = 2, len = at[1];
    if (len >= 0x80) {
        size_t bytes = len & 0x7f;
        if (bytes < 1 || bytes > 3 || der.len < 2 + bytes)
            return false;
        for (len = 0; head < 2 + bytes; head++)
            len = len << 8 | at[head];
    }
    *value = str_skip(der, head);
    return value->len == len;
}

static str string_of(const ASN1_STRING *s)
{
    int len = s ? crypto.string_length(s) : 0;
    return len > 0 ? (str){ (const char *)crypto.string_data(s), (size_t)len } : S("");
}

/* Reading. */

static void free_certificate(void *handle)
{
    crypto.free(handle);
}

static struct public_key *key_of(struct context *cx, const struct certificate *c, struct pos from)
{
    unsigned char *bytes = NULL;
    int len = crypto.print_public_key(crypto.public_key(c->handle), &bytes);
    if (len <= 0) {
        report_refused(cx, from, "'%.*s' is a certificate without a key", STR(c->name));
        return NULL;
    }
    str der = { arena_copy(cx->arena, bytes, (size_t)len), (size_t)len };
    crypto.free_bytes(bytes, NULL, 0);
    return public_key_read(cx, der, c->name, from);
}

struct certificate *certificate_read(struct context *cx, str der, str name, struct pos from)
{
    const unsigned char *at = (const unsigned char *)der.at;
    if (!library_open(cx, &library))
        return NULL;
    struct certificate *c = NEW(cx->arena, struct certificate);
    c->name = name;
    c->der = der;
    c->handle = crypto.read(NULL, &at, (long)der.len);
    if (!c->handle || at != (const unsigned char *)der.at + der.len) {
        crypto.free(c->handle);
        report_refused(cx, from, "'%.*s' is no certificate", STR(name));
        return NULL;
    }
    arena_defer(cx->arena, free_certificate, c->handle);
    c->key = key_of(cx, c, from);
    return c->key ? c : NULL;
}

void certificates_add(struct context *cx, struct certificates *list, struct certificate *c)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = c;
}

bool certificates_pem(struct context *cx, str pem, str name, struct pos from,
                      struct certificates *out)
{
    static const str end = { "-----END CERTIFICATE-----", 25 };
    struct pem block;
    while (out->len < CERTIFICATES_MOST) {
        ptrdiff_t after = str_find(pem, end);
        if (after < 0)
            return true;
        str one = str_slice(pem, 0, (size_t)after + end.len);
        pem = str_skip(pem, one.len);
        if (!pem_decode(cx->arena, one, &block))
            return report_refused(cx, from, "'%.*s' is no certificate", STR(name));
        struct certificate *c = certificate_read(cx, block.der, name, from);
        if (!c)
            return false;
        certificates_add(cx, out, c);
    }
    return report_refused(cx, from, "'%.*s' has more than %d certificates", STR(name),
                          CERTIFICATES_MOST);
}

/* Chains. */

static struct certificate *find_handle(const struct certificates *list, const void *handle)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (list->at[i]->handle == handle)
            return list->at[i];
    }
    return NULL;
}

/* Only the authority's last certificate is trusted; the others are links, whoever sent them. */
static void push_links(OPENSSL_STACK *links, const struct certificates *list, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        crypto.stack_push(links, list->at[i]->handle);
}

static const char *verify_chain(const struct certificate *leaf, const struct certificates *between,
                                const struct certificates *authority, int64_t time,
                                struct certificate **issuer)
{
    const char *why = "OpenSSL has no memory";
    X509_STORE *store = crypto.store_new();
    X509_STORE_CTX *ctx = crypto.verify_new();
    OPENSSL_STACK *links = crypto.stack_new();
    if (!store || !ctx || !links
        || !crypto.store_add(store, authority->at[authority->len - 1]->handle))
        goto out;
    push_links(links, between, between->len);
    push_links(links, authority, authority->len - 1);
    if (!crypto.verify_init(ctx, store, leaf->handle, (STACK_OF(X509) *)links))
        goto out;
    crypto.verify_flags(ctx, X509_V_FLAG_PARTIAL_CHAIN);
    crypto.verify_at(ctx, 0, (time_t)time);
    if (crypto.verify(ctx) != 1) {
        why = crypto.error_text(crypto.verify_error(ctx));
        goto out;
    }
    const OPENSSL_STACK *chain = (const OPENSSL_STACK *)crypto.chain(ctx);
    const void *second = crypto.stack_length(chain) > 1 ? crypto.stack_at(chain, 1) : NULL;
    *issuer = find_handle(authority, second);
    if (!*issuer)
        *issuer = find_handle(between, second);
    why = *issuer ? NULL : "it is its own authority";
out:
    crypto.stack_free(links);
    crypto.verify_free(ctx);
    crypto.store_free(store);
    return why;
}

bool certificate_chain(struct context *cx, const struct certificate *leaf,
                       const struct certificates *between, const struct certificates *authority,
                       int64_t time, struct certificate **issuer)
{
    *issuer = NULL;
    if (!authority->len)
        return report_refused(cx, NOWHERE, "an authority has no certificate");
    const char *why = verify_chain(leaf, between, authority, time, issuer);
    if (why)
        return report_refused(cx, NOWHERE, "its certificate does not hold under '%.*s': %s",
                              STR(authority->at[0]->name), why);
    if (crypto.is_authority(leaf->handle))
        return report_refused(cx, NOWHERE, "its certificate is an authority's");
    uint32_t usage = crypto.extended_usage(leaf->handle);
    if (usage == UINT32_MAX || !(usage & XKU_CODE_SIGN))
        return report_refused(cx, NOWHERE, "its certificate is not for signing code");
    return true;
}

/* Extensions. */

static const ASN1_OCTET_STRING *find_extension(X509 *x, const char *oid, int *at)
{
    ASN1_OBJECT *object = crypto.object(oid, 1);
    *at = object ? crypto.find_extension(x, object, -1) : -1;
    crypto.object_free(object);
    return *at < 0 ? NULL : crypto.extension_data(crypto.extension(x, *at));
}

str certificate_extension(const struct certificate *c, const char *oid)
{
    int at;
    str bytes = string_of(find_extension(c->handle, oid, &at)), text;
    return der_value(bytes, DER_UTF8, &text) ? text : bytes;
}

static str user_name(const GENERAL_NAME *name)
{
    ASN1_OBJECT *kind = NULL, *wanted = crypto.object(oid_user_name, 1);
    ASN1_TYPE *value = NULL;
    str text = S("");
    if (wanted && crypto.other_name(name, &kind, &value) && crypto.object_compare(kind, wanted) == 0
        && value && value->type == V_ASN1_UTF8STRING)
        text = string_of(value->value.utf8string);
    crypto.object_free(wanted);
    return text;
}

bool certificate_identity(struct context *cx, const struct certificate *c, str *out)
{
    int kind;
    str found = S("");
    GENERAL_NAMES *names = crypto.extension_read(c->handle, NID_subject_alt_name, NULL, NULL);
    const OPENSSL_STACK *stack = (const OPENSSL_STACK *)names;
    int len = names ? crypto.stack_length(stack) : 0;
    if (len == 1) {
        const GENERAL_NAME *name = crypto.stack_at(stack, 0);
        const ASN1_STRING *value = crypto.name_value(name, &kind);
        if (kind == GEN_URI || kind == GEN_EMAIL)
            found = string_of(value);
        else if (kind == GEN_OTHERNAME)
            found = user_name(name);
    }
    *out = str_dup(cx->arena, found);
    crypto.names_free(names);
    if (out->len)
        return true;
    return report_refused(cx, NOWHERE, "its certificate names %d identities%s, not one", len,
                          len == 1 ? " of a kind that is not known" : "");
}

/* Signed certificate timestamps (RFC 6962). */

static bool take(str *rest, size_t n, str *out)
{
    if (rest->len < n)
        return false;
    *out = str_slice(*rest, 0, n);
    *rest = str_skip(*rest, n);
    return true;
}

static bool take_number(str *rest, size_t n, uint64_t *out)
{
    str bytes;
    *out = 0;
    if (!take(rest, n, &bytes))
        return false;
    for (size_t i = 0; i < n; i++)
        *out = *out << 8 | (unsigned char)bytes.at[i];
    return true;
}

/* A length of two bytes, and that much. */
static bool take_vector(str *rest, str *out)
{
    uint64_t len;
    return take_number(rest, 2, &len) && take(rest, len, out);
}

struct precertificate {
    str issuer; /* its key's id */
    str inner;
};

/* What the log has seen: the certificate before the log's answer was put into it. */
static bool inner_without_timestamps(struct context *cx, const struct certificate *leaf, str *out)
{
    int at;
    unsigned char *bytes = NULL;
    X509 *copy = crypto.copy(leaf->handle);
    bool ok = copy && find_extension(copy, oid_timestamps, &at);
    if (ok) {
        crypto.extension_free(crypto.delete_extension(copy, at));
        int len = crypto.print_inner(copy, &bytes);
        ok = len > 0;
        if (ok)
            *out = (str){ arena_copy(cx->arena, bytes, (size_t)len), (size_t)len };
        crypto.free_bytes(bytes, NULL, 0);
    }
    crypto.free(copy);
    return ok;
}

static void put_number(struct buf *b, uint64_t n, int bytes)
{
    while (bytes--)
        buf_char(b, (char)(n >> (8 * bytes)));
}

static bool read_timestamp(struct context *cx, str one, const struct precertificate *pre,
                           struct signed_timestamp *out)
{
    uint64_t version, time, algorithms;
    str extensions;
    struct buf b;
    if (!take_number(&one, 1, &version) || version != 0 || !take(&one, SHA256_SIZE, &out->log)
        || !take_number(&one, 8, &time) || !take_vector(&one, &extensions)
        || !take_number(&one, 2, &algorithms) || !take_vector(&one, &out->signature) || one.len)
        return false;
    buf_init(&b, cx->arena, pre->inner.len + extensions.len + 64);
    put_number(&b, 0, 2); /* version 1, the timestamp of a certificate */
    put_number(&b, time, 8);
    put_number(&b, 1, 2); /* of one that was not issued yet */
    buf_str(&b, pre->issuer);
    put_number(&b, pre->inner.len, 3);
    buf_str(&b, pre->inner);
    put_number(&b, extensions.len, 2);
    buf_str(&b, extensions);
    out->bytes = buf_take(&b);
    out->time = (int64_t)(time / 1000);
    return true;
}

bool certificate_timestamps(struct context *cx, const struct certificate *leaf,
                            const struct certificate *issuer, struct signed_timestamps *out)
{
    int at;
    struct precertificate pre = { .issuer = issuer->key->id };
    str list, one, rest;
    *out = (struct signed_timestamps){ 0 };
    const ASN1_OCTET_STRING *data = find_extension(leaf->handle, oid_timestamps, &at);
    if (!data)
        return true;
    bool ok = der_value(string_of(data), DER_OCTETS, &rest) && take_vector(&rest, &list)
              && !rest.len && inner_without_timestamps(cx, leaf, &pre.inner);
    while (ok && list.len) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        ok = take_vector(&list, &one) && read_timestamp(cx, one, &pre, &out->at[out->len]);
        out->len += ok;
    }
    return ok || report_refused(cx, NOWHERE, "its certificate has malformed timestamps of a log");
}
