/* Path patterns: what Go and gobwas/glob answered, in testdata/glob/glob.tsv. */
#include "render/base/glob.h"

#include "tests/table.h"

static str match_helm(struct arena *a, str pattern, str path)
{
    struct regex *re = glob_compile(a, pattern, '/');
    if (!re)
        return S("malformed");
    return regex_matches(a, re, path) ? S("yes") : S("no");
}

static void glob_row(struct context *cx, struct row *row)
{
    static const char *const answers[] = { "no", "yes", "syntax error in pattern" };
    str pattern = cell_hex(cx->arena, row, 1), path = cell_hex(cx->arena, row, 2);
    expect_answer(row, str_eq(row->cell[0], S("path"))
                           ? str_from(answers[glob_match(pattern, path)])
                           : match_helm(cx->arena, pattern, path));
}

START_TEST(patterns_match_as_in_go)
{
    struct context *cx = test_context();
    table_each(cx, "glob/glob.tsv", glob_row);
    context_free(cx);
}
END_TEST

TCase *glob_tests(void)
{
    TCase *t = tcase_create("glob");
    tcase_add_test(t, patterns_match_as_in_go);
    return t;
}
