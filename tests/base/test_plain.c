/* Text for a screen: what a terminal would obey, or a reader would not see, is its number. */
#include "render/base/plain.h"
#include "tests/expect.h"

static void expect_plain(str text, str want)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 64);
    plain_print(&b, text);
    expect_same(buf_take(&b), want);
    context_free(cx);
}

START_TEST(words_stay)
{
    expect_plain(S("a\tb \xC3\xA9 \xE2\x86\x92 \xF0\x9F\x98\x80"),
                 S("a\tb \xC3\xA9 \xE2\x86\x92 \xF0\x9F\x98\x80"));
    /* A zero width joiner keeps a family together. */
    expect_plain(S("\xE2\x80\x8D"), S("\xE2\x80\x8D"));
    expect_plain(S("\xEF\xBF\xBD"), S("\xEF\xBF\xBD"));
}
END_TEST

START_TEST(controls_are_numbers)
{
    expect_plain(S("\033[31m\a\r\n\0"), S("\\x1B[31m\\x07\\x0D\\x0A\\x00"));
    expect_plain(S("\xC2\x9B"), S("\\x9B"));
    expect_plain(S("\xE2\x80\xAE"), S("\\u202E"));
    expect_plain(S("\xEF\xBB\xBF"), S("\\uFEFF"));
    expect_plain(S("\xF3\xA0\x81\x81"), S("\\U000E0041"));
}
END_TEST

START_TEST(broken_bytes_are_numbers)
{
    expect_plain(S("a\x9B\xC3"), S("a\\x9B\\xC3"));
}
END_TEST

TCase *plain_tests(void)
{
    TCase *t = tcase_create("plain");
    tcase_add_test(t, words_stay);
    tcase_add_test(t, controls_are_numbers);
    tcase_add_test(t, broken_bytes_are_numbers);
    return t;
}
