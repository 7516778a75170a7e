/* Printing numbers as Go does.
 *
 * The shortest digits are found by trying: few-digit decimals by one exact division, the rest by
 * printing 15, 16, 17 digits and reading them back. The C library's %e and %f are exact, so fixed
 * precisions come from there; Go differs from it in exponents (e+06, p+00) and in hex form. */
#include "render/base/number.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void number_print_uint(struct buf *b, uint64_t v, int base)
{
    char digits[64];
    size_t at = sizeof digits;
    do
        digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[v % (unsigned)base];
    while (v /= (unsigned)base);
    buf_str(b, (str){ digits + at, sizeof digits - at });
}

void number_print_int(struct buf *b, int64_t v, int base)
{
    if (v < 0)
        buf_char(b, '-');
    number_print_uint(b, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, base);
}

static void drop_zeros(struct number_digits *d)
{
    while (d->len && d->at[d->len - 1] == '0')
        d->len--;
}

/* The integer `n` times ten to the power of -scale. */
static struct number_digits digits_of(uint64_t n, int scale)
{
    struct number_digits d;
    d.len = snprintf(d.at, sizeof d.at, "%llu", (unsigned long long)n);
    d.point = d.len - scale;
    drop_zeros(&d);
    return d;
}

/* Values such as 3, 0.25 or 12.125: an integer below 2^53 over a power of ten, fifteen digits at
 * most, is the only decimal of its length that reads as this value. */
static bool try_few_digits(double v, struct number_digits *d)
{
    static const double powers[] = { 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6 };
    if (!(v < 1e15))
        return false;
    for (int k = 0; k < (int)countof(powers); k++) {
        double n = nearbyint(v * powers[k]);
        if (n >= 1e15)
            return false;
        if (n / powers[k] == v) {
            *d = digits_of((uint64_t)n, k);
            return true;
        }
    }
    return false;
}

static bool reads_back(const char *text, double v, int bits)
{
    return bits == 32 ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v;
}

/* "d.ddde±x" as digits and a point. */
static struct number_digits digits_of_text(const char *text)
{
    struct number_digits d = { .len = 0 };
    const char *c = text;
    for (; *c && *c != 'e'; c++) {
        if (*c != '.')
            d.at[d.len++] = *c;
    }
    d.point = atoi(c + 1) + 1;
    drop_zeros(&d);
    return d;
}

/* The decimal one unit above in its last place. Below a power of two the values lie twice as
 * dense as above it, so that the nearest decimal may read as the value below, while the next
 * one up still reads as this: 2^-44 is 5.684341886080802e-14. */
static bool next_decimal_reads_back(char *text, double v, int bits)
{
    char *end = strchr(text, 'e');
    char *last = end - 1;
    while (last > text && *last == '9')
        last--;
    if (*last == '9' || *last == '.')
        return false;
    ++*last;
    for (char *c = last + 1; c < end; c++)
        *c = *c == '.' ? '.' : '0';
    return reads_back(text, v, bits);
}

static struct number_digits shortest_by_trying(double v, int bits)
{
    bool dense = bits == 32 ? v >= FLT_MIN : v >= DBL_MIN;
    int sure = bits == 32 ? FLT_DIG : DBL_DIG;
    int exponent;
    bool power_of_two = frexp(v, &exponent) == 0.5;
    char text[40];
    for (int n = dense ? sure : 1; n < 17; n++) {
        snprintf(text, sizeof text, "%.*e", n - 1, v);
        if (reads_back(text, v, bits)
            || (power_of_two && n > sure && next_decimal_reads_back(text, v, bits)))
            return digits_of_text(text);
    }
    snprintf(text, sizeof text, "%.16e", v);
    return digits_of_text(text);
}

struct number_digits number_shortest(double v, int bits)
{
    struct number_digits d = { .negative = signbit(v) };
    double size = fabs(v);
    if (size == 0)
        return d;
    if (bits == 32 || !try_few_digits(size, &d))
        d = shortest_by_trying(size, bits);
    d.negative = signbit(v);
    return d;
}

/* Digits to be laid out: 0.d1d2… times ten to the power of `point`; zeros follow the last. */
struct layout {
    const char *at;
    int len;
    int point;
};

static void print_run(struct buf *b, struct layout d, int from, int count)
{
    for (int i = from; i < from + count; i++)
        buf_char(b, i >= 0 && i < d.len ? d.at[i] : '0');
}

static void print_exponent(struct buf *b, char letter, int e)
{
    buf_format(b, "%c%c%02d", letter, e < 0 ? '-' : '+', abs(e));
}

/* d.ddde±xx with `places` digits behind the point. */
static void print_scientific(struct buf *b, struct layout d, char letter, int places)
{
    print_run(b, d, 0, 1);
    if (places > 0) {
        buf_char(b, '.');
        print_run(b, d, 1, places);
    }
    print_exponent(b, letter, d.len ? d.point - 1 : 0);
}

/* ddd.ddd with as many places behind the point as there are digits. */
static void print_plain(struct buf *b, struct layout d)
{
    if (d.len && d.point > 0)
        print_run(b, d, 0, d.point);
    else
        buf_char(b, '0');
    if (d.len > d.point) {
        buf_char(b, '.');
        print_run(b, d, d.point, d.len - d.point);
    }
}

static void print_general(struct buf *b, struct layout d, char verb, int limit)
{
    if (d.len && (d.point - 1 < -4 || d.point - 1 >= limit))
        print_scientific(b, d, verb == 'G' ? 'E' : 'e', d.len - 1);
    else
        print_plain(b, d);
}

