/* Dates, times and durations of RFC 3339. */
#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "schema/json_formats.h"

static bool no(str *why, const char *what)
{
    *why = str_from(what);
    return false;
}

bool fits_date(struct arena *a, str s, str *why)
{
    struct gotime t;
    return gotime_parse(a, S("2006-01-02"), s, (struct gotime_zones){ &zone_utc, &zone_utc }, &t,
                        why);
}

/* Numbers as strconv.Atoi reads them, so that "+1" is one, too. */
static bool take_numbers(str s, int n, int out[], str *why, const char *malformed,
                         const char *negative)
{
    str part;
    for (int i = 0; i < n; i++) {
        int64_t v;
        str_next_field(&s, ':', &part);
        if (number_int(part, 10, 64, &v) != NUMBER_OK)
            return no(why, malformed);
        if (v < 0)
            return no(why, negative);
        out[i] = (int)v;
    }
    return true;
}

/* "+01:00"; *minutes is what has to be added to be in UTC. */
static bool take_offset(str s, int *minutes, str *why)
{
    int zone[2];
    if (s.len != 6)
        return no(why, "offset must be 6 characters long");
    if (s.at[0] != '+' && s.at[0] != '-')
        return no(why, "offset must begin with plus/minus");
    int sign = s.at[0] == '+' ? -1 : 1;
    s = str_skip(s, 1);
    if (s.at[2] != ':')
        return no(why, "missing colon in offset in correct place");
    if (!take_numbers(s, 2, zone, why, "invalid hour/min in offset",
                      "non-positive hour/min in offset"))
        return false;
    if (zone[0] > 23 || zone[1] > 59)
        return no(why, "hour/min in offset out of range");
    *minutes = sign * (zone[0] * 60 + zone[1]);
    return true;
}

bool fits_time(struct arena *a, str s, str *why)
{
    int clock[3], minutes = 0;
    (void)a;
    if (s.len < 9)
        return no(why, "less than 9 characters long");
    if (s.at[2] != ':' || s.at[5] != ':')
        return no(why, "missing colon in correct place");
    if (!take_numbers(str_slice(s, 0, 8), 3, clock, why, "invalid hour/min/sec",
                      "non-positive hour/min/sec"))
        return false;
    if (clock[0] > 23 || clock[1] > 59 || clock[2] > 60)
        return no(why, "hour/min/sec out of range");
    s = str_skip(s, 8);
    if (str_starts(s, S("."))) {
        size_t digits = 1;
        while (digits < s.len && s.at[digits] >= '0' && s.at[digits] <= '9')
            digits++;
        if (digits == 1)
            return no(why, "no digits in second fraction");
        s = str_skip(s, digits);
    }
    if (!str_eq(s, S("z")) && !str_eq(s, S("Z")) && !take_offset(s, &minutes, why))
        return false;
    minutes += clock[0] * 60 + clock[1];
    minutes += minutes < 0 ? 24 * 60 : 0;
    /* A leap second is the last one of a day, in UTC. */
    return clock[2] < 60 || minutes == 23 * 60 + 59 || no(why, "invalid leap second");
}

bool fits_date_time(struct arena *a, str s, str *why)
{
    if (s.len < 20)
        return no(why, "less than 20 characters long");
    if (s.at[10] != 't' && s.at[10] != 'T')
        return no(why, "11th character must be t or T");
    if (!fits_date(a, str_slice(s, 0, 10), why)) {
        *why = str_format(a, "invalid date element: %.*s", STR(*why));
        return false;
    }
    if (fits_time(a, str_skip(s, 11), why))
        return true;
    *why = str_format(a, "invalid time element: %.*s", STR(*why));
    return false;
}

static size_t count_digits(str s)
{
    size_t n = 0;
    while (n < s.len && s.at[n] >= '0' && s.at[n] <= '9')
        n++;
    return n;
}

/* "1Y2M": numbers and units, in the order of the units. */
static bool take_units(struct arena *a, str s, str all, str *why)
{
    str units = all;
    while (s.len) {
        size_t digits = count_digits(s);
        if (!digits)
            return no(why, "missing number");
        s = str_skip(s, digits);
        if (!s.len)
            return no(why, "missing unit");
        ptrdiff_t at = str_find_char(units, s.at[0]);
        if (at < 0) {
            struct buf b;
            buf_init(&b, a, 32);
            buf_str(&b, str_has_char(all, s.at[0]) ? S("unit ") : S("invalid unit "));
            quote_rune(&b, (unsigned char)s.at[0], false);
            if (str_has_char(all, s.at[0]))
                buf_str(&b, S(" out of order"));
            *why = buf_view(&b);
            return false;
        }
        units = str_skip(units, (size_t)at + 1);
        s = str_skip(s, 1);
    }
    return true;
}

bool fits_duration(struct arena *a, str s, str *why)
{
    static const str units[] = { S("YMD"), S("HMS") };
    str part;
    if (!str_starts(s, S("P")))
        return no(why, "must start with P");
    s = str_skip(s, 1);
    if (!s.len)
        return no(why, "nothing after P");
    if (str_ends(s, S("W"))) {
        s.len--;
        if (!s.len)
            return no(why, "no number in week");
        return count_digits(s) == s.len || no(why, "invalid week");
    }
    for (size_t i = 0; str_next_field(&s, 'T', &part); i++) {
        if (i > 0 && !part.len)
            return no(why, "no time elements");
        if (i == countof(units))
            return no(why, "more than one T");
        if (!take_units(a, part, units[i], why))
            return false;
    }
    return true;
}

static bool fits_end(struct arena *a, str s, bool duration, const char *which, str *why)
{
    if (duration ? fits_duration(a, s, why) : fits_date_time(a, s, why))
        return true;
    *why =
        str_format(a, "invalid %s %s: %.*s", which, duration ? "duration" : "date-time", STR(*why));
    return false;
}

bool fits_period(struct arena *a, str s, str *why)
{
    str start, end;
    if (!str_cut(s, '/', &start, &end))
        return no(why, "missing slash");
    bool lasts = str_starts(start, S("P"));
    return fits_end(a, start, lasts, "start", why)
           && fits_end(a, end, !lasts && str_starts(end, S("P")), "end", why);
}
