/* Reading numbers as Go does.
 *
 * Underscores are legal only where Go's literals have them: between digits, or after a base's
 * prefix. A value out of range is still given, clamped. number.tsv shows each rule. */
#include "render/base/number.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/base/quote.h"

int number_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char low = c | 0x20;
    return low >= 'a' && low <= 'z' ? low - 'a' + 10 : 99;
}

/* `first` is the offset behind a prefix such as 0x, where an underscore may stand. */
static bool underscores_fit(str s, size_t first, int base)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] != '_')
            continue;
        bool before = i > 0 && (i == first || number_digit(s.at[i - 1]) < base);
        if (!before || i + 1 == s.len || number_digit(s.at[i + 1]) >= base)
            return false;
    }
    return true;
}

/* The base that a prefix asks for, and where the digits begin. A lone 0 is octal, whose digits
 * then begin at the 0 itself. */
static int base_of_prefix(str s, size_t *first)
{
    *first = 0;
    if (s.len < 2 || s.at[0] != '0')
        return 10;
    *first = 2;
    switch (s.at[1] | 0x20) {
    case 'b':
        return 2;
    case 'o':
        return 8;
    case 'x':
        return 16;
    }
    *first = 0;
    return 8;
}

static enum number_error read_digits(str s, size_t first, int base, bool underscores, uint64_t max,
                                     uint64_t *out)
{
    uint64_t n = 0;
    if (first == s.len)
        return NUMBER_SYNTAX;
    for (size_t i = first; i < s.len; i++) {
        if (underscores && s.at[i] == '_')
            continue;
        int d = number_digit(s.at[i]);
        if (d >= base)
            return NUMBER_SYNTAX;
        if (__builtin_mul_overflow(n, (uint64_t)base, &n)
            || __builtin_add_overflow(n, (uint64_t)d, &n) || n > max) {
            *out = max;
            return NUMBER_RANGE;
        }
    }
    if (underscores && !underscores_fit(s, first, base))
        return NUMBER_SYNTAX;
    *out = n;
    return NUMBER_OK;
}

enum number_error number_uint(str s, int base, int bits, uint64_t *out)
{
    assert(base == 0 || (base >= 2 && base <= 36));
    assert(bits >= 1 && bits <= 64);
    uint64_t max = UINT64_MAX >> (64 - bits);
    size_t first = 0;
    bool prefixed = base == 0;
    *out = 0;
    if (prefixed)
        base = base_of_prefix(s, &first);
    return read_digits(s, first, base, prefixed, max, out);
}

enum number_error number_int(str s, int base, int bits, int64_t *out)
{
    bool negative = s.len && s.at[0] == '-';
    if (negative || (s.len && s.at[0] == '+'))
        s = str_skip(s, 1);
    uint64_t n;
    enum number_error error = number_uint(s, base, bits, &n);
    *out = 0;
    if (error == NUMBER_SYNTAX)
        return error;
    uint64_t limit = ((uint64_t)1 << (bits - 1)) - !negative;
    if (n > limit) {
        n = limit;
        error = NUMBER_RANGE;
    }
    *out = negative ? (int64_t)(0 - n) : (int64_t)n;
    return error;
}

/* No float needs more than 767 digits to be told from its neighbours; of further ones it only
 * matters whether all are zero. */
enum { DIGITS = 780 };

/* A float's text taken apart: the digits as an integer, times base^scale, times 2^e or 10^e. */
struct parts {
    char digits[DIGITS + 32];
    int len;
    int64_t scale;
    int base;
    uint64_t value; /* of the digits, when at most 19 */
    bool negative;
};

static void keep_digit(struct parts *p, int d, bool *dropped)
{
    if (p->len == 0 && d == 0)
        return;
    if (p->len == DIGITS) {
        *dropped |= d != 0;
        p->scale++;
        return;
    }
    if (p->len < 19)
        p->value = p->value * (uint64_t)p->base + (uint64_t)d;
    p->digits[p->len++] = "0123456789abcdef"[d];
}

/* The digits and point at *i; false when there is no digit. */
static bool read_mantissa(str s, size_t *i, struct parts *p)
{
    bool any = false, point = false, dropped = false;
    for (; *i < s.len; ++*i) {
        char c = s.at[*i];
        if (c == '_')
            continue;
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        int d = number_digit(c);
        if (d >= p->base)
            break;
        any = true;
        keep_digit(p, d, &dropped);
        p->scale -= point;
    }
    if (dropped) {
        p->digits[p->len++] = '1';
        p->scale--;
    }
    return any;
}

