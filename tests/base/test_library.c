/* Libraries: found and bound at first use, or reported with the package that has them. */
#include "render/base/library.h"

#include <math.h>

#include "tests/expect.h"

struct math_calls {
    __typeof__(floor) *whole_part;
    __typeof__(hypot) *hypotenuse;
};

static struct math_calls calls;
static const struct library_symbol symbols[] = {
    LIBRARY_SYMBOL(struct math_calls, whole_part, floor),
    LIBRARY_SYMBOL(struct math_calls, hypotenuse, hypot),
};

START_TEST(a_library_opens_at_first_use)
{
    struct context *cx = test_context();
    struct library library = { LIBRARY("libm.so.6", "libc6", symbols, &calls) };
    ck_assert(library_open(cx, &library));
    ck_assert(library_open(cx, &library));
    ck_assert(calls.whole_part(2.5) == 2.0);
    ck_assert(calls.hypotenuse(3.0, 4.0) == 5.0);
    context_free(cx);
}
END_TEST

START_TEST(a_missing_library_names_its_package)
{
    struct context *cx = test_context();
    struct library library = { LIBRARY("libnowhere.so.7", "libnowhere7", symbols, &calls) };
    ck_assert(!library_open(cx, &library));
    ck_assert_int_eq(diag_exit_status(cx), 3);
    expect_str(test_diagnostics(cx),
               "error: can't load 'libnowhere.so.7': cannot open shared object file: No such file "
               "or directory\n"
               "hint: on Debian and Ubuntu it is in the package 'libnowhere7'\n");
    context_free(cx);
}
END_TEST

START_TEST(a_missing_function_is_named)
{
    static const struct library_symbol other[] = {
        LIBRARY_SYMBOL(struct math_calls, whole_part, tesseract_root),
    };
    struct context *cx = test_context();
    struct library library = { LIBRARY("libm.so.6", "libc6", other, &calls) };
    ck_assert(!library_open(cx, &library));
    expect_str(test_diagnostics(cx), "error: 'libm.so.6' has no function 'tesseract_root'\n"
                                     "hint: another version of the package 'libc6' may have it\n");
    context_free(cx);
}
END_TEST

TCase *library_tests(void)
{
    TCase *t = tcase_create("library");
    tcase_add_test(t, a_library_opens_at_first_use);
    tcase_add_test(t, a_missing_library_names_its_package);
    tcase_add_test(t, a_missing_function_is_named);
    return t;
}
