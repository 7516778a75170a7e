/* Hashes, passwords and AES (OpenSSL, libxcrypt).
 *
 * bcrypt is Go's: cost 10, the prefix $2a$, at most 72 bytes. AES takes the password itself as
 * its key, cut or filled up with zeros to 32 bytes, and puts the random start in front. */
#include <crypt.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "render/base/digest.h"
#include "render/base/encode.h"
#include "render/base/library.h"
#include "render/template/func.h"
#include "render/template/random.h"

struct crypto_calls {
    __typeof__(EVP_CIPHER_CTX_new) *cipher_new;
    __typeof__(EVP_CIPHER_CTX_free) *cipher_free;
    __typeof__(EVP_CIPHER_CTX_set_padding) *set_padding;
    __typeof__(EVP_CipherInit_ex) *cipher_init;
    __typeof__(EVP_CipherUpdate) *cipher_update;
    __typeof__(EVP_aes_256_cbc) *aes_256_cbc;
    __typeof__(EVP_PBE_scrypt) *scrypt;
    __typeof__(EVP_sha256) *sha256;
    __typeof__(HMAC) *hmac;
};

static struct crypto_calls crypto;

static const struct library_symbol crypto_symbols[] = {
    LIBRARY_SYMBOL(struct crypto_calls, cipher_new, EVP_CIPHER_CTX_new),
    LIBRARY_SYMBOL(struct crypto_calls, cipher_free, EVP_CIPHER_CTX_free),
    LIBRARY_SYMBOL(struct crypto_calls, set_padding, EVP_CIPHER_CTX_set_padding),
    LIBRARY_SYMBOL(struct crypto_calls, cipher_init, EVP_CipherInit_ex),
    LIBRARY_SYMBOL(struct crypto_calls, cipher_update, EVP_CipherUpdate),
    LIBRARY_SYMBOL(struct crypto_calls, aes_256_cbc, EVP_aes_256_cbc),
    LIBRARY_SYMBOL(struct crypto_calls, scrypt, EVP_PBE_scrypt),
    LIBRARY_SYMBOL(struct crypto_calls, sha256, EVP_sha256),
    LIBRARY_SYMBOL(struct crypto_calls, hmac, HMAC),
};

static struct library crypto_library = { LIBRARY("libcrypto.so.3", "libssl3", crypto_symbols,
                                                 &crypto) };

struct crypt_calls {
    __typeof__(crypt_r) *crypt_r;
};

static struct crypt_calls xcrypt;

static const struct library_symbol crypt_symbols[] = {
    LIBRARY_SYMBOL(struct crypt_calls, crypt_r, crypt_r),
};

static struct library crypt_library = { LIBRARY("libcrypt.so.1", "libcrypt1", crypt_symbols,
                                                &xcrypt) };

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

static struct value hex(struct call *c, const unsigned char *bytes, size_t n)
{
    struct buf out;
    buf_init(&out, c->arena, n * 2);
    encode_hex(&out, (str){ (const char *)bytes, n });
    return value_string(buf_take(&out));
}

static struct value sum(struct call *c, const char *name)
{
    unsigned char digest[DIGEST_LARGEST];
    size_t size;
    if (!digest_named(c->cx, name, text(c, 0), digest, &size))
        return call_stop(c);
    return hex(c, digest, size);
}

static struct value sha1sum(struct call *c)
{
    return sum(c, "sha1");
}

static struct value sha512sum(struct call *c)
{
    return sum(c, "sha512");
}

static struct value sha256sum(struct call *c)
{
    unsigned char digest[SHA256_SIZE];
    digest_sha256(text(c, 0), digest);
    return hex(c, digest, sizeof digest);
}

static struct value adler32sum(struct call *c)
{
    return value_string(str_format(c->arena, "%u", digest_adler32(text(c, 0))));
}

/* The salt's 16 bytes in the alphabet of bcrypt, which has no padding. */
static void print_salt(const unsigned char salt[16], char out[22])
{
    static const char letters[] =
        "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    uint32_t bits = 0, have = 0;
    size_t n = 0;
    for (int i = 0; i < 16; i++) {
        bits = bits << 8 | salt[i];
        for (have += 8; have >= 6; have -= 6)
            out[n++] = letters[bits >> (have - 6) & 63];
    }
    out[n] = letters[bits << (6 - have) & 63];
}

/* False after a failure of the call; a sentence instead of a hash is what Sprig gives. */
/* bcrypt and scrypt are made to be slow. */
enum { STEPS_OF_A_HASH = 10 * 1000 * 1000 };

