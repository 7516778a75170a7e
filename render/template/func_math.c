/* Arithmetic. The integer functions take anything as an integer and wrap around; the float
 * functions reckon in decimals, so that 0.1 and 0.2 make 0.3. */
#include <math.h>

#include "render/base/decimal.h"
#include "render/base/number.h"
#include "render/template/cast.h"
#include "render/template/func.h"
#include "render/template/print.h"

static struct value int64_of(uint64_t wrapped)
{
    return value_int64((int64_t)wrapped);
}

static uint64_t number(const struct call *c, uint32_t at)
{
    return (uint64_t)cast_int(c->args[at]);
}

static struct value add(struct call *c)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < c->count; i++)
        sum += number(c, i);
    return int64_of(sum);
}

static struct value add1(struct call *c)
{
    return int64_of(number(c, 0) + 1);
}

static struct value sub(struct call *c)
{
    return int64_of(number(c, 0) - number(c, 1));
}

static struct value mul(struct call *c)
{
    uint64_t product = number(c, 0);
    for (uint32_t i = 1; i < c->count; i++)
        product *= number(c, i);
    return int64_of(product);
}

static struct value divide(struct call *c)
{
    int64_t by = cast_int(c->args[1]);
    if (by == 0)
        return call_panic(c, "runtime error: integer divide by zero", "this divides by zero");
    /* The smallest number has no opposite. */
    return by == -1 ? int64_of(0 - number(c, 0)) : value_int64(cast_int(c->args[0]) / by);
}

static struct value mod(struct call *c)
{
    int64_t by = cast_int(c->args[1]);
    if (by == 0)
        return call_panic(c, "runtime error: integer divide by zero", "this divides by zero");
    return value_int64(by == -1 ? 0 : cast_int(c->args[0]) % by);
}

static struct value max(struct call *c)
{
    int64_t best = cast_int(c->args[0]);
    for (uint32_t i = 1; i < c->count; i++) {
        int64_t n = cast_int(c->args[i]);
        best = n > best ? n : best;
    }
    return value_int64(best);
}

static struct value min(struct call *c)
{
    int64_t best = cast_int(c->args[0]);
    for (uint32_t i = 1; i < c->count; i++) {
        int64_t n = cast_int(c->args[i]);
        best = n < best ? n : best;
    }
    return value_int64(best);
}

typedef struct decimal decimal_op(struct arena *a, struct decimal x, struct decimal y);

static bool decimal_arg(struct call *c, double f, struct decimal *d)
{
    if (isfinite(f)) {
        *d = decimal_from(c->arena, f);
        return true;
    }
    const char *what = isnan(f) ? "NaN" : f < 0 ? "-Inf" : "+Inf";
    str go = str_format(c->arena, "Cannot create a Decimal from %s", what);
    call_panic(c, str_cstr(c->arena, go), "%s is no number to reckon with", what);
    return false;
}

static struct value reckoned(struct call *c, double first, uint32_t from, decimal_op *op)
{
    struct decimal result, d;
    if (!decimal_arg(c, first, &result))
        return NIL;
    for (uint32_t i = from; i < c->count; i++) {
        if (!decimal_arg(c, cast_float(c->args[i]), &d))
            return NIL;
        if (!op && decimal_is_zero(d))
            return call_panic(c, "decimal division by 0", "this divides by zero");
        if (!limit_count(c->cx, LIMIT_STEPS, 1 + result.len / 16, c->pos))
            return call_stop(c);
        result = op ? op(c->arena, result, d) : decimal_div(c->arena, result, d, 16);
    }
    return value_float(decimal_float(c->arena, result));
}

static struct value addf(struct call *c)
{
    return reckoned(c, 0, 0, decimal_add);
}

static struct value add1f(struct call *c)
{
    return reckoned(c, 1, 0, decimal_add);
}

static struct value subf(struct call *c)
{
    return reckoned(c, cast_float(c->args[0]), 1, decimal_sub);
}

static struct value mulf(struct call *c)
{
    return reckoned(c, cast_float(c->args[0]), 1, decimal_mul);
}

