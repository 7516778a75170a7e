/* The calendar: seconds to dates and back, by the Gregorian rules at all times. */
#include "render/base/gotime.h"

enum { DAY = 86400, NANOS = 1000000000 };

static int64_t floor_div(int64_t n, int64_t d)
{
    return n / d - (n % d < 0);
}

static bool is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days before each month of a year that is not leap. */
static const int before_month[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 };

int gotime_days_in(int64_t year, int month)
{
    return before_month[month] - before_month[month - 1] + (month == 2 && is_leap(year));
}

/* Leap days before a year. */
static int64_t leaps_before(int64_t year)
{
    int64_t y = year - 1;
    return floor_div(y, 4) - floor_div(y, 100) + floor_div(y, 400);
}

static int64_t days_of_year(int64_t year)
{
    return (year - 1970) * 365 + leaps_before(year) - leaps_before(1970);
}

int64_t gotime_days(int64_t year, int month, int day)
{
    return days_of_year(year) + before_month[month - 1] + (month > 2 && is_leap(year)) + day - 1;
}

int gotime_weekday(int64_t days)
{
    return (int)(((days + 4) % 7 + 7) % 7); /* 1 January 1970 was a Thursday */
}

static int64_t year_of_days(int64_t days)
{
    /* 146097 days make 400 years; the guess is at most one off. */
    int64_t year = 1970 + floor_div(days * 400, 146097);
    while (days_of_year(year) > days)
        year--;
    while (days_of_year(year + 1) <= days)
        year++;
    return year;
}

int64_t gotime_year(int64_t seconds)
{
    return year_of_days(floor_div(seconds, DAY));
}

struct civil gotime_civil(struct gotime t)
{
    int64_t local = t.seconds + zone_at(t.zone, t.seconds).offset;
    int64_t days = floor_div(local, DAY);
    int second = (int)(local - days * DAY);
    struct civil c = { .year = year_of_days(days), .nano = t.nanos };
    c.yearday = (int)(days - days_of_year(c.year)) + 1;
    c.month = 1;
    c.day = c.yearday;
    while (c.day > gotime_days_in(c.year, c.month))
        c.day -= gotime_days_in(c.year, c.month++);
    c.hour = second / 3600;
    c.minute = second / 60 % 60;
    c.second = second % 60;
    c.weekday = gotime_weekday(days);
    return c;
}

/* A local time to UTC. In the gap or overlap of a change the offset before it counts. */
static int64_t to_utc(int64_t local, const struct zone *zone)
{
    struct zone_state s = zone_at(zone, local);
    int64_t utc = local - s.offset;
    if (s.offset != 0 && (utc < s.from || utc >= s.until))
        utc = local - zone_at(zone, utc).offset;
    return utc;
}

struct gotime gotime_date(struct civil c, const struct zone *zone)
{
    int64_t month = c.month - 1;
    int64_t year = c.year + floor_div(month, 12);
    month -= floor_div(month, 12) * 12;
    int64_t days = gotime_days(year, (int)month + 1, 1) + c.day - 1;
    int64_t carry = floor_div(c.nano, NANOS);
    int64_t local = days * DAY + (int64_t)c.hour * 3600 + (int64_t)c.minute * 60 + c.second + carry;
    return (struct gotime){ to_utc(local, zone), (int32_t)(c.nano - carry * NANOS), zone };
}

struct gotime gotime_add(struct gotime t, int64_t nanos)
{
    int64_t sum = t.nanos + nanos % NANOS;
    int64_t carry = floor_div(sum, NANOS);
    t.seconds = (int64_t)((uint64_t)t.seconds + (uint64_t)(nanos / NANOS + carry));
    t.nanos = (int32_t)(sum - carry * NANOS);
    return t;
}

int gotime_compare(struct gotime x, struct gotime y)
{
    if (x.seconds != y.seconds)
        return x.seconds < y.seconds ? -1 : 1;
    return x.nanos < y.nanos ? -1 : x.nanos > y.nanos;
}

int64_t gotime_sub(struct gotime x, struct gotime y)
{
    int64_t d;
    if (!__builtin_sub_overflow(x.seconds, y.seconds, &d) && !__builtin_mul_overflow(d, NANOS, &d)
        && !__builtin_add_overflow(d, (int64_t)x.nanos - y.nanos, &d))
        return d;
    return gotime_compare(x, y) < 0 ? INT64_MIN : INT64_MAX;
}
