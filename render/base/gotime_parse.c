/* Reading moments by a layout.
 *
 * Spaces in the layout match any number of spaces. A fraction may follow the seconds even where the
 * layout has none. The first fault is reported with the element at which it came; a value out
 * of its range takes precedence over one that can't be read. */
#include "render/base/gotime.h"

#include <stdlib.h>

#include "render/base/gotime_layout.h"

struct reading {
    struct arena *arena;
    str layout; /* whole */
    str text;   /* whole */
    str rest;   /* of the text */
    str layout_rest;
    str *error;
    const char *out_of_range; /* what is */
    struct civil c;           /* month, day, yearday -1 while unknown */
    bool am, pm;
    bool utc;
    int offset; /* -1 while unknown */
    str abbreviation;
};

static bool refuse(struct reading *r, str element, str at)
{
    struct buf b;
    buf_init(&b, r->arena, 128);
    buf_str(&b, S("parsing time "));
    gotime_quote(&b, r->text);
    buf_str(&b, S(" as "));
    gotime_quote(&b, r->layout);
    buf_str(&b, S(": cannot parse "));
    gotime_quote(&b, at);
    buf_str(&b, S(" as "));
    gotime_quote(&b, element);
    *r->error = buf_take(&b);
    return false;
}

static bool refuse_because(struct reading *r, const char *what, const char *how)
{
    struct buf b;
    buf_init(&b, r->arena, 128);
    buf_str(&b, S("parsing time "));
    gotime_quote(&b, r->text);
    buf_format(&b, ": %s%s", what, how);
    *r->error = buf_take(&b);
    return false;
}

static bool is_digit_at(str s, size_t at)
{
    return at < s.len && s.at[at] >= '0' && s.at[at] <= '9';
}

static str skip_spaces(str s)
{
    while (s.len && s.at[0] == ' ')
        s = str_skip(s, 1);
    return s;
}

static bool skip_literal(struct reading *r, str literal)
{
    while (literal.len) {
        if (literal.at[0] == ' ') {
            if (r->rest.len && r->rest.at[0] != ' ')
                return false;
            literal = skip_spaces(literal);
            r->rest = skip_spaces(r->rest);
            continue;
        }
        if (!r->rest.len || r->rest.at[0] != literal.at[0])
            return false;
        literal = str_skip(literal, 1);
        r->rest = str_skip(r->rest, 1);
    }
    return true;
}

/* A whole text as a number, perhaps with a sign. */
static bool to_number(str s, int *n)
{
    bool negative = s.len && s.at[0] == '-';
    if (negative || (s.len && s.at[0] == '+'))
        s = str_skip(s, 1);
    int64_t sum = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_digit_at(s, i) || sum > INT32_MAX)
            return false;
        sum = sum * 10 + (s.at[i] - '0');
    }
    *n = (int)(negative ? -sum : sum);
    return true;
}

/* One or two digits, exactly two when `fixed`. */
static bool take_two(str *s, bool fixed, int *n)
{
    *n = 0;
    if (!is_digit_at(*s, 0) || (fixed && !is_digit_at(*s, 1)))
        return false;
    size_t count = is_digit_at(*s, 1) ? 2 : 1;
    to_number(str_slice(*s, 0, count), n);
    *s = str_skip(*s, count);
    return true;
}

static bool take_ranged(struct reading *r, bool fixed, int max, const char *what, int *n)
{
    bool ok = take_two(&r->rest, fixed, n);
    if (*n > max)
        r->out_of_range = what;
    return ok;
}

static bool same_letters(str text, str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char x = text.at[i] | 0x20, y = name.at[i] | 0x20;
        if (text.at[i] != name.at[i] && (x != y || x < 'a' || x > 'z'))
            return false;
    }
    return true;
}

static bool take_name(struct reading *r, const char *const *names, int count, bool shortened,
                      int *index)
{
    for (int i = 0; i < count; i++) {
        str name = str_from(names[i]);
        if (shortened)
            name = str_slice(name, 0, 3);
        if (r->rest.len < name.len || !same_letters(r->rest, name))
            continue;
        *index = i;
        r->rest = str_skip(r->rest, name.len);
        return true;
    }
    return false;
}