/* The exponent after its letter; false when it has no digit. */
static bool read_exponent(str s, size_t *i, int64_t *e)
{
    bool negative = *i < s.len && s.at[*i] == '-';
    if (negative || (*i < s.len && s.at[*i] == '+'))
        ++*i;
    if (*i == s.len || number_digit(s.at[*i]) > 9)
        return false;
    int64_t n = 0;
    for (; *i < s.len && (s.at[*i] == '_' || number_digit(s.at[*i]) <= 9); ++*i) {
        if (s.at[*i] != '_' && n < 10000)
            n = n * 10 + number_digit(s.at[*i]);
    }
    *e = negative ? -n : n;
    return true;
}

static bool take_apart(str s, struct parts *p)
{
    size_t i = 0;
    int64_t e = 0;
    bool hex = s.len > 2 && s.at[0] == '0' && (s.at[1] | 0x20) == 'x';
    p->base = hex ? 16 : 10;
    if (hex)
        i = 2;
    size_t first = i;
    if (!read_mantissa(s, &i, p))
        return false;
    char letter = i < s.len ? s.at[i] | 0x20 : '\0';
    if (letter == (hex ? 'p' : 'e')) {
        i++;
        if (!read_exponent(s, &i, &e))
            return false;
    } else if (hex) {
        return false;
    }
    p->scale = (hex ? 4 : 1) * p->scale + e;
    return i == s.len && underscores_fit(s, hex ? first : s.len + 1, p->base);
}

static bool read_special(str s, double *out)
{
    bool negative = s.len && s.at[0] == '-';
    bool sign = negative || (s.len && s.at[0] == '+');
    str word = str_skip(s, sign);
    if ((word.len == 3 && strncasecmp(word.at, "inf", 3) == 0)
        || (word.len == 8 && strncasecmp(word.at, "infinity", 8) == 0)) {
        *out = negative ? -INFINITY : INFINITY;
        return true;
    }
    if (!sign && word.len == 3 && strncasecmp(word.at, "nan", 3) == 0) {
        *out = NAN;
        return true;
    }
    return false;
}

/* Exact powers of ten: one multiplication or division by them rounds once, so it is right. */
static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };

static double magnitude(struct parts *p, int bits)
{
    if (p->len == 0)
        return 0;
    if (p->base == 10 && bits == 64 && p->len <= 15 && p->scale >= -22 && p->scale <= 22) {
        double v = (double)p->value;
        return p->scale < 0 ? v / powers[-p->scale] : v * powers[p->scale];
    }
    char text[DIGITS + 64];
    int n = snprintf(text, sizeof text, "%s%.*s%c%lld", p->base == 16 ? "0x" : "", p->len,
                     p->digits, p->base == 16 ? 'p' : 'e', (long long)p->scale);
    assert(n > 0 && (size_t)n < sizeof text);
    (void)n;
    return bits == 32 ? (double)strtof(text, NULL) : strtod(text, NULL);
}

enum number_error number_float(str s, int bits, double *out)
{
    *out = 0;
    if (read_special(s, out))
        return NUMBER_OK;
    struct parts p;
    p.len = 0;
    p.scale = 0;
    p.value = 0;
    p.negative = s.len && s.at[0] == '-';
    if (p.negative || (s.len && s.at[0] == '+'))
        s = str_skip(s, 1);
    if (!take_apart(s, &p))
        return NUMBER_SYNTAX;
    double v = magnitude(&p, bits);
    *out = p.negative ? -v : v;
    return isinf(v) ? NUMBER_RANGE : NUMBER_OK;
}

bool number_bool(str s, bool *out)
{
    static const str words[] = { S("0"), S("f"), S("F"), S("FALSE"), S("false"), S("False"),
                                 S("1"), S("t"), S("T"), S("TRUE"),  S("true"),  S("True") };
    for (size_t i = 0; i < countof(words); i++) {
        if (!str_eq(s, words[i]))
            continue;
        *out = i >= countof(words) / 2;
        return true;
    }
    return false;
}

str number_error_text(struct arena *a, const char *function, str s, enum number_error error)
{
    struct buf b;
    buf_init(&b, a, s.len + 64);
    buf_format(&b, "strconv.%s: parsing ", function);
    quote(&b, s);
    buf_str(&b, error == NUMBER_RANGE ? S(": value out of range") : S(": invalid syntax"));
    return buf_take(&b);
}
