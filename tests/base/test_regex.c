/* Regular expressions: what Go answered, in testdata/regex/regex.tsv. */
#include "render/base/regex.h"

#include "render/base/encode.h"
#include "render/base/quote.h"
#include "tests/table.h"

static void print_spans(struct buf *b, const struct span *found, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        buf_format(b, "%s%td,%td", i ? " " : "", found[i].from, found[i].to);
}

static void find_all(struct context *cx, const struct regex *re, str subject, struct buf *b)
{
    struct regex_search s = regex_search(cx->arena, re, subject);
    for (int n = 0; regex_next(&s); n++) {
        if (n)
            buf_char(b, ';');
        print_spans(b, s.found, regex_groups(re) + 1);
    }
}

static void print_split(struct buf *b, struct arena *a, const struct regex *re, str subject, int n)
{
    size_t count;
    str *parts = regex_split(a, re, subject, n, &count);
    for (size_t i = 0; i < count; i++)
        quote(b, parts[i]);
}

/* KIND, the pattern in hex, the subject in hex, a replacement in hex, the answer. */
static void regex_row(struct context *cx, struct row *row)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    str kind = row->cell[0], error;
    str subject = cell_hex(cx->arena, row, 2), more = cell_hex(cx->arena, row, 3);
    struct regex *re = regex_compile(cx->arena, cell_hex(cx->arena, row, 1), &error);
    if (!re)
        encode_hex(&b, error);
    else if (str_eq(kind, S("error")))
        buf_str(&b, S("ok"));
    else if (str_eq(kind, S("all")))
        find_all(cx, re, subject, &b);
    else if (str_eq(kind, S("replace")))
        encode_hex(&b, regex_replace(cx->arena, re, subject, more));
    else if (str_eq(kind, S("literal")))
        encode_hex(&b, regex_replace_literal(cx->arena, re, subject, more));
    else if (str_eq(kind, S("split")))
        print_split(&b, cx->arena, re, subject, -1);
    else if (str_eq(kind, S("split2")))
        print_split(&b, cx->arena, re, subject, 2);
    if (re && str_eq(kind, S("all")))
        ck_assert(regex_matches(cx->arena, re, subject) == (b.len > 0));
    expect_answer(row, buf_take(&b));
}

START_TEST(expressions_are_as_in_go)
{
    struct context *cx = test_context();
    table_each(cx, "regex/regex.tsv", regex_row);
    context_free(cx);
}
END_TEST

START_TEST(groups_have_names)
{
    struct context *cx = test_context();
    str error;
    struct regex *re =
        regex_compile(cx->arena, S("(?P<major>\\d+)(?:\\.)(?<minor>\\d+)(x)"), &error);
    ck_assert_ptr_nonnull(re);
    ck_assert_uint_eq(regex_groups(re), 3);
    expect_str(regex_group_name(re, 0), "");
    expect_str(regex_group_name(re, 1), "major");
    expect_str(regex_group_name(re, 2), "minor");
    expect_str(regex_group_name(re, 3), "");
    context_free(cx);
}
END_TEST

START_TEST(a_quoted_text_matches_itself)
{
    struct context *cx = test_context();
    str error, text = S("a\\.+*?()|[]{}^$-#z");
    str pattern = regex_quote(cx->arena, text);
    expect_str(pattern, "a\\\\\\.\\+\\*\\?\\(\\)\\|\\[\\]\\{\\}\\^\\$-#z");
    ck_assert(regex_matches(cx->arena, regex_compile(cx->arena, pattern, &error), text));
    context_free(cx);
}
END_TEST

/* Patterns that take exponential time when every way is tried anew. */
START_TEST(no_pattern_explodes)
{
    static const char *const patterns[] = {
        "(a*)*b",   "(a|a)*b",         "(a+)+$x", "(a|b|ab)*c", "(.*)(.*)(.*)(.*)(.*)x",
        "(x+x+)+y", "(a?){100}a{100}b"
    };
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 20000);
    buf_repeat(&b, 'a', 20000);
    for (size_t i = 0; i < countof(patterns); i++) {
        str error;
        struct regex *re = regex_compile(cx->arena, str_from(patterns[i]), &error);
        ck_assert_ptr_nonnull(re);
        ck_assert(!regex_matches(cx->arena, re, buf_view(&b)));
        ck_assert(!regex_matches(cx->arena, re, str_slice(buf_view(&b), 0, 40)));
    }
    context_free(cx);
}
END_TEST

START_TEST(deep_and_large_patterns_are_refused)
{
    struct context *cx = test_context();
    struct buf b;
    str error;
    buf_init(&b, cx->arena, 1 << 20);
    buf_repeat(&b, '(', 100000);
    ck_assert_ptr_null(regex_compile(cx->arena, buf_view(&b), &error));
    ck_assert(str_starts(error, S("error parsing regexp: expression nests too deeply: `")));
    b.len = 0;
    for (int i = 0; i < 4000; i++)
        buf_str(&b, S("(?:a{1000})"));
    ck_assert_ptr_null(regex_compile(cx->arena, buf_view(&b), &error));
    ck_assert(str_starts(error, S("error parsing regexp: expression too large: `")));
    context_free(cx);
}
END_TEST

START_TEST(a_watched_expression_stops_with_the_render)
{
    struct context *cx = test_context();
    struct buf b;
    str error;
    buf_init(&b, cx->arena, 200000);
    buf_repeat(&b, 'a', 200000);
    struct regex *re = regex_compile(cx->arena, S("(a{0,500}){2}b"), &error);
    regex_watch(re, cx);
    cx->limits.max[LIMIT_STEPS] = 100000;
    ck_assert(!regex_matches(cx->arena, re, buf_view(&b)));
    ck_assert(!regex_matches(cx->arena, re, S("ab")));
    ck_assert(!limit_count(cx, LIMIT_STEPS, 1, NOWHERE)); /* reported once */
    expect_str(test_diagnostics(cx),
               "error: more than 100000 steps: this limit stops what would not end\n");
    context_free(cx);
}
END_TEST

START_TEST(a_watched_expression_sees_the_clock)
{
    struct context *cx = test_context();
    struct buf b;
    str error;
    buf_init(&b, cx->arena, 200000);
    buf_repeat(&b, 'a', 200000);
    struct regex *re = regex_compile(cx->arena, S("(a{0,500}){2}b"), &error);
    regex_watch(re, cx);
    limits_timeout(&cx->limits, 1);
    ck_assert(!regex_matches(cx->arena, re, buf_view(&b)));
    ck_assert(!regex_matches(cx->arena, re, S("ab")));
    expect_str(test_diagnostics(cx), "error: the time limit is over\n");
    context_free(cx);
}
END_TEST

TCase *regex_tests(void)
{
    TCase *t = tcase_create("regex");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, expressions_are_as_in_go);
    tcase_add_test(t, groups_have_names);
    tcase_add_test(t, a_quoted_text_matches_itself);
    tcase_add_test(t, no_pattern_explodes);
    tcase_add_test(t, deep_and_large_patterns_are_refused);
    tcase_add_test(t, a_watched_expression_stops_with_the_render);
    tcase_add_test(t, a_watched_expression_sees_the_clock);
    return t;
}