static bool hash_password(struct call *c, str password, str *out)
{
    unsigned char salt[16];
    /* $2a$ has a safeguard in libxcrypt that changes some hashes; Go's are those of $2b$. */
    char setting[] = "$2b$10$..........................";
    if (!call_costs(c, STEPS_OF_A_HASH)) {
        call_stop(c);
        return false;
    }
    if (password.len > 72) {
        *out = S("failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes");
        return true;
    }
    if (memchr(password.len ? password.at : "", 0, password.len)) {
        call_fail(c, "a password with a NUL byte can't be hashed");
        return false;
    }
    if (!library_open(c->cx, &crypt_library) || !random_bytes(c, salt, sizeof salt)) {
        call_stop(c);
        return false;
    }
    print_salt(salt, setting + 7);
    setting[29] = 0;
    struct mark before = arena_mark(c->cx->scratch);
    struct crypt_data *data = NEW(c->cx->scratch, struct crypt_data);
    char *hash = xcrypt.crypt_r(str_cstr(c->cx->scratch, password), setting, data);
    bool ok = hash && strlen(hash) == 60;
    if (ok) {
        hash[2] = 'a';
        *out = str_dup(c->arena, str_from(hash));
    }
    arena_rewind(c->cx->scratch, before);
    if (!ok) {
        report_surroundings(c->cx, c->pos, "libcrypt does not compute bcrypt");
        call_stop(c);
    }
    return ok;
}

static struct value bcrypt(struct call *c)
{
    str hash;
    return hash_password(c, text(c, 0), &hash) ? value_string(hash) : NIL;
}

static struct value htpasswd(struct call *c)
{
    str hash, user = text(c, 0);
    if (str_has_char(user, ':'))
        return value_string(str_format(c->arena, "invalid username: %.*s", STR(user)));
    if (!hash_password(c, text(c, 1), &hash))
        return NIL;
    return value_string(str_format(c->arena, "%.*s:%.*s", STR(user), STR(hash)));
}

/* Master Password: which letters of which kind stand where, by the type of the password. */
static const struct {
    const char *name;
    const char *templates; /* parted by spaces */
} password_types[] = {
    { "basic", "aaanaaan aannaaan aaannaaa" },
    { "long", "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv "
              "CvccCvcvCvcvno CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc "
              "CvcvCvcvnoCvcc CvcvCvcvCvccno CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno "
              "CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno CvccnoCvcvCvcc CvccCvcvnoCvcc "
              "CvccCvcvCvccno" },
    { "maximum", "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno" },
    { "medium", "CvcnoCvc CvcCvcno" },
    { "pin", "nnnn" },
    { "short", "Cvcn" },
};

#define UPPER_VOWELS     "AEIOU"
#define LOWER_VOWELS     "aeiou"
#define UPPER_CONSONANTS "BCDFGHJKLMNPQRSTVWXYZ"
#define LOWER_CONSONANTS "bcdfghjklmnpqrstvwxyz"
#define ALL_LETTERS      UPPER_VOWELS LOWER_VOWELS UPPER_CONSONANTS LOWER_CONSONANTS

static const struct {
    char kind;
    const char *letters;
} password_letters[] = {
    { 'V', UPPER_VOWELS },
    { 'C', UPPER_CONSONANTS },
    { 'v', LOWER_VOWELS },
    { 'c', LOWER_CONSONANTS },
    { 'A', UPPER_VOWELS UPPER_CONSONANTS },
    { 'a', ALL_LETTERS },
    { 'n', "0123456789" },
    { 'o', "@&%?,=[]_:-+*$#!'^~;()/." },
    { 'x', ALL_LETTERS "0123456789!@#$%^&*()" },
};

static str password_template(str type, uint8_t chance)
{
    str templates = S(""), part = S("");
    for (size_t i = 0; i < countof(password_types); i++) {
        if (str_eq(str_from(password_types[i].name), type))
            templates = str_from(password_types[i].templates);
    }
    if (!templates.len)
        return part;
    uint32_t count = 1;
    for (size_t i = 0; i < templates.len; i++)
        count += templates.at[i] == ' ';
    for (uint32_t i = 0; i <= chance % count; i++)
        str_next_field(&templates, ' ', &part);
    return part;
}

static char password_letter(char kind, uint8_t chance)
{
    size_t i = 0;
    while (password_letters[i].kind != kind)
        i++;
    const char *letters = password_letters[i].letters;
    return letters[chance % strlen(letters)];
}

static void put_length(struct buf *b, uint32_t n)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_char(b, (char)(n >> shift));
}

static const char master_scope[] = "com.lyndir.masterpassword";

/* The password of a site: scrypt of the user's, then an HMAC over the site and the counter, whose
 * bytes choose a template and its letters. */
