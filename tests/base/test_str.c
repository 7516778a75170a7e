/* Strings: what UTF-8 and empty views must survive. */
#include "render/base/suggest.h"

#include "tests/expect.h"

START_TEST(trim_keeps_inner_space)
{
    expect_str(str_trim(S("  a b ")), "a b");
    expect_str(str_trim(S("   ")), "");
}
END_TEST

START_TEST(cutting_without_a_separator_keeps_all)
{
    str head, tail;
    ck_assert(str_cut(S("a=b=c"), '=', &head, &tail));
    expect_str(head, "a");
    expect_str(tail, "b=c");
    ck_assert(!str_cut(S("abc"), '=', &head, &tail));
    expect_str(head, "abc");
    expect_str(tail, "");
}
END_TEST

START_TEST(fields_end_after_the_last)
{
    str rest = S("a,,b,"), field;
    int n = 0;
    while (str_next_field(&rest, ',', &field))
        n++;
    ck_assert_int_eq(n, 4);
}
END_TEST

START_TEST(replacing_finds_every_occurrence)
{
    struct context *cx = test_context();
    expect_str(str_replace_all(cx->arena, S("a--b--"), S("--"), S("+")), "a+b+");
    expect_str(str_replace_all(cx->arena, S("ab"), S(""), S("+")), "ab");
    context_free(cx);
}
END_TEST

START_TEST(broken_utf8_counts_byte_by_byte)
{
    ck_assert(utf8_valid(S("\xf0\x9f\x98\x80")));
    ck_assert(!utf8_valid(S("\xed\xa0\x80"))); /* a surrogate */
    ck_assert(!utf8_valid(S("\xc0\xaf")));     /* overlong */
    ck_assert_uint_eq(utf8_count(S("\xff\xc3\xa9z")), 3);
}
END_TEST

START_TEST(suggestions_are_near_or_none)
{
    str names[] = { S("user-service"), S("order-service"), S("db") };
    ck_assert_int_eq(suggest(S("user-servce"), names, countof(names)), 0);
    ck_assert_int_eq(suggest(S("Order-Service"), names, countof(names)), 1);
    ck_assert_int_eq(suggest(S("inventory"), names, countof(names)), -1);
    ck_assert_int_eq(suggest(S(""), names, countof(names)), -1);
}
END_TEST

TCase *str_tests(void)
{
    TCase *t = tcase_create("str");
    tcase_add_test(t, trim_keeps_inner_space);
    tcase_add_test(t, cutting_without_a_separator_keeps_all);
    tcase_add_test(t, fields_end_after_the_last);
    tcase_add_test(t, replacing_finds_every_occurrence);
    tcase_add_test(t, broken_utf8_counts_byte_by_byte);
    tcase_add_test(t, suggestions_are_near_or_none);
    return t;
}