/* A double has at most 767 digits, and at most 1074 places behind the point. */
enum { MOST_DIGITS = 770, MOST_PLACES = 1080, MOST_TEXT = 1500 };

static void print_fixed_plain(struct buf *b, double size, int precision)
{
    char text[MOST_TEXT];
    int places = precision < MOST_PLACES ? precision : MOST_PLACES;
    int n = snprintf(text, sizeof text, "%.*f", places, size);
    assert(n > 0 && (size_t)n < sizeof text);
    buf_str(b, (str){ text, (size_t)n });
    buf_repeat(b, '0', (size_t)(precision - places));
}

/* The value rounded to n digits, zeros at the end dropped. */
static struct layout round_to(double size, int n, char digits[MOST_TEXT])
{
    struct layout d = { digits, 0, 0 };
    char text[MOST_TEXT];
    snprintf(text, sizeof text, "%.*e", (n < MOST_DIGITS ? n : MOST_DIGITS) - 1, size);
    const char *c = text;
    for (; *c != 'e'; c++) {
        if (*c != '.')
            digits[d.len++] = *c;
    }
    d.point = atoi(c + 1) + 1;
    while (d.len && digits[d.len - 1] == '0')
        d.len--;
    if (d.len == 0)
        d.point = 0;
    return d;
}

static void print_fixed(struct buf *b, double size, char verb, int precision)
{
    char digits[MOST_TEXT];
    if (verb == 'e' || verb == 'E') {
        int n = precision < MOST_DIGITS ? precision + 1 : MOST_DIGITS;
        print_scientific(b, round_to(size, n, digits), verb, precision);
        return;
    }
    int n = precision ? precision : 1;
    struct layout d = round_to(size, n, digits);
    print_general(b, d, verb, n > d.len && d.len >= d.point ? d.len : n);
}

static void print_shortest(struct buf *b, double size, char verb, int bits)
{
    struct number_digits s = number_shortest(size, bits);
    struct layout d = { s.at, s.len, s.len ? s.point : 0 };
    if (verb == 'e' || verb == 'E')
        print_scientific(b, d, verb, d.len ? d.len - 1 : 0);
    else if (verb == 'f' || verb == 'F')
        print_plain(b, d);
    else /* without a precision Go decides as if it were 6: 1234567 is 1.234567e+06 */
        print_general(b, d, verb, 6);
}

/* Mantissa as an integer and power of two. */
static void print_binary(struct buf *b, double size, int bits)
{
    int width = bits == 32 ? FLT_MANT_DIG : DBL_MANT_DIG;
    int least = bits == 32 ? FLT_MIN_EXP - FLT_MANT_DIG : DBL_MIN_EXP - DBL_MANT_DIG;
    int e = least;
    if (size != 0) {
        frexp(size, &e);
        e = e - width > least ? e - width : least;
    }
    buf_format(b, "%.0fp%+d", ldexp(size, -e), e);
}

/* 0x1.yyyp±dd; a fixed precision rounds half to even. */
static void print_hex(struct buf *b, double size, char verb, int precision)
{
    int e = 0;
    uint64_t mantissa = 0; /* one digit before the point, thirteen behind it */
    if (size != 0)
        mantissa = (uint64_t)ldexp(frexp(size, &e), 53);
    if (precision >= 0 && precision < 13) {
        int cut = 4 * (13 - precision);
        uint64_t rest = mantissa & (((uint64_t)1 << cut) - 1);
        uint64_t half = (uint64_t)1 << (cut - 1);
        mantissa >>= cut;
        mantissa += rest > half || (rest == half && (mantissa & 1));
        mantissa <<= cut;
        if (mantissa >> 53) {
            mantissa >>= 1;
            e++;
        }
    }
    const char *hex = verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    buf_format(b, "0%c%d", verb, (int)(mantissa >> 52));
    mantissa <<= 12;
    if (precision != 0 && (precision > 0 || mantissa))
        buf_char(b, '.');
    for (int i = 0; precision < 0 ? mantissa != 0 : i < precision; i++, mantissa <<= 4)
        buf_char(b, hex[mantissa >> 60]);
    print_exponent(b, verb == 'X' ? 'P' : 'p', size != 0 ? e - 1 : 0);
}

static bool print_special(struct buf *b, double v)
{
    if (isfinite(v))
        return false;
    buf_str(b, isnan(v) ? S("NaN") : v < 0 ? S("-Inf") : S("+Inf"));
    return true;
}

void number_print_float(struct buf *b, double v, char verb, int precision, int bits)
{
    assert(strchr("beEfFgGxX", verb));
    if (print_special(b, v))
        return;
    if (signbit(v))
        buf_char(b, '-');
    double size = fabs(v);
    if (verb == 'b')
        print_binary(b, size, bits);
    else if (verb == 'x' || verb == 'X')
        print_hex(b, size, verb, precision);
    else if (precision < 0)
        print_shortest(b, size, verb, bits);
    else if (verb == 'f' || verb == 'F')
        print_fixed_plain(b, size, precision);
    else
        print_fixed(b, size, verb, precision);
}

void number_print_json(struct buf *b, double v, int bits)
{
    double size = fabs(v);
    bool far =
        bits == 32 ? (float)size < 1e-6f || (float)size >= 1e21f : size < 1e-6 || size >= 1e21;
    number_print_float(b, v, size != 0 && far ? 'e' : 'f', -1, bits);
    /* JSON drops the zero of e-09, and e+09 can't come here. */
    char *end = b->at + b->len;
    if (b->len >= 4 && end[-4] == 'e' && end[-3] == '-' && end[-2] == '0') {
        end[-2] = end[-1];
        b->len--;
    }
}