static bool take_year(struct reading *r, bool full)
{
    size_t width = full ? 4 : 2;
    int year;
    if (r->rest.len < width || (full && !is_digit_at(r->rest, 0)))
        return false;
    bool ok = to_number(str_slice(r->rest, 0, width), &year);
    r->rest = str_skip(r->rest, width);
    if (!full && ok)
        year += year >= 69 ? 1900 : 2000; /* Unix time begins in 1969 in some zones */
    r->c.year = ok ? year : 0;
    return ok;
}

static bool take_month(struct reading *r, bool fixed)
{
    bool ok = take_two(&r->rest, fixed, &r->c.month);
    if (ok && (r->c.month < 1 || r->c.month > 12))
        r->out_of_range = "month";
    return ok;
}

static bool take_month_name(struct reading *r, bool shortened)
{
    bool ok = take_name(r, month_names, 12, shortened, &r->c.month);
    r->c.month++;
    return ok;
}

static void skip_one_space(struct reading *r)
{
    if (r->rest.len && r->rest.at[0] == ' ')
        r->rest = str_skip(r->rest, 1);
}

static bool take_yearday(struct reading *r, bool fixed)
{
    if (!fixed) {
        skip_one_space(r);
        skip_one_space(r);
    }
    size_t n = 0;
    while (n < 3 && is_digit_at(r->rest, n))
        n++;
    if (n == 0 || (fixed && n != 3))
        return false;
    to_number(str_slice(r->rest, 0, n), &r->c.yearday);
    r->rest = str_skip(r->rest, n);
    return true;
}

/* A point or comma and n - 1 digits, of which nine count. */
static bool take_nanos(struct reading *r, size_t n)
{
    str digits = str_slice(r->rest, 1, n < 10 ? n : 10);
    if (!r->rest.len || (r->rest.at[0] != '.' && r->rest.at[0] != ','))
        return false;
    r->rest = str_skip(r->rest, n);
    if (!to_number(digits, &r->c.nano))
        return false;
    if (r->c.nano < 0)
        r->out_of_range = "fractional second";
    for (size_t i = digits.len; i < 9 && r->c.nano >= 0; i++)
        r->c.nano *= 10;
    return true;
}

static bool has_fraction(str s)
{
    return s.len >= 2 && (s.at[0] == '.' || s.at[0] == ',') && is_digit_at(s, 1);
}

static size_t fraction_end(str s)
{
    size_t n = 1;
    while (is_digit_at(s, n))
        n++;
    return n;
}

static bool take_second(struct reading *r, bool fixed)
{
    if (!take_two(&r->rest, fixed, &r->c.second))
        return false;
    if (r->c.second > 59)
        r->out_of_range = "second";
    if (r->out_of_range || !has_fraction(r->rest))
        return true;
    str ahead = r->layout_rest;
    enum element_kind next = gotime_next_element(&ahead).kind;
    if (next == ELEMENT_FRACTION || next == ELEMENT_FRACTION_TRIMMED)
        return true;
    return take_nanos(r, fraction_end(r->rest));
}

static bool take_pm(struct reading *r, str am, str pm)
{
    str two = str_slice(r->rest, 0, 2);
    r->pm |= str_eq(two, pm);
    r->am |= str_eq(two, am);
    if (!str_eq(two, pm) && !str_eq(two, am))
        return false;
    r->rest = str_skip(r->rest, 2);
    return true;
}

static bool take_fraction(struct reading *r, const struct element *e)
{
    if (e->kind == ELEMENT_FRACTION)
        return r->rest.len > (size_t)e->digits && take_nanos(r, (size_t)e->digits + 1);
    return !has_fraction(r->rest) || take_nanos(r, fraction_end(r->rest));
}

static bool take_offset(struct reading *r, const struct element *e)
{
    static const char *const too_large[] = { "time zone offset hour", "time zone offset minute",
                                             "time zone offset second" };
    static const int most[] = { 24, 60, 60 };
    if (e->zulu && str_starts(r->rest, S("Z"))) {
        r->rest = str_skip(r->rest, 1);
        r->utc = true;
        return true;
    }
    int pairs = e->digits / 2, part[3] = { 0 };
    size_t width = 1 + (size_t)e->digits + (e->colon ? (size_t)pairs - 1 : 0);
    if (r->rest.len < width)
        return false;
    str text = str_slice(r->rest, 0, width);
    for (int i = 1; i < pairs && e->colon; i++) {
        if (text.at[3 * i] != ':')
            return false;
    }
    bool ok = true;
    for (int i = 0; i < pairs && ok; i++) {
        str pair = str_skip(text, 1 + (size_t)i * (e->colon ? 3 : 2));
        ok = take_two(&pair, true, &part[i]);
    }
    for (int i = 0; i < 3; i++) {
        if (part[i] > most[i])
            r->out_of_range = too_large[i];
    }
    r->rest = str_skip(r->rest, width);
    r->offset = (part[0] * 60 + part[1]) * 60 + part[2];
    if (text.at[0] == '-')
        r->offset = -r->offset;
    return ok && (text.at[0] == '-' || text.at[0] == '+');
}

