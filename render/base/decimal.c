/* Schoolbook arithmetic on digits: the numbers here are floats, so seventeen digits long and at
 * most some hundreds apart. */
#include "render/base/decimal.h"

#include "render/base/number.h"

struct decimal decimal_from(struct arena *a, double f)
{
    struct number_digits n = number_shortest(f, 64);
    unsigned char *digits = arena_alloc(a, (size_t)n.len + 1);
    for (int i = 0; i < n.len; i++)
        digits[i] = (unsigned char)(n.at[i] - '0');
    return (struct decimal){ digits, (uint32_t)n.len, n.len ? n.point - n.len : 0, n.negative };
}

double decimal_float(struct arena *a, struct decimal d)
{
    struct buf b;
    double f = 0;
    buf_init(&b, a, (size_t)d.len + 16);
    if (d.negative && d.len)
        buf_char(&b, '-');
    for (uint32_t i = 0; i < d.len; i++)
        buf_char(&b, (char)('0' + d.digits[i]));
    buf_format(&b, d.len ? "e%d" : "0", d.power);
    number_float(buf_view(&b), 64, &f);
    return f;
}

/* Without zeros in front. */
static struct decimal trimmed(const unsigned char *digits, uint32_t len, int32_t power,
                              bool negative)
{
    while (len && *digits == 0) {
        digits++;
        len--;
    }
    return (struct decimal){ digits, len, power, negative && len };
}

/* The same number with so many zeros behind. */
static struct decimal shifted(struct arena *a, struct decimal d, uint32_t zeros)
{
    if (!zeros || !d.len) {
        d.power -= (int32_t)zeros;
        return d;
    }
    unsigned char *digits = arena_zero(a, (size_t)d.len + zeros);
    memcpy(digits, d.digits, d.len);
    return (struct decimal){ digits, d.len + zeros, d.power - (int32_t)zeros, d.negative };
}

static int compare(const unsigned char *x, uint32_t x_len, const unsigned char *y, uint32_t y_len)
{
    if (x_len != y_len)
        return x_len < y_len ? -1 : 1;
    return x_len ? memcmp(x, y, x_len) : 0;
}

/* |x| + |y|, of one power. */
static struct decimal plus(struct arena *a, struct decimal x, struct decimal y)
{
    uint32_t len = (x.len > y.len ? x.len : y.len) + 1;
    unsigned char *sum = arena_alloc(a, len), carry = 0;
    for (uint32_t i = 0; i < len; i++) {
        unsigned char digit = carry;
        digit += i < x.len ? x.digits[x.len - 1 - i] : 0;
        digit += i < y.len ? y.digits[y.len - 1 - i] : 0;
        carry = digit > 9;
        sum[len - 1 - i] = carry ? digit - 10 : digit;
    }
    return trimmed(sum, len, x.power, x.negative);
}

/* x -= y in place, both as long as x; x is not the smaller. */
static void take(unsigned char *x, uint32_t x_len, const unsigned char *y, uint32_t y_len)
{
    unsigned char borrow = 0;
    for (uint32_t i = 0; i < x_len && (i < y_len || borrow); i++) {
        unsigned char *digit = &x[x_len - 1 - i];
        unsigned char less = borrow + (i < y_len ? y[y_len - 1 - i] : 0);
        borrow = *digit < less;
        *digit = borrow ? *digit + 10 - less : *digit - less;
    }
}

/* |x| - |y|, of one power; negative when y is the larger. */
static struct decimal minus(struct arena *a, struct decimal x, struct decimal y)
{
    bool swap = compare(x.digits, x.len, y.digits, y.len) < 0;
    struct decimal large = swap ? y : x, small = swap ? x : y;
    unsigned char *digits = arena_copy(a, large.digits, large.len);
    take(digits, large.len, small.digits, small.len);
    return trimmed(digits, large.len, x.power, swap != x.negative);
}

struct decimal decimal_add(struct arena *a, struct decimal x, struct decimal y)
{
    if (x.power > y.power)
        x = shifted(a, x, (uint32_t)(x.power - y.power));
    else
        y = shifted(a, y, (uint32_t)(y.power - x.power));
    return x.negative == y.negative ? plus(a, x, y) : minus(a, x, y);
}

struct decimal decimal_sub(struct arena *a, struct decimal x, struct decimal y)
{
    y.negative = !y.negative;
    return decimal_add(a, x, y);
}

struct decimal decimal_mul(struct arena *a, struct decimal x, struct decimal y)
{
    uint32_t len = x.len + y.len;
    unsigned char *digits = arena_zero(a, (size_t)len + 1);
    for (uint32_t i = x.len; i-- > 0;) {
        uint32_t carry = 0;
        for (uint32_t j = y.len; j-- > 0;) {
            uint32_t sum = digits[i + j + 1] + x.digits[i] * y.digits[j] + carry;
            digits[i + j + 1] = (unsigned char)(sum % 10);
            carry = sum / 10;
        }
        digits[i] = (unsigned char)carry;
    }
    return trimmed(digits, len, x.power + y.power, x.negative != y.negative);
}

struct decimal decimal_div(struct arena *a, struct decimal x, struct decimal y, uint32_t places)
{
    int32_t zeros = x.power - y.power + (int32_t)places;
    if (zeros >= 0)
        x = shifted(a, x, (uint32_t)zeros);
    else
        y = shifted(a, y, (uint32_t)-zeros);
    unsigned char *quotient = arena_zero(a, (size_t)x.len + 1);
    unsigned char *rest = arena_zero(a, (size_t)x.len + 1);
    uint32_t from = 0; /* rest[from..i] is what has not been divided yet */
    for (uint32_t i = 0; i < x.len; i++) {
        rest[i] = x.digits[i];
        while (from <= i && rest[from] == 0)
            from++;
        while (compare(rest + from, i + 1 - from, y.digits, y.len) >= 0) {
            take(rest + from, i + 1 - from, y.digits, y.len);
            quotient[i + 1]++;
            while (from <= i && rest[from] == 0)
                from++;
        }
    }
    bool negative = x.negative != y.negative;
    struct decimal q = trimmed(quotient, x.len + 1, -(int32_t)places, negative);
    struct decimal left = trimmed(rest, x.len, 0, false);
    struct decimal twice = plus(a, left, left);
    if (compare(twice.digits, twice.len, y.digits, y.len) < 0)
        return q;
    static const unsigned char one = 1;
    q.negative = negative;
    return plus(a, q, (struct decimal){ &one, 1, q.power, negative });
}
