/* Printing YAML; the expected bytes are what kustomize v5.7.1 printed for the same data. */
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"
#include "tests/expect.h"

static void expect_printed(const char *yaml, const char *printed)
{
    struct context *cx = test_context();
    struct node *n = yaml_read(cx, text_add(cx, S("in"), str_from(yaml)), YAML_GO3);
    struct buf b;
    buf_init(&b, cx->arena, 256);
    ck_assert(n && yaml_write(cx, &b, n));
    expect_same(buf_take(&b), str_from(printed));
    context_free(cx);
}

START_TEST(a_long_quoted_key_does_not_fold)
{
    expect_printed("\"- a key of more than eighty columns with a quote ' in it and some more words "
                   "behind it\": v\n",
                   "'- a key of more than eighty columns with a quote '' in it and some more words "
                   "behind it': v\n");
}
END_TEST

TCase *yaml_write_tests(void)
{
    TCase *tests = tcase_create("yaml write");
    tcase_add_test(tests, a_long_quoted_key_does_not_fold);
    return tests;
}
