/* testdata/schema once more, as charts see it: values.schema.json beside values.yaml, and all that
 * Helm says of them. */
#include "render/chart/values.h"
#include "render/chart/values_check.h"
#include "tests/cases.h"

static const char *const topics[] = { "rules", "references", "formats", "broken", "text" };

#define BEFORE                                                                                     \
    S("values don't meet the specifications of the schema(s) in the following chart(s):\ncase:\n")

static void run_case(struct context *cx, struct test_case *c)
{
    struct chart chart = { .name = S("case") };
    struct dict *values;
    str words = S("");
    chart.schema = text_add(cx, S("values.schema.json"), case_body(c, "schema"));
    ck_assert(values_read(cx, text_add(cx, S("values.yaml"), case_body(c, "values")), &values));
    bool ok = values_check(cx, &chart, values, &words);
    ck_assert(ok == !words.len);
    ck_assert(ok == !cx->diags.errors);
    ck_assert(ok || str_starts(words, BEFORE));
    words = str_trim_chars(str_trim_prefix(words, BEFORE), S("\n"));
    case_answer(c, "want", ok ? words : str_concat(cx->arena, words, S("\n")));
}

START_TEST(every_case_holds)
{
    struct context *cx = test_context();
    cases_run(str_cstr(cx->arena, str_format(cx->arena, "schema/%s.cases", topics[_i])), run_case);
    context_free(cx);
}
END_TEST

TCase *values_check_tests(void)
{
    TCase *t = tcase_create("values_check");
    tcase_add_loop_test(t, every_case_holds, 0, countof(topics));
    return t;
}
