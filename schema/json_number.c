/* A number is its significant digits and where the point stands, so that comparing two of them is
 * comparing texts, whatever their exponents. */
#include "schema/json_number.h"

#include <math.h>
#include <stdio.h>

#include "render/base/buf.h"
#include "render/base/number.h"

enum { EXPONENT_MAX = 1000000000 };

static int64_t exponent(str text)
{
    int64_t e;
    number_int(str_trim_prefix(text, S("+")), 10, 64, &e);
    return e > EXPONENT_MAX ? EXPONENT_MAX : e < -EXPONENT_MAX ? -EXPONENT_MAX : e;
}

struct json_number json_number(struct arena *a, str text)
{
    struct json_number n = { .negative = str_starts(text, S("-")) };
    str whole, fraction, power = S("");
    text = str_skip(text, n.negative);
    ptrdiff_t e = str_find_char(text, 'e');
    if (e < 0)
        e = str_find_char(text, 'E');
    if (e >= 0) {
        power = str_skip(text, (size_t)e + 1);
        text = str_slice(text, 0, (size_t)e);
    }
    str_cut(text, '.', &whole, &fraction);
    n.digits = fraction.len ? str_concat(a, whole, fraction) : whole;
    n.point = (int64_t)whole.len + (power.len ? exponent(power) : 0);
    while (str_starts(n.digits, S("0"))) {
        n.digits = str_skip(n.digits, 1);
        n.point--;
    }
    while (str_ends(n.digits, S("0")))
        n.digits.len--;
    if (!n.digits.len)
        return (struct json_number){ 0 };
    return n;
}

int json_number_cmp(struct json_number x, struct json_number y)
{
    int sign = x.negative ? -1 : 1;
    if (x.negative != y.negative)
        return sign;
    if (!x.digits.len || !y.digits.len)
        return sign * ((x.digits.len > 0) - (y.digits.len > 0));
    if (x.point != y.point)
        return x.point < y.point ? -sign : sign;
    return sign * str_cmp(x.digits, y.digits);
}

bool json_number_is_whole(struct json_number n)
{
    return !n.digits.len || n.point >= (int64_t)n.digits.len;
}

/* The remainder of a row of digits; the divisor has at most 18. */
static uint64_t remainder_of(str digits, uint64_t divisor)
{
    unsigned __int128 rest = 0;
    for (size_t i = 0; i < digits.len; i++)
        rest = (rest * 10 + (unsigned)(digits.at[i] - '0')) % divisor;
    return (uint64_t)rest;
}

/* x * 10^power modulo `divisor`, by squaring. */
static uint64_t shifted_remainder(uint64_t x, uint64_t power, uint64_t divisor)
{
    unsigned __int128 result = x % divisor;
    unsigned __int128 factor = 10 % divisor;
    for (; power; power >>= 1) {
        if (power & 1)
            result = result * factor % divisor;
        factor = factor * factor % divisor;
    }
    return (uint64_t)result;
}

static double as_float(struct json_number n)
{
    char text[64];
    double f = 0;
    int len =
        snprintf(text, sizeof text, "0.%.*se%lld", (int)(n.digits.len > 30 ? 30 : n.digits.len),
                 n.digits.at, (long long)n.point);
    number_float((str){ text, (size_t)len }, 64, &f);
    return f;
}

bool json_number_divides(struct json_number divisor, struct json_number n)
{
    if (!divisor.digits.len || !n.digits.len)
        return divisor.digits.len > 0;
    /* As whole numbers: n.digits * 10^power / divisor.digits. */
    int64_t power =
        (n.point - (int64_t)n.digits.len) - (divisor.point - (int64_t)divisor.digits.len);
    uint64_t d;
    if (divisor.digits.len > 18 || number_uint(divisor.digits, 10, 64, &d) != NUMBER_OK)
        return json_number_cmp(divisor, n) == 0 || fmod(as_float(n), as_float(divisor)) == 0;
    if (power >= 0)
        return shifted_remainder(remainder_of(n.digits, d), (uint64_t)power, d) == 0;
    /* No digit of n is a zero at its end, so ten can't divide it: what is missing must come from
     * twos and fives that the divisor does not have. */
    return false;
}

