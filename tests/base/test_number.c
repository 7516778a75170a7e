/* Numbers: what Go answered, in testdata/number/number.tsv. */
#include "render/base/number.h"

#include "render/base/encode.h"
#include "render/base/quote.h"
#include "tests/table.h"

static const char *const words[] = { "ok", "syntax", "range" };

static double cell_double(const struct row *row, int cell)
{
    uint64_t image;
    double v;
    ck_assert_int_eq(number_uint(row->cell[cell], 16, 64, &image), NUMBER_OK);
    memcpy(&v, &image, sizeof v);
    return v;
}

static void int_row(struct row *row, struct buf *b)
{
    int base = cell_int(row, 2), bits = cell_int(row, 3);
    if (str_eq(row->cell[0], S("int"))) {
        int64_t n;
        enum number_error error = number_int(row->cell[1], base, bits, &n);
        buf_format(b, "%s ", words[error]);
        number_print_int(b, n, 10);
    } else {
        uint64_t n;
        enum number_error error = number_uint(row->cell[1], base, bits, &n);
        buf_format(b, "%s ", words[error]);
        number_print_uint(b, n, 10);
    }
}

static void float_row(struct row *row, struct buf *b)
{
    double v;
    uint64_t image;
    enum number_error error = number_float(row->cell[1], cell_int(row, 2), &v);
    memcpy(&image, &v, sizeof v);
    /* Which of the many NaNs it is doesn't matter. */
    buf_format(b, "%s %llx", words[error],
               v != v ? 0x7ff8000000000001ULL : (unsigned long long)image);
}

/* A tab may stand in a raw quotation, so the answer is in hex. */
static void raw_row(struct context *cx, struct row *row, struct buf *b)
{
    struct buf raw;
    buf_init(&raw, cx->arena, 64);
    quote_raw(&raw, cell_hex(cx->arena, row, 1));
    encode_hex(b, buf_take(&raw));
}

static void number_row(struct context *cx, struct row *row)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    str kind = row->cell[0];
    if (str_eq(kind, S("int")) || str_eq(kind, S("uint")))
        int_row(row, &b);
    else if (str_eq(kind, S("float")))
        float_row(row, &b);
    else if (str_eq(kind, S("print")))
        number_print_float(&b, cell_double(row, 1), row->cell[2].at[0], cell_int(row, 3),
                           cell_int(row, 4));
    else if (str_eq(kind, S("json")))
        number_print_json(&b, cell_double(row, 1), cell_int(row, 2));
    else if (str_eq(kind, S("quote")))
        quote(&b, cell_hex(cx->arena, row, 1));
    else if (str_eq(kind, S("raw")))
        raw_row(cx, row, &b);
    else
        quote_ascii(&b, cell_hex(cx->arena, row, 1));
    expect_answer(row, buf_take(&b));
}

START_TEST(numbers_are_as_go_has_them)
{
    struct context *cx = test_context();
    table_each(cx, "number/number.tsv", number_row);
    context_free(cx);
}
END_TEST

START_TEST(integers_print_in_any_base)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 64);
    number_print_int(&b, INT64_MIN, 2);
    number_print_uint(&b, UINT64_MAX, 36);
    number_print_int(&b, -255, 16);
    expect_str(buf_take(&b), "-1000000000000000000000000000000000000000000000000000000000000000"
                             "3w5e11264sgsf-ff");
    context_free(cx);
}
END_TEST

START_TEST(errors_quote_the_text)
{
    struct context *cx = test_context();
    expect_str(number_error_text(cx->arena, "ParseInt", S("a\"b"), NUMBER_SYNTAX),
               "strconv.ParseInt: parsing \"a\\\"b\": invalid syntax");
    expect_str(number_error_text(cx->arena, "Atoi", S("999"), NUMBER_RANGE),
               "strconv.Atoi: parsing \"999\": value out of range");
    context_free(cx);
}
END_TEST

START_TEST(quoted_text_is_read_back)
{
    struct context *cx = test_context();
    str out;
    ck_assert(unquote(cx->arena, S("\"a\\n\\x41\\u00e9\\101\\\"\""), &out));
    expect_str(out, "a\nA\xc3\xa9"
                    "A\"");
    ck_assert(unquote(cx->arena, S("`a\\n\r`"), &out));
    expect_str(out, "a\\n");
    ck_assert(unquote(cx->arena, S("'\\''"), &out));
    expect_str(out, "'");
    static const char *const bad[] = {
        "",        "\"",          "\"a",       "'ab'",     "\"\\'\"",
        "\"\\q\"", "\"\\ud800\"", "\"\\400\"", "\"\\x4\"", "\"a\"b\""
    };
    for (size_t i = 0; i < countof(bad); i++)
        ck_assert_msg(!unquote(cx->arena, str_from(bad[i]), &out), "%s", bad[i]);
    context_free(cx);
}
END_TEST

START_TEST(characters_are_quoted_too)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 64);
    quote_rune(&b, 'x', false);
    quote_rune(&b, '\'', false);
    quote_rune(&b, '\n', false);
    quote_rune(&b, 0xE9, false);
    quote_rune(&b, 0xE9, true);
    quote_rune(&b, 0xD800, true);
    quote_rune(&b, 0x1F600, true);
    expect_str(buf_take(&b), "'x''\\'''\\n''\xc3\xa9''\\u00e9''\\ufffd''\\U0001f600'");
    context_free(cx);
}
END_TEST

TCase *number_tests(void)
{
    TCase *t = tcase_create("number");
    tcase_add_test(t, numbers_are_as_go_has_them);
    tcase_add_test(t, integers_print_in_any_base);
    tcase_add_test(t, errors_quote_the_text);
    tcase_add_test(t, quoted_text_is_read_back);
    tcase_add_test(t, characters_are_quoted_too);
    return t;
}
