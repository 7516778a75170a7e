/* POSIX TZ rules: names, offsets west of Greenwich, and when summer time begins and ends. */
#include "render/base/zone_rule.h"

#include "render/base/gotime.h"

enum { HOUR = 3600, DAY = 86400 };

enum rule_kind { RULE_JULIAN, RULE_DAY, RULE_WEEKDAY };

struct rule {
    enum rule_kind kind;
    int day;
    int week;
    int month;
    int time; /* seconds after midnight */
};

static bool take_char(str *s, char c)
{
    if (!s->len || s->at[0] != c)
        return false;
    *s = str_skip(*s, 1);
    return true;
}

static bool take_name(str *s, str *name)
{
    size_t n = 0;
    if (take_char(s, '<')) {
        ptrdiff_t end = str_find_char(*s, '>');
        *name = str_slice(*s, 0, (size_t)(end < 0 ? 0 : end));
        *s = str_skip(*s, (size_t)(end < 0 ? 0 : end) + 1);
        return end >= 0;
    }
    while (n < s->len && !str_has_char(S("0123456789,-+"), s->at[n]))
        n++;
    *name = str_slice(*s, 0, n);
    *s = str_skip(*s, n);
    return n >= 3;
}

static bool take_number(str *s, int min, int max, int *n)
{
    size_t i = 0;
    *n = 0;
    for (; i < s->len && s->at[i] >= '0' && s->at[i] <= '9'; i++) {
        *n = *n * 10 + (s->at[i] - '0');
        if (*n > max)
            return false;
    }
    *s = str_skip(*s, i);
    return i > 0 && *n >= min;
}

/* [+-]hh[:mm[:ss]], where tzdata writes up to a week of hours. */
static bool take_offset(str *s, int *offset)
{
    int parts[3] = { 0 };
    bool negative = take_char(s, '-');
    if (!negative)
        take_char(s, '+');
    if (!take_number(s, 0, 24 * 7, &parts[0]))
        return false;
    for (int i = 1; i < 3 && take_char(s, ':'); i++) {
        if (!take_number(s, 0, 59, &parts[i]))
            return false;
    }
    *offset = parts[0] * HOUR + parts[1] * 60 + parts[2];
    *offset = negative ? -*offset : *offset;
    return true;
}

static bool take_rule(str *s, struct rule *r)
{
    bool ok;
    *r = (struct rule){ .time = 2 * HOUR };
    if (take_char(s, 'J')) {
        r->kind = RULE_JULIAN;
        ok = take_number(s, 1, 365, &r->day);
    } else if (take_char(s, 'M')) {
        r->kind = RULE_WEEKDAY;
        ok = take_number(s, 1, 12, &r->month) && take_char(s, '.') && take_number(s, 1, 5, &r->week)
             && take_char(s, '.') && take_number(s, 0, 6, &r->day);
    } else {
        r->kind = RULE_DAY;
        ok = take_number(s, 0, 365, &r->day);
    }
    if (ok && take_char(s, '/'))
        ok = take_offset(s, &r->time);
    return ok;
}

/* The week's day in a month: the week'th of it, 5 for the last. */
static int weekday_in_year(int64_t year, const struct rule *r)
{
    int64_t first = gotime_days(year, r->month, 1);
    int day = (int)((r->day - gotime_weekday(first) + 7) % 7);
    for (int i = 1; i < r->week && day + 7 < gotime_days_in(year, r->month); i++)
        day += 7;
    return (int)(first - gotime_days(year, 1, 1)) + day;
}

/* Seconds from the year's beginning in UTC to the change, made at a clock with this offset. */
static int64_t change_in_year(int64_t year, const struct rule *r, int offset)
{
    int day = r->day;
    if (r->kind == RULE_JULIAN) /* never counts 29 February */
        day += -1 + (gotime_days_in(year, 2) == 29 && r->day >= 60);
    else if (r->kind == RULE_WEEKDAY)
        day = weekday_in_year(year, r);
    return (int64_t)day * DAY + r->time - offset;
}

struct halves {
    struct zone_state standard;
    struct zone_state summer;
    struct rule begin;
    struct rule end;
    bool has_summer;
};

static bool read_halves(str s, struct halves *h)
{
    int west;
    if (!take_name(&s, &h->standard.name) || !take_offset(&s, &west))
        return false;
    h->standard.offset = -west;
    h->has_summer = s.len > 0 && s.at[0] != ',';
    if (!h->has_summer)
        return true;
    if (!take_name(&s, &h->summer.name))
        return false;
    h->summer.dst = true;
    h->summer.offset = h->standard.offset + HOUR;
    if (s.len > 0 && s.at[0] != ',') {
        if (!take_offset(&s, &west))
            return false;
        h->summer.offset = -west;
    }
    if (s.len == 0) /* the rule of the United States is the usual default */
        s = S(",M3.2.0,M11.1.0");
    return (take_char(&s, ',') || take_char(&s, ';')) && take_rule(&s, &h->begin)
           && take_char(&s, ',') && take_rule(&s, &h->end) && s.len == 0;
}

bool zone_rule_at(str rule, int64_t last, int64_t seconds, struct zone_state *out)
{
    struct halves h = { .has_summer = false };
    if (!read_halves(rule, &h))
        return false;
    if (!h.has_summer) {
        *out = h.standard;
        out->from = last;
        out->until = INT64_MAX;
        return true;
    }
    int64_t year = gotime_year(seconds);
    int64_t new_year = gotime_days(year, 1, 1) * DAY;
    int64_t begin = new_year + change_in_year(year, &h.begin, h.standard.offset);
    int64_t end = new_year + change_in_year(year, &h.end, h.summer.offset);
    struct zone_state outer = h.standard, inner = h.summer;
    if (end < begin) { /* the southern half of the world */
        int64_t swap = begin;
        begin = end;
        end = swap;
        outer = h.summer;
        inner = h.standard;
    }
    *out = seconds >= begin && seconds < end ? inner : outer;
    out->from = seconds < begin ? new_year : seconds < end ? begin : end;
    out->until = seconds < begin ? begin : seconds < end ? end : new_year + 365 * (int64_t)DAY;
    return true;
}
