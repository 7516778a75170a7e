/* What Helm says of a failure: its blocks, as `helm template` printed them. */
#include "tests/template/chart.h"

static void expect_helm(const char *template, const char *want)
{
    struct context *cx = test_context();
    struct template_set *set;
    str out;
    ck_assert(!chart_render(cx, str_from(template), S(""), &out, &set));
    const struct failure *f = template_failure(set);
    ck_assert_ptr_nonnull(f);
    expect_same(failure_helm(cx->arena, f), str_from(want));
    context_free(cx);
}

START_TEST(a_text_that_is_no_template)
{
    expect_helm("x\n{{ if }}", "parse error at (case.yaml:2): missing value for if");
    expect_helm("{{ 1a }}", "parse error at (case.yaml:1): \"1a\"");
}
END_TEST

START_TEST(a_block_for_each_template)
{
    expect_helm("{{define \"a\"}}{{ .x.y }}{{end}}{{define \"b\"}}{{include \"a\" .}}{{end}}"
                "{{include \"b\" . }}",
                "case.yaml:1:71\n  executing \"case.yaml\" at <include \"b\" .>:\n"
                "    error calling include:\n"
                "case.yaml:1:47\n  executing \"b\" at <include \"a\" .>:\n"
                "    error calling include:\n"
                "case.yaml:1:19\n  executing \"a\" at <.x.y>:\n"
                "    nil pointer evaluating interface {}.y");
    expect_helm("{{ include \"none\" . }}",
                "case.yaml:1:3\n  executing \"case.yaml\" at <include \"none\" .>:\n"
                "    error calling include:\n"
                "template: no template \"none\" associated with template \"gotpl\"");
}
END_TEST

START_TEST(a_foreign_error_inside_leaves_the_sentence)
{
    expect_helm("{{ eq 1 \"a\" }}", "template: case.yaml:1:3: executing \"case.yaml\" at "
                                    "<eq 1 \"a\">: error calling eq: incompatible types for "
                                    "comparison: int and string");
    expect_helm("{{ first \"x\" }}", "template: case.yaml:1:3: executing \"case.yaml\" at "
                                     "<first \"x\">: error calling first: Cannot find first on "
                                     "type string");
    expect_helm("{{ tpl \"{{.a.b}}\" . }}",
                "template: case.yaml:1:3: executing \"case.yaml\" at <tpl \"{{.a.b}}\" .>: error "
                "calling tpl: error during tpl function execution for \"{{.a.b}}\": template: "
                "gotpl:1:4: executing \"gotpl\" at <.a.b>: nil pointer evaluating interface {}.b");
}
END_TEST

START_TEST(the_author_speaks_alone)
{
    expect_helm("{{ fail \"a: b\" | upper }}", "execution error at (case.yaml:1:3): a: b");
    expect_helm("{{ define \"a\" }}{{ fail \"in\" }}{{ end }}\n{{ include \"a\" . }}",
                "execution error at (case.yaml:2:3): in");
}
END_TEST

START_TEST(recursion_without_end)
{
    expect_helm("{{ define \"x\"}}{{template \"x\" .}}{{end}}{{template \"x\" .}}",
                "case.yaml:1:26\n  executing \"x\" at <{{template \"x\" .}}>:\n"
                "    exceeded maximum template depth (100000)");
}
END_TEST

/* Names that hold Helm's separators are cut where Helm cuts them. */
START_TEST(confusing_names)
{
    expect_helm("{{ template \"x>: template: y\" . }}",
                "case.yaml:1:12\n  executing \"case.yaml\" at <{{template \"x>:\n"
                "    template: y\" .}}>: template \"x>:");
}
END_TEST

TCase *failure_tests(void)
{
    TCase *t = tcase_create("failure");
    tcase_add_test(t, a_text_that_is_no_template);
    tcase_add_test(t, a_block_for_each_template);
    tcase_add_test(t, a_foreign_error_inside_leaves_the_sentence);
    tcase_add_test(t, the_author_speaks_alone);
    tcase_add_test(t, recursion_without_end);
    tcase_add_test(t, confusing_names);
    return t;
}