static struct value divf(struct call *c)
{
    return reckoned(c, cast_float(c->args[0]), 1, NULL);
}

/* Go's math.Max of `sign` 1, math.Min of -1: NaN unless the infinity decides. */
static double extreme(double x, double y, int sign)
{
    double limit = sign * INFINITY;
    if (x == limit || y == limit)
        return limit;
    if (isnan(x) || isnan(y))
        return NAN;
    if (x == 0 && y == 0)
        return signbit(x) == (sign < 0) ? x : y;
    return (x > y) == (sign > 0) ? x : y;
}

static struct value most(struct call *c, int sign)
{
    double best = cast_float(c->args[0]);
    for (uint32_t i = 1; i < c->count; i++)
        best = extreme(best, cast_float(c->args[i]), sign);
    return value_float(best);
}

static struct value maxf(struct call *c)
{
    return most(c, 1);
}

static struct value minf(struct call *c)
{
    return most(c, -1);
}

static struct value ceil_(struct call *c)
{
    return value_float(ceil(cast_float(c->args[0])));
}

static struct value floor_(struct call *c)
{
    return value_float(floor(cast_float(c->args[0])));
}

/* Ten to the n, by squaring mantissas as Go does: beyond 22 the last bits differ from pow(). */
static double power_of_ten(int64_t n)
{
    if (n > 400 || n < -400)
        return n > 0 ? INFINITY : 0;
    int exponent = 4, power = 0;
    double square = 10.0 / 16, mantissa = 1;
    for (uint64_t bits = (uint64_t)(n < 0 ? -n : n); bits; bits >>= 1) {
        if (bits & 1) {
            mantissa *= square;
            power += exponent;
        }
        square *= square;
        exponent *= 2;
        if (square < .5) {
            square += square;
            exponent--;
        }
    }
    return n < 0 ? ldexp(1 / mantissa, -power) : ldexp(mantissa, power);
}

/* To so many places; a digit that reaches the third argument (0.5) rounds up. Below zero that
 * never happens. */
static struct value round_(struct call *c)
{
    double at_least = c->count > 2 ? c->args[2].f : .5;
    double power = power_of_ten(c->args[1].i);
    double scaled = power * cast_float(c->args[0]), whole;
    double fraction = isinf(scaled) ? NAN : modf(scaled, &whole);
    return value_float((fraction >= at_least ? ceil(scaled) : floor(scaled)) / power);
}

static struct value atoi_(struct call *c)
{
    int64_t i;
    number_int(value_str(c->args[0]), 10, 64, &i);
    return value_int(i);
}

static struct value int_(struct call *c)
{
    return value_int(cast_int(c->args[0]));
}

static struct value int64_(struct call *c)
{
    return value_int64(cast_int(c->args[0]));
}

static struct value float64_(struct call *c)
{
    return value_float(cast_float(c->args[0]));
}

/* What a file mode such as "0755" is in decimal. */
static struct value to_decimal(struct call *c)
{
    int64_t i;
    bool ok = number_int(print_text(c->arena, c->args[0]), 8, 64, &i) == NUMBER_OK;
    return value_int64(ok ? i : 0);
}

const struct func math_funcs[] = {
    { "add", ".*", add },
    { "add1", ".", add1 },
    { "add1f", ".", add1f },
    { "addf", ".*", addf },
    { "atoi", "s", atoi_ },
    { "biggest", "..*", max },
    { "ceil", ".", ceil_ },
    { "div", "..", divide },
    { "divf", "..*", divf },
    { "float64", ".", float64_ },
    { "floor", ".", floor_ },
    { "int", ".", int_ },
    { "int64", ".", int64_ },
    { "max", "..*", max },
    { "maxf", "..*", maxf },
    { "min", "..*", min },
    { "minf", "..*", minf },
    { "mod", "..", mod },
    { "mul", "..*", mul },
    { "mulf", "..*", mulf },
    { "round", ".if*", round_ },
    { "sub", "..", sub },
    { "subf", "..*", subf },
    { "toDecimal", ".", to_decimal },
    { 0 },
};
