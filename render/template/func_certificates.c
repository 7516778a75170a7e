/* Private keys and X.509 certificates (OpenSSL), with the extensions that Go writes, in its order.
 *
 * A certificate's key identifier is the first 20 bytes of its public key's SHA-256; only an
 * authority has one, and only what another signed names its signer's. */
#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "render/base/digest.h"
#include "render/base/encode.h"
#include "render/base/library.h"
#include "render/base/quote.h"
#include "render/template/cast.h"
#include "render/template/keys.h"
#include "render/template/pem.h"
#include "render/template/random.h"

struct x509_calls {
    __typeof__(X509_new) *make;
    __typeof__(X509_free) *free;
    __typeof__(d2i_X509) *read;
    __typeof__(i2d_X509) *print;
    __typeof__(X509_set_version) *set_version;
    __typeof__(X509_get_serialNumber) *serial;
    __typeof__(ASN1_STRING_set) *string_set;
    __typeof__(ASN1_STRING_get0_data) *string_data;
    __typeof__(ASN1_STRING_length) *string_length;
    __typeof__(ASN1_OCTET_STRING_new) *octets_new;
    __typeof__(ASN1_OCTET_STRING_free) *octets_free;
    __typeof__(ASN1_TIME_set) *time_set;
    __typeof__(X509_getm_notBefore) *not_before;
    __typeof__(X509_getm_notAfter) *not_after;
    __typeof__(X509_get_subject_name) *subject;
    __typeof__(X509_get_issuer_name) *issuer;
    __typeof__(X509_set_issuer_name) *set_issuer;
    __typeof__(X509_NAME_add_entry_by_NID) *name_add;
    __typeof__(X509_NAME_cmp) *name_compare;
    __typeof__(X509_set_pubkey) *set_public_key;
    __typeof__(X509_get0_pubkey_bitstr) *public_key_bits;
    __typeof__(X509_get0_subject_key_id) *subject_key_id;
    __typeof__(X509_EXTENSION_create_by_NID) *extension_new;
    __typeof__(X509_EXTENSION_free) *extension_free;
    __typeof__(X509_add_ext) *add_extension;
    __typeof__(X509_check_private_key) *check_key;
    __typeof__(X509_sign) *sign;
    __typeof__(EVP_PKEY_get_base_id) *key_kind;
    __typeof__(EVP_PKEY_get_bits) *key_bits;
    __typeof__(EVP_get_digestbyname) *digest;
};

static struct x509_calls crypto;

static const struct library_symbol symbols[] = {
    LIBRARY_SYMBOL(struct x509_calls, make, X509_new),
    LIBRARY_SYMBOL(struct x509_calls, free, X509_free),
    LIBRARY_SYMBOL(struct x509_calls, read, d2i_X509),
    LIBRARY_SYMBOL(struct x509_calls, print, i2d_X509),
    LIBRARY_SYMBOL(struct x509_calls, set_version, X509_set_version),
    LIBRARY_SYMBOL(struct x509_calls, serial, X509_get_serialNumber),
    LIBRARY_SYMBOL(struct x509_calls, string_set, ASN1_STRING_set),
    LIBRARY_SYMBOL(struct x509_calls, string_data, ASN1_STRING_get0_data),
    LIBRARY_SYMBOL(struct x509_calls, string_length, ASN1_STRING_length),
    LIBRARY_SYMBOL(struct x509_calls, octets_new, ASN1_OCTET_STRING_new),
    LIBRARY_SYMBOL(struct x509_calls, octets_free, ASN1_OCTET_STRING_free),
    LIBRARY_SYMBOL(struct x509_calls, time_set, ASN1_TIME_set),
    LIBRARY_SYMBOL(struct x509_calls, not_before, X509_getm_notBefore),
    LIBRARY_SYMBOL(struct x509_calls, not_after, X509_getm_notAfter),
    LIBRARY_SYMBOL(struct x509_calls, subject, X509_get_subject_name),
    LIBRARY_SYMBOL(struct x509_calls, issuer, X509_get_issuer_name),
    LIBRARY_SYMBOL(struct x509_calls, set_issuer, X509_set_issuer_name),
    LIBRARY_SYMBOL(struct x509_calls, name_add, X509_NAME_add_entry_by_NID),
    LIBRARY_SYMBOL(struct x509_calls, name_compare, X509_NAME_cmp),
    LIBRARY_SYMBOL(struct x509_calls, set_public_key, X509_set_pubkey),
    LIBRARY_SYMBOL(struct x509_calls, public_key_bits, X509_get0_pubkey_bitstr),
    LIBRARY_SYMBOL(struct x509_calls, subject_key_id, X509_get0_subject_key_id),
    LIBRARY_SYMBOL(struct x509_calls, extension_new, X509_EXTENSION_create_by_NID),
    LIBRARY_SYMBOL(struct x509_calls, extension_free, X509_EXTENSION_free),
    LIBRARY_SYMBOL(struct x509_calls, add_extension, X509_add_ext),
    LIBRARY_SYMBOL(struct x509_calls, check_key, X509_check_private_key),
    LIBRARY_SYMBOL(struct x509_calls, sign, X509_sign),
    LIBRARY_SYMBOL(struct x509_calls, key_kind, EVP_PKEY_get_base_id),
    LIBRARY_SYMBOL(struct x509_calls, key_bits, EVP_PKEY_get_bits),
    LIBRARY_SYMBOL(struct x509_calls, digest, EVP_get_digestbyname),
};

