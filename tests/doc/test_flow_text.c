/* Plain and quoted scalars: the values are what kustomize v5.7.1 made of the same data in a
 * ConfigMap. */
#include "render/doc/yaml_read.h"
#include "tests/expect.h"

#define FLOW(yaml, text)                                                                           \
    {                                                                                              \
        S(yaml), S(text)                                                                           \
    }

static const struct {
    str yaml;
    str text;
} cases[] = {
    FLOW("data:\n  a: 'b''''c'", "b''c"),
    FLOW("data:\n  a: '''b''''''c'''\n", "'b'''c'"),
    FLOW("data:\n  a: ''''\n", "'"),
    FLOW("data:\n  a: 'b\n    c'\n", "b c"),
    FLOW("data:\n  a: 'b\n\n    c'\n", "b\nc"),
    FLOW("data:\n  a: 'b  \n\n   \n    c  '\n", "b\n\nc  "),
    FLOW("data:\n  a: 'b\n    '\n", "b "),
    FLOW("data:\n  a: '\n    b'\n", " b"),
    FLOW("data:\n  a: \"b\\\n    c\"\n", "bc"),
    FLOW("data:\n  a: \"b \\\n\n    c\"\n", "b \nc"),
    FLOW("data:\n  a: \"b\n\n\n    c\"\n", "b\n\nc"),
    FLOW("data:\n  a: b\n    c\n\n    d\n", "b c\nd"),
    FLOW("data:\n  a: b   c\n      d   # x\n", "b   c d"),
    FLOW("data:\n  a: \"\\\n    c\"\n", "c"),
    FLOW("data:\n  a: \"b\r\n    c\r\n\r\n    d\"\n", "b c\nd"),
    FLOW("data:\n  a: \"\\\tb\"\n", "\tb"),
    FLOW("data:\n  a: \"b\\ \\x41\\u00e9\\U0001F600\\e\\0\\\\\\\"c\"\n",
         "b A\303\251\360\237\230\200\033\000\\\"c"),
};

START_TEST(flow_text_as_go_reads_it)
{
    struct context *cx = test_context();
    struct node *root = yaml_read(cx, text_add(cx, S("in"), cases[_i].yaml), YAML_GO3);
    expect_str(test_diagnostics(cx), "");
    const struct node *a = node_get_text(cx, node_get_text(cx, root, S("data")), S("a"));
    expect_same(a->text, cases[_i].text);
    context_free(cx);
}
END_TEST

TCase *flow_text_tests(void)
{
    TCase *tests = tcase_create("flow text");
    tcase_add_loop_test(tests, flow_text_as_go_reads_it, 0, countof(cases));
    return tests;
}
