/* Block scalars: the values are what kustomize v5.7.1 made of the same data in a ConfigMap. */
#include "render/base/buf.h"
#include "render/doc/yaml_read.h"
#include "tests/expect.h"

static const struct {
    const char *yaml;
    const char *text;
} cases[] = {
    { "data:\n  a: |\n    b", "b" },
    { "data:\n  a: |+\n    b", "b" },
    { "data:\n  a: >\n    b", "b" },
    { "data:\n  a: >+\n    b\n    c", "b c" },
    { "data:\n  a: |\n    b\n  ", "b\n" },
    { "data:\n  a: |\n    b\n# c", "b\n" },
    { "data:\n  a: |-\n    b\n    # c", "b\n# c" },
    { "data:\n  a: |+\n    b\n\n", "b\n\n" },
    { "data:\n  a: |+\n    b\n\n    ", "b\n\n" },
    { "data:\n  a: |", "" },
    { "data:\n  a: |+\n\n ", "\n" },
    { "data:\n  a: |2\n      b\n", "  b\n" },
    { "data:\n  a: |\n    b\t", "b\t" },
    { "data:\n  a: |-\n    b\n      c\n    d", "b\n  c\nd" },
    { "data:\n  a: >\n    a\n\n\n    b\n      \n    c\n", "a\n\nb\n  \nc\n" },
    { "data:\n  a: >\n\n    a\n    b\n", "\na b\n" },
    { "data:\n  a: |\n\n    a\n    b\n", "\na\nb\n" },
    { "data:\n  a: |\n    a\n      \n    b\n", "a\n  \nb\n" },
    { "data:\n  a: |-\n    a\n   \n\n", "a" },
    { "data:\n  a: |\n", "" },
    { "data:\n  a: |\n  b: c\n", "" },
    { "data:\n  a: |\n\n  b: c\n", "" },
    { "data:\n  a: |+\n\n  b: c\n", "\n" },
    { "data:\n  a: >\n    b  \n    c \n", "b   c \n" },
    { "data:\n  a: |\n    b  \n    c \n", "b  \nc \n" },
    { "data:\n  a: |2-  # x | y\n     b\n    c\n", " b\nc" },
    { "data:\n  a: |+\n    b\r\n    c\r\n", "b\nc\n" },
};

START_TEST(block_text_as_go_reads_it)
{
    struct context *cx = test_context();
    struct node *root = yaml_read(cx, text_add(cx, S("in"), str_from(cases[_i].yaml)), YAML_GO3);
    expect_str(test_diagnostics(cx), "");
    const struct node *a = node_get_text(cx, node_get_text(cx, root, S("data")), S("a"));
    ck_assert_int_eq(a->kind, NODE_STRING);
    expect_same(a->text, str_from(cases[_i].text));
    context_free(cx);
}
END_TEST

/* libfyaml takes what follows an empty text into it. */
START_TEST(neighbours_of_empty_texts)
{
    struct context *cx = test_context();
    struct documents all = { 0 };
    str yaml = S("l:\n- a: |\n  b: c\n  d: |2+\n\n  e: >-\n---\n- x: |\n  y: z\n");
    ck_assert(yaml_read_all(cx, text_add(cx, S("in"), yaml), YAML_GO3, &all));
    ck_assert_uint_eq(all.len, 2);
    const struct node *first = node_get_text(cx, all.at[0], S("l"))->items[0];
    ck_assert_uint_eq(first->len, 4);
    expect_str(node_get_text(cx, first, S("b"))->text, "c");
    expect_str(node_get_text(cx, first, S("d"))->text, "\n");
    expect_str(node_get_text(cx, first, S("e"))->text, "");
    expect_str(node_get_text(cx, all.at[1]->items[0], S("y"))->text, "z");
    context_free(cx);
}
END_TEST

START_TEST(mending_ends)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 1 << 16);
    buf_str(&b, S("l:\n"));
    for (int i = 0; i < 1000; i++)
        buf_format(&b, "  k%d: |\n", i);
    struct documents all = { 0 };
    ck_assert(!yaml_read_all(cx, text_add(cx, S("in"), buf_take(&b)), YAML_GO3, &all));
    expect_str(test_diagnostics(cx), "in:102:9: error: more than 100 empty texts such as this\n"
                                     "  102 |   k100: |\n"
                                     "      |         ^\n");
    context_free(cx);
}
END_TEST

TCase *block_text_tests(void)
{
    TCase *tests = tcase_create("block text");
    tcase_add_loop_test(tests, block_text_as_go_reads_it, 0, countof(cases));
    tcase_add_test(tests, neighbours_of_empty_texts);
    tcase_add_test(tests, mending_ends);
    return tests;
}