static struct library library = { LIBRARY("libcrypto.so.3", "libssl3", symbols, &crypto) };

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

/* What a certificate shall say. */
struct wanted {
    str name;
    str alternatives; /* DER: the names and addresses of subjectAltName, each with its tag */
    int64_t days;
    bool authority;
};

static const struct func no_methods[] = { { 0 } };
static const struct object_type certificate_type = { "sprig.certificate", "struct", no_methods };

static struct value certificate(struct call *c, str cert, str key)
{
    struct dict *fields = dict_new(c->arena, 2);
    fields->fixed = true;
    dict_set_text(c->cx, fields, S("Cert"), value_string(cert));
    dict_set_text(c->cx, fields, S("Key"), value_string(key));
    struct object *o = NEW(c->arena, struct object);
    *o = (struct object){ .type = &certificate_type, .plain = value_map(fields) };
    return value_object(o);
}

static str field(struct call *c, struct value certificate, str name)
{
    return value_str(dict_get_text(c->cx, certificate.object->plain.dict, name));
}

static void put_der(struct buf *out, unsigned char tag, str content)
{
    buf_char(out, (char)tag);
    if (content.len >= 0x80) {
        int bytes = content.len > 0xFFFF ? 3 : content.len > 0xFF ? 2 : 1;
        buf_char(out, (char)(0x80 + bytes));
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
            buf_char(out, (char)(content.len >> shift));
    } else {
        buf_char(out, (char)content.len);
    }
    buf_str(out, content);
}

enum { SAN_DNS = 0x82, SAN_IP = 0x87 };

static bool put_addresses(struct call *c, struct buf *out, struct value ips)
{
    static const unsigned char v4_in_v6[12] = { [10] = 0xFF, [11] = 0xFF };
    unsigned char ip[16];
    for (uint32_t i = 0; i < ips.len; i++) {
        str s = cast_text(c->arena, ips.items[i]);
        if (ips.items[i].kind != VALUE_STRING) {
            call_fail(c, "error parsing ip: %.*s is not a string", STR(s));
            return false;
        }
        const char *z = str_cstr(c->arena, s);
        bool nul = strlen(z) != s.len;
        size_t n = !nul && inet_pton(AF_INET, z, ip) == 1    ? 4
                   : !nul && inet_pton(AF_INET6, z, ip) == 1 ? 16
                                                             : 0;
        if (!n) {
            call_fail(c, "error parsing ip: %.*s", STR(s));
            return false;
        }
        bool mapped = n == 16 && !memcmp(ip, v4_in_v6, sizeof v4_in_v6);
        put_der(out, SAN_IP, (str){ (char *)ip + (mapped ? 12 : 0), mapped ? 4 : n });
    }
    return true;
}

