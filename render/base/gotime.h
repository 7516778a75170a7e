/* Moments, and Go's way to print and read them: layouts such as "Jan 2, 2006 at 3:04pm (MST)". */
#ifndef HOIST_BASE_GOTIME_H
#define HOIST_BASE_GOTIME_H

#include "render/base/buf.h"
#include "render/base/zone.h"

struct gotime {
    int64_t seconds; /* since 1970 in UTC */
    int32_t nanos;
    const struct zone *zone;
};

/* Go's zero time: midnight of 1 January of the year 1. */
#define GOTIME_ZERO ((struct gotime){ -62135596800, 0, &zone_utc })

#define GOTIME_RFC3339      S("2006-01-02T15:04:05Z07:00")
#define GOTIME_RFC3339_NANO S("2006-01-02T15:04:05.999999999Z07:00")
#define GOTIME_STRING       S("2006-01-02 15:04:05.999999999 -0700 MST") /* Time.String */

/* A moment by the calendar and clock of its zone. */
struct civil {
    int64_t year;
    int month; /* from 1 */
    int day;   /* from 1 */
    int hour;
    int minute;
    int second;
    int nano;
    int weekday; /* 0 is Sunday */
    int yearday; /* from 1 */
};

struct civil gotime_civil(struct gotime t);
/* time.Date: parts out of their range carry over, so that 32 January is 1 February. */
struct gotime gotime_date(struct civil c, const struct zone *zone);
struct gotime gotime_add(struct gotime t, int64_t nanos);
/* x - y in nanoseconds, clamped to what 64 bits hold. */
int64_t gotime_sub(struct gotime x, struct gotime y);
int gotime_compare(struct gotime x, struct gotime y);

void gotime_print(struct buf *b, struct gotime t, str layout);

/* A text that names no zone is in `zone`; offsets and abbreviations are looked for in `local`. */
struct gotime_zones {
    const struct zone *zone;
    const struct zone *local;
};
/* False with *error in Go's words: parsing time "x" as "2006": cannot parse "x" as "2006". */
bool gotime_parse(struct arena *a, str layout, str text, struct gotime_zones zones,
                  struct gotime *out, str *error);

/* The calendar: days since 1970, the weekday of such a day, the length of a month, the year in
 * UTC of a moment. */
int64_t gotime_days(int64_t year, int month, int day);
int gotime_weekday(int64_t days);
int gotime_days_in(int64_t year, int month);
int64_t gotime_year(int64_t seconds);

/* Durations, in nanoseconds: "1h15m30.918s", "-1.5h". */
void duration_print(struct buf *b, int64_t d);
bool duration_parse(struct arena *a, str text, int64_t *out, str *error);
int64_t duration_round(int64_t d, int64_t to); /* halves away from zero */
int64_t duration_truncate(int64_t d, int64_t to);

/* How the errors above quote: bytes beyond ASCII as \x... */
void gotime_quote(struct buf *b, str s);

#endif
