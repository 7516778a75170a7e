/* Decimals: sums and quotients that floats can't hold. */
#include "render/base/decimal.h"

#include <math.h>

#include "tests/expect.h"

static double of(struct context *cx,
                 struct decimal (*op)(struct arena *, struct decimal, struct decimal), double x,
                 double y)
{
    struct arena *a = cx->arena;
    return decimal_float(a, op(a, decimal_from(a, x), decimal_from(a, y)));
}

static double quotient(struct context *cx, double x, double y)
{
    struct arena *a = cx->arena;
    return decimal_float(a, decimal_div(a, decimal_from(a, x), decimal_from(a, y), 16));
}

START_TEST(tenths_add_up)
{
    struct context *cx = test_context();
    ck_assert_double_eq(of(cx, decimal_add, 0.1, 0.2), 0.3);
    ck_assert_double_eq(of(cx, decimal_sub, 0.3, 0.1), 0.2);
    ck_assert_double_eq(of(cx, decimal_mul, 1.1, 1.1), 1.21);
    ck_assert_double_eq(of(cx, decimal_add, -5, 5), 0);
    ck_assert_double_eq(of(cx, decimal_sub, 1, 9), -8);
    ck_assert_double_eq(of(cx, decimal_add, 1e300, 1e-300), 1e300);
    ck_assert_double_eq(of(cx, decimal_mul, 1e300, 1e300), INFINITY);
    context_free(cx);
}
END_TEST

START_TEST(quotients_round_halves_away_from_zero)
{
    struct context *cx = test_context();
    ck_assert_double_eq(quotient(cx, 2, 3), 0.6666666666666667);
    ck_assert_double_eq(quotient(cx, -2, 3), -0.6666666666666667);
    ck_assert_double_eq(quotient(cx, 1e-16, 2), 1e-16);
    ck_assert_double_eq(quotient(cx, 1e-16, -2), -1e-16);
    ck_assert_double_eq(quotient(cx, 1e-17, 3), 0);
    ck_assert_double_eq(quotient(cx, 0, 7), 0);
    ck_assert_double_eq(quotient(cx, 1, 1e-300), 1e300);
    context_free(cx);
}
END_TEST

TCase *decimal_tests(void)
{
    TCase *t = tcase_create("decimal");
    tcase_add_test(t, tenths_add_up);
    tcase_add_test(t, quotients_round_halves_away_from_zero);
    return t;
}
