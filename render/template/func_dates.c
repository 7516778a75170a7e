/* Dates and durations. What is no date counts as now, and what is no zone as UTC.
 *
 * Integers are seconds since 1970; floats are no dates, so neither is a number of the values. */
#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/template/clock.h"
#include "render/template/func.h"

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

static struct value time_value(struct call *c, struct gotime t)
{
    return value_time(arena_copy(c->arena, &t, sizeof t));
}

static struct gotime time_of(struct call *c, struct value v)
{
    bool seconds = v.kind == VALUE_INT || v.kind == VALUE_INT64 || v.kind == VALUE_INT32;
    if (v.kind == VALUE_TIME)
        return *v.time;
    if (seconds && v.type == TYPE_ANY)
        return (struct gotime){ v.i, 0, clock_zone(c) };
    return clock_now(c);
}

static struct value formatted(struct call *c, struct value date, const struct zone *zone,
                              str layout)
{
    struct buf out;
    struct gotime t = time_of(c, date);
    t.zone = zone;
    buf_init(&out, c->arena, layout.len + 32);
    gotime_print(&out, t, layout);
    return value_string(buf_take(&out));
}

static struct value now(struct call *c)
{
    return time_value(c, clock_now(c));
}

static struct value date(struct call *c)
{
    return formatted(c, c->args[1], clock_zone(c), text(c, 0));
}

static struct value date_in_zone(struct call *c)
{
    return formatted(c, c->args[1], clock_zone_named(c, text(c, 2)), text(c, 0));
}

static struct value html_date(struct call *c)
{
    return formatted(c, c->args[0], clock_zone(c), S("2006-01-02"));
}

static struct value html_date_in_zone(struct call *c)
{
    return formatted(c, c->args[0], clock_zone_named(c, text(c, 1)), S("2006-01-02"));
}

static struct value must_date_modify(struct call *c)
{
    int64_t by;
    str error;
    if (!duration_parse(c->arena, text(c, 0), &by, &error))
        return call_fail(c, "%.*s", STR(error));
    return time_value(c, gotime_add(*c->args[1].time, by));
}

static struct value date_modify(struct call *c)
{
    int64_t by;
    str error;
    if (!duration_parse(c->arena, text(c, 0), &by, &error))
        return c->args[1];
    return time_value(c, gotime_add(*c->args[1].time, by));
}

static bool parse(struct call *c, struct gotime *out, str *error)
{
    struct gotime_zones zones = { clock_zone(c), clock_zone(c) };
    return gotime_parse(c->arena, text(c, 0), text(c, 1), zones, out, error);
}

static struct value must_to_date(struct call *c)
{
    struct gotime t;
    str error;
    if (!parse(c, &t, &error))
        return call_fail(c, "%.*s", STR(error));
    return time_value(c, t);
}

static struct value to_date(struct call *c)
{
    struct gotime t;
    str error;
    return time_value(c, parse(c, &t, &error) ? t : GOTIME_ZERO);
}

static struct value unix_epoch(struct call *c)
{
    return value_string(str_format(c->arena, "%lld", (long long)c->args[0].time->seconds));
}

enum { SECOND = 1000000000 };

static struct value printed_duration(struct call *c, int64_t d)
{
    struct buf out;
    buf_init(&out, c->arena, 32);
    duration_print(&out, d);
    return value_string(buf_take(&out));
}

static struct value ago(struct call *c)
{
    int64_t since = gotime_sub(clock_now(c), time_of(c, c->args[0]));
    return printed_duration(c, duration_round(since, SECOND));
}

static struct value duration(struct call *c)
{
    struct value v = c->args[0];
    int64_t seconds = 0;
    if (v.kind == VALUE_STRING)
        number_int(value_str(v), 10, 64, &seconds);
    else if (v.kind == VALUE_INT64)
        seconds = v.i;
    return printed_duration(c, (int64_t)((uint64_t)seconds * SECOND));
}

/* In the largest unit that fits more than once. */
static struct value duration_round_(struct call *c)
{
    static const struct {
        uint64_t seconds;
        const char *unit;
    } units[] = { { 365 * 86400, "y" }, { 30 * 86400, "mo" }, { 86400, "d" },
                  { 3600, "h" },        { 60, "m" },          { 1, "s" } };
    struct value v = c->args[0];
    int64_t d = 0;
    str error;
    if (v.kind == VALUE_STRING)
        d = duration_parse(c->arena, value_str(v), &d, &error) ? d : 0;
    else if (v.kind == VALUE_INT64)
        d = v.i;
    else if (v.kind == VALUE_TIME)
        d = gotime_sub(clock_now(c), *v.time);
    uint64_t size = d < 0 ? 0 - (uint64_t)d : (uint64_t)d;
    for (size_t i = 0; i < countof(units); i++) {
        uint64_t unit = units[i].seconds * SECOND;
        if (size > unit)
            return value_string(
                str_format(c->arena, "%llu%s", (unsigned long long)(size / unit), units[i].unit));
    }
    return value_string(S("0s"));
}

const struct func date_funcs[] = {
    { "ago", ".", ago },
    { "date", "s.", date },
    { "dateInZone", "s.s", date_in_zone },
    { "dateModify", "st", date_modify },
    { "date_in_zone", "s.s", date_in_zone },
    { "date_modify", "st", date_modify },
    { "duration", ".", duration },
    { "durationRound", ".", duration_round_ },
    { "htmlDate", ".", html_date },
    { "htmlDateInZone", ".s", html_date_in_zone },
    { "mustDateModify", "st", must_date_modify },
    { "mustToDate", "ss", must_to_date },
    { "must_date_modify", "st", must_date_modify },
    { "now", "", now },
    { "toDate", "ss", to_date },
    { "unixEpoch", "t", unix_epoch },
    { 0 },
};