static bool put_names(struct call *c, struct buf *out, struct value names)
{
    for (uint32_t i = 0; i < names.len; i++) {
        str s = cast_text(c->arena, names.items[i]);
        if (names.items[i].kind != VALUE_STRING) {
            call_fail(c, "error processing alternate dns name: %.*s is not a string", STR(s));
            return false;
        }
        put_der(out, SAN_DNS, s);
    }
    for (uint32_t i = 0; i < names.len; i++) {
        str s = value_str(names.items[i]);
        for (size_t at = 0; at < s.len; at++) {
            if ((unsigned char)s.at[at] < 0x80)
                continue;
            call_fail(c, "error creating certificate: x509: %.*s cannot be encoded as an IA5String",
                      STR(quoted(c->arena, s)));
            return false;
        }
    }
    return true;
}

/* Arguments 0 to 3 of most functions: name, addresses, names, days. */
static bool take_wanted(struct call *c, struct wanted *w)
{
    struct buf names, ips;
    buf_init(&names, c->arena, 64);
    buf_init(&ips, c->arena, 64);
    *w = (struct wanted){ .name = text(c, 0), .days = c->args[3].i };
    if (!put_addresses(c, &ips, c->args[1]) || !put_names(c, &names, c->args[2]))
        return false;
    buf_str(&names, buf_view(&ips));
    w->alternatives = buf_take(&names);
    return true;
}

static bool add_extension(X509 *x, int nid, bool critical, str der)
{
    ASN1_OCTET_STRING *octets = crypto.octets_new();
    X509_EXTENSION *e = NULL;
    bool ok = octets && crypto.string_set(octets, der.at, (int)der.len)
              && (e = crypto.extension_new(NULL, nid, critical, octets))
              && crypto.add_extension(x, e, -1);
    crypto.extension_free(e);
    crypto.octets_free(octets);
    return ok;
}

static bool add_key_identifier(struct call *c, X509 *x)
{
    unsigned char digest[SHA256_SIZE];
    const ASN1_BIT_STRING *bits = crypto.public_key_bits(x);
    digest_sha256(
        (str){ (const char *)crypto.string_data(bits), (size_t)crypto.string_length(bits) },
        digest);
    struct buf der;
    buf_init(&der, c->arena, 32);
    put_der(&der, 0x04, (str){ (char *)digest, 20 });
    return add_extension(x, NID_subject_key_identifier, false, buf_view(&der));
}

/* That of the signer, when it is another and has one. */
static bool add_signer_identifier(struct call *c, X509 *x, X509 *signer)
{
    const ASN1_OCTET_STRING *id = signer == x ? NULL : crypto.subject_key_id(signer);
    struct buf inner, der;
    if (!id || crypto.name_compare(crypto.subject(x), crypto.issuer(x)) == 0)
        return true;
    buf_init(&inner, c->arena, 64);
    buf_init(&der, c->arena, 64);
    put_der(&inner, 0x80,
            (str){ (const char *)crypto.string_data(id), (size_t)crypto.string_length(id) });
    put_der(&der, 0x30, buf_view(&inner));
    return add_extension(x, NID_authority_key_identifier, false, buf_view(&der));
}

static bool add_alternatives(struct call *c, X509 *x, const struct wanted *w)
{
    struct buf der;
    if (!w->alternatives.len)
        return true;
    buf_init(&der, c->arena, w->alternatives.len + 8);
    put_der(&der, 0x30, w->alternatives);
    return add_extension(x, NID_subject_alt_name, w->name.len == 0, buf_view(&der));
}

static bool add_extensions(struct call *c, X509 *x, X509 *signer, const struct wanted *w)
{
    /* digitalSignature and keyEncipherment; for an authority keyCertSign, too */
    str usage = w->authority ? S("\x03\x02\x02\xA4") : S("\x03\x02\x05\xA0");
    str purposes = S("\x30\x14"
                     "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x01"   /* serverAuth */
                     "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x02"); /* clientAuth */
    str constraints = w->authority ? S("\x30\x03\x01\x01\xFF") : S("\x30\x00");
    return add_extension(x, NID_key_usage, true, usage)
           && add_extension(x, NID_ext_key_usage, false, purposes)
           && add_extension(x, NID_basic_constraints, true, constraints)
           && (!w->authority || add_key_identifier(c, x)) && add_signer_identifier(c, x, signer)
           && add_alternatives(c, x, w);
}

/* A name is a PrintableString when it can be, else UTF-8. */
static bool is_printable(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char ch = s.at[i];
        bool alnum =
            (ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
        if (!alnum && !str_has_char(S(" '()+,-./:=?"), ch))
            return false;
    }
    return true;
}