/* "+hh" as some zones are called: its length, 0 when it is none. */
static size_t signed_hours(str s)
{
    if (!s.len || (s.at[0] != '-' && s.at[0] != '+'))
        return 0;
    size_t n = 1;
    int64_t hours = 0;
    for (; is_digit_at(s, n); n++)
        hours = hours > 23 ? 24 : hours * 10 + (s.at[n] - '0');
    return n > 1 && hours <= 23 ? n : 0;
}

/* How long the abbreviation of a zone is that the text begins with; 0 when there is none. */
static size_t abbreviation_length(str s)
{
    size_t upper = 0;
    if (s.len < 3)
        return 0;
    if (str_starts(s, S("ChST")) || str_starts(s, S("MeST")))
        return 4;
    if (str_starts(s, S("GMT")))
        return 3 + signed_hours(str_skip(s, 3));
    if (s.at[0] == '+' || s.at[0] == '-')
        return signed_hours(s);
    while (upper < 6 && upper < s.len && s.at[upper] >= 'A' && s.at[upper] <= 'Z')
        upper++;
    if (upper == 3 || (upper == 5 && s.at[4] == 'T'))
        return upper;
    return upper == 4 && (s.at[3] == 'T' || str_starts(s, S("WITA"))) ? 4 : 0;
}

static bool take_zone(struct reading *r)
{
    if (str_starts(r->rest, S("UTC"))) {
        r->rest = str_skip(r->rest, 3);
        r->utc = true;
        return true;
    }
    size_t n = abbreviation_length(r->rest);
    if (n == 0)
        return false;
    r->abbreviation = str_slice(r->rest, 0, n);
    r->rest = str_skip(r->rest, n);
    return true;
}

static bool take_element(struct reading *r, const struct element *e)
{
    int ignored;
    switch (e->kind) {
    case ELEMENT_NONE:
        return true;
    case ELEMENT_YEAR:
    case ELEMENT_LONG_YEAR:
        return take_year(r, e->kind == ELEMENT_LONG_YEAR);
    case ELEMENT_MONTH:
    case ELEMENT_LONG_MONTH:
        return take_month_name(r, e->kind == ELEMENT_MONTH);
    case ELEMENT_NUM_MONTH:
    case ELEMENT_ZERO_MONTH:
        return take_month(r, e->kind == ELEMENT_ZERO_MONTH);
    case ELEMENT_WEEKDAY:
    case ELEMENT_LONG_WEEKDAY:
        return take_name(r, weekday_names, 7, e->kind == ELEMENT_WEEKDAY, &ignored);
    case ELEMENT_UNDER_DAY:
        skip_one_space(r);
        return take_two(&r->rest, false, &r->c.day);
    case ELEMENT_DAY:
    case ELEMENT_ZERO_DAY:
        return take_two(&r->rest, e->kind == ELEMENT_ZERO_DAY, &r->c.day);
    case ELEMENT_UNDER_YEARDAY:
    case ELEMENT_ZERO_YEARDAY:
        return take_yearday(r, e->kind == ELEMENT_ZERO_YEARDAY);
    case ELEMENT_HOUR:
        return take_ranged(r, false, 23, "hour", &r->c.hour);
    case ELEMENT_HOUR12:
    case ELEMENT_ZERO_HOUR12:
        return take_ranged(r, e->kind == ELEMENT_ZERO_HOUR12, 12, "hour", &r->c.hour);
    case ELEMENT_MINUTE:
    case ELEMENT_ZERO_MINUTE:
        return take_ranged(r, e->kind == ELEMENT_ZERO_MINUTE, 59, "minute", &r->c.minute);
    case ELEMENT_SECOND:
    case ELEMENT_ZERO_SECOND:
        return take_second(r, e->kind == ELEMENT_ZERO_SECOND);
    case ELEMENT_UPPER_PM:
        return take_pm(r, S("AM"), S("PM"));
    case ELEMENT_LOWER_PM:
        return take_pm(r, S("am"), S("pm"));
    case ELEMENT_ZONE:
        return take_zone(r);
    case ELEMENT_OFFSET:
        return take_offset(r, e);
    case ELEMENT_FRACTION:
    case ELEMENT_FRACTION_TRIMMED:
        return take_fraction(r, e);
    }
    return true;
}