static struct value derive_password(struct call *c)
{
    str type = text(c, 1), password = text(c, 2), user = text(c, 3), site = text(c, 4);
    unsigned char key[64], seed[SHA256_SIZE];
    struct buf b;
    if (!password_template(type, 0).len)
        return value_string(str_format(c->arena, "cannot find password template %.*s", STR(type)));
    if (!library_open(c->cx, &crypto_library) || !call_costs(c, STEPS_OF_A_HASH))
        return call_stop(c);
    buf_init(&b, c->arena, 128);
    buf_str(&b, str_from(master_scope));
    put_length(&b, (uint32_t)user.len);
    buf_str(&b, user);
    if (!crypto.scrypt(password.len ? password.at : "", password.len, (unsigned char *)b.at, b.len,
                       32768, 8, 2, 128 << 20, key, sizeof key)) {
        report_surroundings(c->cx, c->pos, "OpenSSL does not compute scrypt");
        return call_stop(c);
    }
    b.len = sizeof master_scope - 1;
    put_length(&b, (uint32_t)site.len);
    buf_str(&b, site);
    put_length(&b, (uint32_t)c->args[0].u);
    crypto.hmac(crypto.sha256(), key, sizeof key, (unsigned char *)b.at, b.len, seed, NULL);
    str template = password_template(type, seed[0]);
    b.len = 0;
    for (size_t i = 0; i < template.len; i++)
        buf_char(&b, password_letter(template.at[i], seed[i + 1]));
    return value_string(buf_take(&b));
}

/* Whole blocks, in place. */
static bool run_aes(struct call *c, str password, const unsigned char iv[16], unsigned char *bytes,
                    size_t n, bool encrypt)
{
    unsigned char key[32] = { 0 };
    int done = 0;
    if (!library_open(c->cx, &crypto_library))
        return false;
    if (password.len)
        memcpy(key, password.at, password.len < sizeof key ? password.len : sizeof key);
    EVP_CIPHER_CTX *cipher = crypto.cipher_new();
    bool ok = cipher && crypto.cipher_init(cipher, crypto.aes_256_cbc(), NULL, key, iv, encrypt)
              && crypto.set_padding(cipher, 0)
              && crypto.cipher_update(cipher, bytes, &done, bytes, (int)n);
    crypto.cipher_free(cipher);
    return ok || report_surroundings(c->cx, c->pos, "OpenSSL does not compute AES");
}

static struct value encrypt_aes(struct call *c)
{
    enum { BLOCK = 16 };
    str plain = text(c, 1);
    if (!plain.len)
        return value_string(S(""));
    if (!call_room(c, plain.len * 2))
        return call_stop(c);
    size_t padding = BLOCK - plain.len % BLOCK, n = plain.len + padding;
    unsigned char *bytes = arena_alloc(c->arena, BLOCK + n);
    memcpy(bytes + BLOCK, plain.at, plain.len);
    memset(bytes + BLOCK + plain.len, (int)padding, padding);
    if (!random_bytes(c, bytes, BLOCK) || !run_aes(c, text(c, 0), bytes, bytes + BLOCK, n, true))
        return call_stop(c);
    struct buf out;
    buf_init(&out, c->arena, (BLOCK + n) / 3 * 4 + 8);
    encode_base64(&out, BASE64_STD, (str){ (char *)bytes, BLOCK + n });
    return value_string(buf_take(&out));
}

static struct value not_ours(struct call *c, str go)
{
    return call_panic(c, str_cstr(c->arena, go),
                      "this is nothing that encryptAES made with this password");
}

static struct value decrypt_aes(struct call *c)
{
    enum { BLOCK = 16 };
    str crypt64 = text(c, 1), bytes;
    if (!crypt64.len)
        return value_string(S(""));
    if (!decode_base64(c->arena, BASE64_STD, crypt64, &bytes))
        return call_fail(c, "%.*s", STR(bytes));
    if (bytes.len < BLOCK)
        return not_ours(c, str_format(c->arena,
                                      "runtime error: slice bounds out of range [:16] with "
                                      "capacity %zu",
                                      crypt64.len / 4 * 3));
    size_t n = bytes.len - BLOCK;
    if (n % BLOCK)
        return not_ours(c, S("crypto/cipher: input not full blocks"));
    if (n == 0)
        return not_ours(c, S("runtime error: index out of range [-1]"));
    unsigned char *plain = arena_copy(c->arena, bytes.at + BLOCK, n);
    if (!run_aes(c, text(c, 0), (const unsigned char *)bytes.at, plain, n, false))
        return call_stop(c);
    size_t padding = plain[n - 1];
    if (padding > n)
        return not_ours(c, str_format(c->arena, "runtime error: slice bounds out of range [:-%zu]",
                                      padding - n));
    return value_string((str){ (char *)plain, n - padding });
}

const struct func crypto_funcs[] = {
    { "adler32sum", "s", adler32sum },   { "bcrypt", "s", bcrypt },
    { "decryptAES", "ss", decrypt_aes }, { "derivePassword", "ussss", derive_password },
    { "encryptAES", "ss", encrypt_aes }, { "htpasswd", "ss", htpasswd },
    { "sha1sum", "s", sha1sum },         { "sha256sum", "s", sha256sum },
    { "sha512sum", "s", sha512sum },     { 0 },
};
