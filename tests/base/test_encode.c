/* Encodings and digests: what Go answered, in testdata/encode/encode.tsv. */
#include "render/base/encode.h"

#include "render/base/digest.h"
#include "render/base/number.h"
#include "tests/table.h"

static void b64(struct buf *b, str s)
{
    encode_base64(b, BASE64_STD, s);
}

static void b64url(struct buf *b, str s)
{
    encode_base64(b, BASE64_URL, s);
}

static void b64raw(struct buf *b, str s)
{
    encode_base64(b, BASE64_RAW_STD, s);
}

static void b64rawurl(struct buf *b, str s)
{
    encode_base64(b, BASE64_RAW_URL, s);
}

static void sha256(struct buf *b, str s)
{
    unsigned char out[SHA256_SIZE];
    digest_sha256(s, out);
    buf_str(b, (str){ (const char *)out, sizeof out });
}

static void adler32(struct buf *b, str s)
{
    number_print_uint(b, digest_adler32(s), 10);
}

static void crc32(struct buf *b, str s)
{
    number_print_uint(b, digest_crc32(s), 10);
}

static const struct {
    const char *name;
    void (*encode)(struct buf *b, str s);
} encoders[] = {
    { "b64", b64 },
    { "b64url", b64url },
    { "b64raw", b64raw },
    { "b64rawurl", b64rawurl },
    { "b32", encode_base32 },
    { "hex", encode_hex },
    { "query", encode_query },
    { "path", encode_path },
    { "html", encode_html },
    { "thtml", encode_html_template },
    { "js", encode_js },
    { "sha256", sha256 },
    { "adler32", adler32 },
    { "crc32", crc32 },
};

static bool unb64(struct arena *a, str s, str *out)
{
    return decode_base64(a, BASE64_STD, s, out);
}

static bool unb64url(struct arena *a, str s, str *out)
{
    return decode_base64(a, BASE64_URL, s, out);
}

static bool unb64raw(struct arena *a, str s, str *out)
{
    return decode_base64(a, BASE64_RAW_STD, s, out);
}

static bool unb64rawurl(struct arena *a, str s, str *out)
{
    return decode_base64(a, BASE64_RAW_URL, s, out);
}

static const struct {
    const char *name;
    bool (*decode)(struct arena *a, str s, str *out);
} decoders[] = {
    { "-b64", unb64 },          { "-b64url", unb64url },
    { "-b64raw", unb64raw },    { "-b64rawurl", unb64rawurl },
    { "-b32", decode_base32 },  { "-hex", decode_hex },
    { "-query", decode_query }, { "-path", decode_path },
};

static str in_hex(struct arena *a, str s)
{
    struct buf b;
    buf_init(&b, a, 2 * s.len + 1);
    encode_hex(&b, s);
    return buf_take(&b);
}

static void named_digest(struct context *cx, const struct row *row, str text)
{
    unsigned char out[DIGEST_LARGEST];
    size_t size = 0;
    ck_assert(digest_named(cx, str_cstr(cx->arena, row->cell[0]), text, out, &size));
    expect_answer(row, in_hex(cx->arena, (str){ (const char *)out, size }));
}

static void encode_row(struct context *cx, struct row *row)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    str text = cell_hex(cx->arena, row, 1);
    for (size_t i = 0; i < countof(encoders); i++) {
        if (!str_eq(row->cell[0], str_from(encoders[i].name)))
            continue;
        encoders[i].encode(&b, text);
        expect_answer(row, in_hex(cx->arena, buf_take(&b)));
        return;
    }
    for (size_t i = 0; i < countof(decoders); i++) {
        if (!str_eq(row->cell[0], str_from(decoders[i].name)))
            continue;
        str out;
        bool ok = decoders[i].decode(cx->arena, text, &out);
        expect_answer(row, ok ? in_hex(cx->arena, out) : str_concat(cx->arena, S("!"), out));
        return;
    }
    named_digest(cx, row, text);
}

START_TEST(encodings_are_as_go_has_them)
{
    struct context *cx = test_context();
    table_each(cx, "encode/encode.tsv", encode_row);
    context_free(cx);
}
END_TEST

/* Every length up to five blocks, whole and in uneven parts, against OpenSSL. */
START_TEST(sha256_is_as_openssl_has_it)
{
    struct context *cx = test_context();
    char bytes[320];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 31 + 7);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        unsigned char got[SHA256_SIZE], parts[SHA256_SIZE], want[DIGEST_LARGEST];
        size_t size;
        digest_sha256((str){ bytes, n }, got);
        ck_assert(digest_named(cx, "sha256", (str){ bytes, n }, want, &size));
        ck_assert_mem_eq(got, want, SHA256_SIZE);
        struct sha256 h;
        sha256_begin(&h);
        for (size_t i = 0, step = 0; i < n; i += step) {
            step = 1 + (i * 7 + n) % 70;
            sha256_add(&h, bytes + i, step < n - i ? step : n - i);
        }
        sha256_end(&h, parts);
        ck_assert_mem_eq(parts, want, SHA256_SIZE);
    }
    context_free(cx);
}
END_TEST

START_TEST(sha256_of_a_million_letters)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 1000000);
    buf_repeat(&b, 'a', 1000000);
    expect_str(digest_sha256_hex(cx->arena, buf_view(&b)),
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    context_free(cx);
}
END_TEST

START_TEST(an_unknown_digest_is_reported)
{
    struct context *cx = test_context();
    unsigned char out[DIGEST_LARGEST];
    size_t size;
    ck_assert(!digest_named(cx, "md99", S(""), out, &size));
    expect_str(test_diagnostics(cx), "error: OpenSSL does not compute the digest 'md99'\n");
    context_free(cx);
}
END_TEST

TCase *encode_tests(void)
{
    TCase *t = tcase_create("encode");
    tcase_add_test(t, encodings_are_as_go_has_them);
    tcase_add_test(t, sha256_is_as_openssl_has_it);
    tcase_add_test(t, sha256_of_a_million_letters);
    tcase_add_test(t, an_unknown_digest_is_reported);
    return t;
}