static bool set_name(X509 *x, str name)
{
    if (!name.len)
        return true;
    int type = is_printable(name) ? V_ASN1_PRINTABLESTRING : V_ASN1_UTF8STRING;
    return crypto.name_add(crypto.subject(x), NID_commonName, type, (const unsigned char *)name.at,
                           (int)name.len, -1, 0);
}

/* From now on; so many days are reckoned in nanoseconds of 64 bits, which wrap around. */
static bool set_times(struct call *c, X509 *x, int64_t days)
{
    time_t now = c->cx->switches.deterministic ? (time_t)c->cx->now : time(NULL);
    int64_t span = (int64_t)((uint64_t)days * 86400 * 1000000000);
    return crypto.time_set(crypto.not_before(x), now)
           && crypto.time_set(crypto.not_after(x), now + (time_t)(span / 1000000000));
}

static bool set_serial(struct call *c, X509 *x)
{
    unsigned char bytes[16];
    size_t zeros = 0;
    if (!random_bytes(c, bytes, sizeof bytes))
        return false;
    while (zeros < 15 && bytes[zeros] == 0)
        zeros++;
    return crypto.string_set(crypto.serial(x), bytes + zeros, (int)(sizeof bytes - zeros));
}

static bool sign(struct call *c, X509 *x, EVP_PKEY *key)
{
    const char *digest = "sha256";
    if (crypto.key_kind(key) == EVP_PKEY_EC && crypto.key_bits(key) > 256)
        digest = crypto.key_bits(key) > 384 ? "sha512" : "sha384";
    bool itself = crypto.key_kind(key) == EVP_PKEY_ED25519;
    keys_begin_chance(c);
    bool ok = crypto.sign(x, key, itself ? NULL : crypto.digest(digest)) > 0;
    keys_end_chance(c);
    return ok;
}

static str print_certificate(struct call *c, X509 *x)
{
    int n = crypto.print(x, NULL);
    unsigned char *der = arena_alloc(c->arena, n > 0 ? (size_t)n : 1), *end = der;
    if (n > 0)
        crypto.print(x, &end);
    return pem_encode(c->arena, S("CERTIFICATE"), (str){ (char *)der, (size_t)(end - der) });
}

static void free_certificate(void *x)
{
    crypto.free(x);
}

/* A certificate for `key`, signed by itself when there is no signer. */
static struct value issue(struct call *c, const struct wanted *w, EVP_PKEY *key, X509 *signer,
                          EVP_PKEY *signer_key)
{
    if (crypto.key_kind(signer_key) == EVP_PKEY_DSA)
        return call_fail(c, "error creating certificate: x509: certificate private key does not "
                            "implement crypto.Signer");
    if (crypto.key_kind(key) == EVP_PKEY_DSA)
        return call_fail(c, "error creating certificate: x509: unsupported public key type: "
                            "*dsa.PublicKey");
    if (signer && !crypto.check_key(signer, signer_key))
        return call_fail(c, "error creating certificate: x509: provided PrivateKey doesn't match "
                            "parent's PublicKey");
    X509 *x = crypto.make();
    if (x)
        arena_defer(c->cx->scratch, free_certificate, x);
    signer = signer ? signer : x;
    bool ok = x && crypto.set_version(x, 2) && set_serial(c, x) && set_times(c, x, w->days)
              && set_name(x, w->name) && crypto.set_issuer(x, crypto.subject(signer))
              && crypto.set_public_key(x, key) && add_extensions(c, x, signer, w)
              && sign(c, x, signer_key);
    if (ok)
        return certificate(c, print_certificate(c, x), key_print(c, key));
    if (!c->cx->diags.errors)
        report_surroundings(c->cx, c->pos, "OpenSSL does not make this certificate");
    return call_stop(c);
}

static X509 *read_certificate(struct call *c, str der)
{
    const unsigned char *at = (const unsigned char *)der.at;
    X509 *x = crypto.read(NULL, &at, (long)der.len);
    if (x)
        arena_defer(c->cx->scratch, free_certificate, x);
    return x;
}

