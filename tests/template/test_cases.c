/* testdata/template: a template and its values, then what Helm renders or what we report. */
#include "tests/cases.h"
#include "tests/template/chart.h"

static const char *const topics[] = {
    "actions",    "broken",          "builtins", "comparison", "dates",     "dicts",     "encoding",
    "failing",    "methods",         "lists",    "math",       "numbers",   "printf",    "range",
    "reflection", "regex_functions", "semver",   "strings",    "templates", "variables", "words",
    "yaml",
};

/* Empty lines at the end do not count. */
static str ended(struct context *cx, str s)
{
    while (str_ends(s, S("\n")))
        s.len--;
    return str_concat(cx->arena, s, S("\n"));
}

static void run_case(struct context *cx, struct test_case *c)
{
    str out;
    bool ok = chart_render(cx, case_body(c, "template"), case_body(c, "values"), &out, NULL);
    if (ok)
        case_answer(c, "want", ended(cx, out));
    else
        case_answer(c, "error", test_diagnostics(cx));
}

START_TEST(every_case_holds)
{
    struct context *cx = test_context();
    cases_run(str_cstr(cx->arena, str_format(cx->arena, "template/%s.cases", topics[_i])),
              run_case);
    context_free(cx);
}
END_TEST

TCase *cases_tests(void)
{
    TCase *t = tcase_create("cases");
    tcase_add_loop_test(t, every_case_holds, 0, countof(topics));
    return t;
}