int64_t json_number_count(struct json_number n)
{
    int64_t count = 0;
    if (n.point > 18)
        return n.negative ? INT64_MIN : INT64_MAX;
    for (int64_t i = 0; i < n.point; i++)
        count = count * 10 + (i < (int64_t)n.digits.len ? n.digits.at[i] - '0' : 0);
    return n.negative ? -count : count;
}

static void put_superscript(struct buf *b, str digits)
{
    static const char *const raised[] = { "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹" };
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.at[i] == '-')
            buf_str(b, S("⁻"));
        else if (digits.at[i] != '+')
            buf_str(b, str_from(raised[digits.at[i] - '0']));
    }
}

void json_number_print(struct buf *b, str text)
{
    char room[64];
    struct buf plain = { .at = room, .cap = sizeof room };
    double f = 0;
    str mantissa, power, whole, fraction;
    number_float(text, 64, &f);
    number_print_float(&plain, f, 'g', -1, 64);
    if (str_cut(buf_view(&plain), 'e', &mantissa, &power)) {
        buf_format(b, "%.*s×10", STR(mantissa));
        put_superscript(b, power);
        return;
    }
    str_cut(mantissa, '.', &whole, &fraction);
    bool negative = str_starts(whole, S("-"));
    for (size_t i = 0; i < whole.len; i++) {
        if (i > negative && (whole.len - i) % 3 == 0)
            buf_char(b, ',');
        buf_char(b, whole.at[i]);
    }
    if (fraction.len)
        buf_format(b, ".%.*s", STR(fraction));
}

static bool equal_maps(struct arena *a, const struct node *x, const struct node *y)
{
    for (uint32_t i = 0; i < x->len; i++) {
        const struct node *other = node_get(y, x->entries[i].key);
        if (!other || !json_equal(a, x->entries[i].value, other))
            return false;
    }
    return true;
}

static bool equal_lists(struct arena *a, const struct node *x, const struct node *y)
{
    for (uint32_t i = 0; i < x->len; i++) {
        if (!json_equal(a, x->items[i], y->items[i]))
            return false;
    }
    return true;
}

bool json_equal(struct arena *a, const struct node *x, const struct node *y)
{
    if (json_is_number(x) && json_is_number(y)) {
        struct mark before = arena_mark(a);
        bool same = json_number_cmp(json_number(a, x->text), json_number(a, y->text)) == 0;
        arena_rewind(a, before);
        return same;
    }
    if (x->kind != y->kind)
        return false;
    if (x->kind == NODE_NULL)
        return true;
    if (node_is_scalar(x))
        return str_eq(x->text, y->text);
    if (x->len != y->len)
        return false;
    return x->kind == NODE_MAP ? equal_maps(a, x, y) : equal_lists(a, x, y);
}

static uint64_t mixed(uint64_t hash, uint64_t more)
{
    return (hash ^ more) * UINT64_C(0x9E3779B97F4A7C15) + (hash >> 29);
}

uint64_t json_hash(struct arena *a, const struct node *n)
{
    uint64_t hash = mixed(17, n->kind == NODE_FLOAT ? NODE_INT : n->kind);
    if (json_is_number(n)) {
        struct mark before = arena_mark(a);
        struct json_number number = json_number(a, n->text);
        hash =
            mixed(mixed(hash, str_hash(number.digits)), (uint64_t)number.point + number.negative);
        arena_rewind(a, before);
    } else if (n->kind == NODE_LIST) {
        for (uint32_t i = 0; i < n->len; i++)
            hash = mixed(hash, json_hash(a, n->items[i]));
    } else if (n->kind == NODE_MAP) {
        /* The order of keys does not count, so neither may that of the sum. */
        for (uint32_t i = 0; i < n->len; i++)
            hash += mixed(str_hash(n->entries[i].key->text), json_hash(a, n->entries[i].value));
    } else if (n->kind != NODE_NULL) {
        hash = mixed(hash, str_hash(n->text));
    }
    return hash;
}
