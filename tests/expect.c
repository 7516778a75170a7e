/* Expectations shared by all test files. */
#include "tests/expect.h"

#include <stdlib.h>

#include "render/base/diag_print.h"

void expect_str_at(const char *file, int line, str got, str want)
{
    if (!str_eq(got, want))
        ck_abort_msg("%s:%d:\n got: '%.*s'\nwant: '%.*s'", file, line, STR(got), STR(want));
    /* Check counts a test by its last assertion. */
    ck_assert(true);
}

struct context *test_context(void)
{
    struct context *cx = context_new(&(struct context_options){ .now = 1700000000 });
    ck_assert_ptr_nonnull(cx);
    return cx;
}

str test_diagnostics(struct context *cx)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    diag_print(cx, &b, (struct diag_style){ 0 });
    return buf_take(&b);
}

int run_suites(const char *layer, TCase *const *cases, size_t n)
{
    Suite *suite = suite_create(layer);
    for (size_t i = 0; i < n; i++)
        suite_add_tcase(suite, cases[i]);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
