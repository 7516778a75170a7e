/* Durations as Go prints and reads them: hours, minutes and seconds, below a second in ms, µs
 * or ns; read in any units and fractions. */
#include "render/base/gotime.h"

static const struct {
    const char *name;
    int64_t nanos;
} units[] = {
    { "ns", 1 },           { "us", 1000 },      { "\xc2\xb5s", 1000 }, /* the micro sign */
    { "\xce\xbcs", 1000 },                                             /* the letter mu */
    { "ms", 1000000 },     { "s", 1000000000 }, { "m", 60000000000 },  { "h", 3600000000000 },
};

/* n / 10^places without zeros at the end. */
static void print_decimal(struct buf *b, uint64_t n, int places)
{
    uint64_t scale = 1;
    for (int i = 0; i < places; i++)
        scale *= 10;
    buf_format(b, "%llu", (unsigned long long)(n / scale));
    n %= scale;
    if (n == 0)
        return;
    for (; n % 10 == 0; places--)
        n /= 10;
    buf_format(b, ".%0*llu", places, (unsigned long long)n);
}

static void print_small(struct buf *b, uint64_t n)
{
    int places = n < 1000 ? 0 : n < 1000000 ? 3 : 6;
    print_decimal(b, n, places);
    buf_str(b, places == 0 ? S("ns") : places == 3 ? S("\xc2\xb5s") : S("ms"));
}

void duration_print(struct buf *b, int64_t d)
{
    uint64_t n = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
    if (d < 0)
        buf_char(b, '-');
    if (n == 0) {
        buf_str(b, S("0s"));
        return;
    }
    if (n < 1000000000) {
        print_small(b, n);
        return;
    }
    uint64_t minutes = n / 60000000000;
    if (minutes >= 60)
        buf_format(b, "%lluh", (unsigned long long)(minutes / 60));
    if (minutes > 0)
        buf_format(b, "%llum", (unsigned long long)(minutes % 60));
    print_decimal(b, n % 60000000000, 9);
    buf_char(b, 's');
}

static bool refuse(struct arena *a, const char *what, str unit, str text, str *error)
{
    struct buf b;
    buf_init(&b, a, 64);
    buf_format(&b, "time: %s ", what);
    if (unit.len) {
        gotime_quote(&b, unit);
        buf_str(&b, S(" in duration "));
    }
    gotime_quote(&b, text);
    *error = buf_take(&b);
    return false;
}

static bool is_digit_at(str s, size_t at)
{
    return at < s.len && s.at[at] >= '0' && s.at[at] <= '9';
}

static const uint64_t most = (uint64_t)1 << 63;

/* Digits as a number, false when it passes 2^63. */
static bool take_whole(str *s, uint64_t *n)
{
    *n = 0;
    for (; is_digit_at(*s, 0); *s = str_skip(*s, 1)) {
        if (*n > most / 10)
            return false;
        *n = *n * 10 + (uint64_t)(s->at[0] - '0');
        if (*n > most)
            return false;
    }
    return true;
}

/* Digits behind the point: value and scale; those beyond 64 bits are dropped. */
static void take_fraction(str *s, uint64_t *n, double *scale)
{
    bool full = false;
    *n = 0;
    *scale = 1;
    for (; is_digit_at(*s, 0); *s = str_skip(*s, 1)) {
        uint64_t next = *n * 10 + (uint64_t)(s->at[0] - '0');
        full |= *n > (most - 1) / 10 || next > most;
        if (full)
            continue;
        *n = next;
        *scale *= 10;
    }
}

static int64_t unit_of(str name)
{
    for (size_t i = 0; i < countof(units); i++) {
        if (str_eq(name, str_from(units[i].name)))
            return units[i].nanos;
    }
    return 0;
}

/* A number and its unit, added to *sum; what is wrong otherwise. */
static const char *take_term(str *s, uint64_t *sum, str *bad_unit)
{
    uint64_t whole, fraction = 0;
    double scale = 1;
    size_t before = s->len, n = 0;
    if (!is_digit_at(*s, 0) && s->at[0] != '.')
        return "invalid duration";
    if (!take_whole(s, &whole))
        return "invalid duration";
    bool digits = s->len != before;
    if (str_starts(*s, S("."))) {
        *s = str_skip(*s, 1);
        before = s->len;
        take_fraction(s, &fraction, &scale);
        digits |= s->len != before;
    }
    if (!digits)
        return "invalid duration";
    while (n < s->len && s->at[n] != '.' && !is_digit_at(*s, n))
        n++;
    if (n == 0)
        return "missing unit in duration";
    int64_t unit = unit_of(str_slice(*s, 0, n));
    if (!unit) {
        *bad_unit = str_slice(*s, 0, n);
        return "unknown unit";
    }
    *s = str_skip(*s, n);
    if (whole > most / (uint64_t)unit)
        return "invalid duration";
    whole *= (uint64_t)unit;
    if (fraction)
        whole += (uint64_t)((double)fraction * ((double)unit / scale));
    *sum += whole;
    return whole > most || *sum > most ? "invalid duration" : NULL;
}

bool duration_parse(struct arena *a, str text, int64_t *out, str *error)
{
    str s = text, bad_unit = S("");
    uint64_t sum = 0;
    bool negative = str_starts(s, S("-"));
    *out = 0;
    if (negative || str_starts(s, S("+")))
        s = str_skip(s, 1);
    if (str_eq(s, S("0")))
        return true;
    const char *fault = s.len ? NULL : "invalid duration";
    while (s.len && !fault)
        fault = take_term(&s, &sum, &bad_unit);
    if (!fault && !negative && sum == most)
        fault = "invalid duration";
    if (fault)
        return refuse(a, fault, bad_unit, text, error);
    *out = negative ? (int64_t)(0 - sum) : (int64_t)sum;
    return true;
}

int64_t duration_truncate(int64_t d, int64_t to)
{
    return to <= 0 ? d : d - d % to;
}

int64_t duration_round(int64_t d, int64_t to)
{
    if (to <= 0)
        return d;
    int64_t rest = d % to, result;
    uint64_t size = rest < 0 ? 0 - (uint64_t)rest : (uint64_t)rest;
    if (size + size < (uint64_t)to)
        return d - rest;
    if (d < 0)
        return __builtin_sub_overflow(d - rest, to, &result) ? INT64_MIN : result;
    return __builtin_add_overflow(d - rest, to, &result) ? INT64_MAX : result;
}