/* Every function here runs between these two: what OpenSSL made goes with the scratch arena. */
static struct value within(struct call *c, struct value (*make)(struct call *c))
{
    struct mark before = arena_mark(c->cx->scratch);
    struct value v = library_open(c->cx, &library) ? make(c) : call_stop(c);
    arena_rewind(c->cx->scratch, before);
    return v;
}

/* The private key that is given as an argument, or a new one. */
static EVP_PKEY *take_key(struct call *c, uint32_t at)
{
    str why;
    if (at >= c->count)
        return key_make(c, "rsa", 2048);
    EVP_PKEY *key = key_read(c, text(c, at), &why);
    if (!key)
        call_fail(c, "parsing private key: %.*s", STR(why));
    return key;
}

static struct value make_private_key(struct call *c)
{
    str kind = text(c, 0);
    static const char *const kinds[] = { "rsa", "dsa", "ecdsa", "ed25519" };
    for (size_t i = 0; i < countof(kinds); i++) {
        if (!str_eq(kind.len ? kind : S("rsa"), str_from(kinds[i])))
            continue;
        EVP_PKEY *key = key_make(c, kinds[i], 4096);
        return key ? value_string(key_print(c, key)) : NIL;
    }
    return value_string(str_concat(c->arena, S("Unknown type "), kind));
}

static struct value make_authority(struct call *c)
{
    struct wanted w = { .name = text(c, 0), .days = c->args[1].i, .authority = true };
    EVP_PKEY *key = take_key(c, 2);
    return key ? issue(c, &w, key, NULL, key) : NIL;
}

static struct value make_self_signed(struct call *c)
{
    struct wanted w;
    EVP_PKEY *key = take_key(c, 4);
    if (!key || !take_wanted(c, &w))
        return NIL;
    return issue(c, &w, key, NULL, key);
}

static struct value make_signed(struct call *c)
{
    struct wanted w;
    struct pem pem;
    str why;
    EVP_PKEY *key = take_key(c, 5);
    if (!key)
        return NIL;
    if (!pem_decode(c->arena, field(c, c->args[4], S("Cert")), &pem))
        return call_fail(c, "unable to decode certificate");
    X509 *signer = read_certificate(c, pem.der);
    if (!signer)
        return call_fail(c, "error parsing certificate: decodedSignerCert.Bytes: x509: malformed "
                            "certificate");
    EVP_PKEY *signer_key = key_read(c, field(c, c->args[4], S("Key")), &why);
    if (!signer_key)
        return call_fail(c, "error parsing private key: %.*s", STR(why));
    return take_wanted(c, &w) ? issue(c, &w, key, signer, signer_key) : NIL;
}

static struct value make_custom(struct call *c)
{
    str cert, key, why;
    struct pem pem;
    if (!decode_base64(c->arena, BASE64_STD, text(c, 0), &cert))
        return call_fail(c, "unable to decode base64 certificate");
    if (!decode_base64(c->arena, BASE64_STD, text(c, 1), &key))
        return call_fail(c, "unable to decode base64 private key");
    if (!pem_decode(c->arena, cert, &pem))
        return call_fail(c, "unable to decode certificate");
    if (!read_certificate(c, pem.der))
        return call_fail(c, "error parsing certificate: decodedCert.Bytes: x509: malformed "
                            "certificate");
    if (!key_read(c, key, &why))
        return call_fail(c, "error parsing private key: %.*s", STR(why));
    return certificate(c, cert, key);
}

static struct value gen_private_key(struct call *c)
{
    return within(c, make_private_key);
}

static struct value gen_ca(struct call *c)
{
    return within(c, make_authority);
}

static struct value gen_self_signed(struct call *c)
{
    return within(c, make_self_signed);
}

static struct value gen_signed(struct call *c)
{
    return within(c, make_signed);
}

static struct value build_custom(struct call *c)
{
    return within(c, make_custom);
}

const struct func certificate_funcs[] = {
    { "buildCustomCert", "ss", build_custom },
    { "genCA", "si", gen_ca },
    { "genCAWithKey", "sis", gen_ca },
    { "genPrivateKey", "s", gen_private_key },
    { "genSelfSignedCert", "slli", gen_self_signed },
    { "genSelfSignedCertWithKey", "sllis", gen_self_signed },
    { "genSignedCert", "sllic", gen_signed },
    { "genSignedCertWithKey", "sllics", gen_signed },
    { 0 },
};
