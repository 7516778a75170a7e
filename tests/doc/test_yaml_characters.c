/* Characters that Go's YAML reader refuses, and so must we. */
#include "render/doc/yaml_read.h"
#include "tests/expect.h"

static const struct {
    const char *yaml;
    const char *said; /* the first line; NULL when all is well */
} cases[] = {
    { "a: \xC3\xA9\t\r\n", NULL },
    { "a: \xEF\xBF\xBD\n", NULL },
    { "a: \xF0\x9F\x9A\x80\n", NULL },
    { "a: x\x0Cy\n", "in:1:5: error: not YAML: the control character U+000C" },
    { "a: x\x7Fy\n", "in:1:5: error: not YAML: the control character U+007F" },
    { "a: x\xC2\x80y\n", "in:1:5: error: not YAML: the control character U+0080" },
    { "a: x\xEF\xBF\xBEy\n", "in:1:5: error: not YAML: the control character U+FFFE" },
    { "a: x\xFFy\n", "in:1:5: error: not YAML: the byte 0xff is no UTF-8" },
    { "|\xFF\x0C \n", "in:1:2: error: not YAML: the byte 0xff is no UTF-8" },
    { "a: \xE2\x80", "in:1:4: error: not YAML: the byte 0xe2 is no UTF-8" },
};

START_TEST(characters)
{
    struct context *cx = test_context();
    struct documents docs = { 0 };
    struct text *text = text_add(cx, S("in"), str_from(cases[_i].yaml));
    bool ok = yaml_read_all(cx, text, YAML_GO3, &docs);
    str said = test_diagnostics(cx), first = said;
    str_next_line(&said, &first);
    ck_assert_int_eq(ok, cases[_i].said == NULL);
    expect_same(first, str_from(cases[_i].said));
    context_free(cx);
}
END_TEST

TCase *yaml_characters_tests(void)
{
    TCase *tests = tcase_create("yaml characters");
    tcase_add_loop_test(tests, characters, 0, countof(cases));
    return tests;
}