static bool take_all(struct reading *r)
{
    for (;;) {
        struct element e = gotime_next_element(&r->layout_rest);
        if (!skip_literal(r, e.before))
            return refuse(r, e.before, r->rest);
        if (e.kind == ELEMENT_NONE)
            break;
        str hold = r->rest;
        bool ok = take_element(r, &e);
        if (r->out_of_range)
            return refuse_because(r, r->out_of_range, " out of range");
        if (!ok)
            return refuse(r, e.text, hold);
    }
    if (r->rest.len == 0)
        return true;
    struct buf b;
    buf_init(&b, r->arena, 64);
    gotime_quote(&b, r->rest);
    return refuse_because(r, "extra text: ", str_cstr(r->arena, buf_take(&b)));
}

/* A day of the year to month and day, which must agree with those that were given. */
static bool settle_yearday(struct reading *r)
{
    struct civil *c = &r->c;
    int last = gotime_days_in(c->year, 2) == 29 ? 366 : 365;
    if (c->yearday < 1 || c->yearday > last)
        return refuse_because(r, "day-of-year out of range", "");
    int month = 1, day = c->yearday;
    while (day > gotime_days_in(c->year, month))
        day -= gotime_days_in(c->year, month++);
    if (c->month >= 0 && c->month != month)
        return refuse_because(r, "day-of-year does not match month", "");
    if (c->day >= 0 && c->day != day)
        return refuse_because(r, "day-of-year does not match day", "");
    c->month = month;
    c->day = day;
    return true;
}

static bool settle_date(struct reading *r)
{
    struct civil *c = &r->c;
    if (r->pm && c->hour < 12)
        c->hour += 12;
    else if (r->am && c->hour == 12)
        c->hour = 0;
    if (c->yearday >= 0 && !settle_yearday(r))
        return false;
    if (c->month < 0)
        c->month = 1;
    if (c->day < 0)
        c->day = 1;
    if (c->day < 1 || c->day > gotime_days_in(c->year, c->month))
        return refuse_because(r, "day out of range", "");
    return true;
}

/* The local zone where it has that offset at that time, else one made for the purpose. */
static struct gotime with_offset(struct reading *r, struct gotime_zones zones)
{
    struct gotime t = gotime_date(r->c, &zone_utc);
    t.seconds -= r->offset;
    struct zone_state s = zone_at(zones.local, t.seconds);
    bool fits =
        s.offset == r->offset && (r->abbreviation.len == 0 || str_eq(s.name, r->abbreviation));
    t.zone = fits ? zones.local : zone_fixed(r->arena, r->abbreviation, r->offset);
    return t;
}

static struct gotime with_abbreviation(struct reading *r, struct gotime_zones zones)
{
    struct gotime t = gotime_date(r->c, &zone_utc);
    int32_t offset;
    int hours = 0;
    if (zone_offset_of(zones.local, r->abbreviation, t.seconds, &offset)) {
        t.seconds -= offset;
        t.zone = zones.local;
        return t;
    }
    /* An unknown one counts as no offset, but GMT+3 says its own, if not to the clock. */
    if (r->abbreviation.len > 3 && str_starts(r->abbreviation, S("GMT")))
        to_number(str_skip(r->abbreviation, 3), &hours);
    t.zone = zone_fixed(r->arena, r->abbreviation, hours * 3600);
    return t;
}

bool gotime_parse(struct arena *a, str layout, str text, struct gotime_zones zones,
                  struct gotime *out, str *error)
{
    struct reading r = { .arena = a,
                         .layout = layout,
                         .text = text,
                         .rest = text,
                         .layout_rest = layout,
                         .error = error,
                         .offset = -1 };
    r.c.month = r.c.day = r.c.yearday = -1;
    if (!take_all(&r) || !settle_date(&r))
        return false;
    if (r.utc)
        *out = gotime_date(r.c, &zone_utc);
    else if (r.offset != -1)
        *out = with_offset(&r, zones);
    else if (r.abbreviation.len)
        *out = with_abbreviation(&r, zones);
    else
        *out = gotime_date(r.c, zones.zone);
    return true;
}
