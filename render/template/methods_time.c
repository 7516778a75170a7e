/* The methods of times, durations, months and weekdays. */
#include "render/base/gotime.h"
#include "render/template/clock.h"
#include "render/template/methods.h"
#include "render/template/print.h"

static struct gotime self(const struct call *c)
{
    return *c->args[0].time;
}

static struct value time_value(struct call *c, struct gotime t)
{
    return value_time(arena_copy(c->arena, &t, sizeof t));
}

static struct value duration_value(int64_t d)
{
    return (struct value){ .kind = VALUE_DURATION, .i = d };
}

static struct value year(struct call *c)
{
    return value_int(gotime_civil(self(c)).year);
}

static struct value month(struct call *c)
{
    return (
        struct value){ .kind = VALUE_INT, .type = TYPE_MONTH, .i = gotime_civil(self(c)).month };
}

static struct value weekday(struct call *c)
{
    return (struct value){ .kind = VALUE_INT,
                           .type = TYPE_WEEKDAY,
                           .i = gotime_civil(self(c)).weekday };
}

static struct value day(struct call *c)
{
    return value_int(gotime_civil(self(c)).day);
}

static struct value hour(struct call *c)
{
    return value_int(gotime_civil(self(c)).hour);
}

static struct value minute(struct call *c)
{
    return value_int(gotime_civil(self(c)).minute);
}

static struct value second(struct call *c)
{
    return value_int(gotime_civil(self(c)).second);
}

static struct value nanosecond(struct call *c)
{
    return value_int(self(c).nanos);
}

static struct value year_day(struct call *c)
{
    return value_int(gotime_civil(self(c)).yearday);
}

static struct value since_1970(struct call *c, int64_t parts, int64_t nanos)
{
    struct gotime t = self(c);
    return value_int64((int64_t)((uint64_t)t.seconds * (uint64_t)parts) + t.nanos / nanos);
}

static struct value unix_(struct call *c)
{
    return value_int64(self(c).seconds);
}

static struct value unix_milli(struct call *c)
{
    return since_1970(c, 1000, 1000000);
}

static struct value unix_micro(struct call *c)
{
    return since_1970(c, 1000000, 1000);
}

static struct value unix_nano(struct call *c)
{
    return since_1970(c, 1000000000, 1);
}

static struct value printed(struct call *c, struct gotime t, str layout)
{
    struct buf out;
    buf_init(&out, c->arena, 48);
    gotime_print(&out, t, layout);
    return value_string(buf_take(&out));
}

static struct value format(struct call *c)
{
    return printed(c, self(c), value_str(c->args[1]));
}

static struct value text_of_time(struct call *c)
{
    return printed(c, self(c), GOTIME_STRING);
}

static struct value marshal_text(struct call *c)
{
    return value_bytes(value_str(printed(c, self(c), GOTIME_RFC3339_NANO)));
}

static struct value add(struct call *c)
{
    return time_value(c, gotime_add(self(c), c->args[1].i));
}

static struct value add_date(struct call *c)
{
    struct gotime t = self(c);
    struct civil at = gotime_civil(t);
    at.year += c->args[1].i;
    at.month += (int)c->args[2].i;
    at.day += (int)c->args[3].i;
    return time_value(c, gotime_date(at, t.zone));
}

static struct value sub(struct call *c)
{
    return duration_value(gotime_sub(self(c), *c->args[1].time));
}

static struct value before(struct call *c)
{
    return value_bool(gotime_compare(self(c), *c->args[1].time) < 0);
}

static struct value after(struct call *c)
{
    return value_bool(gotime_compare(self(c), *c->args[1].time) > 0);
}

static struct value equal(struct call *c)
{
    return value_bool(gotime_compare(self(c), *c->args[1].time) == 0);
}

static struct value compare(struct call *c)
{
    return value_int(gotime_compare(self(c), *c->args[1].time));
}

static struct value is_zero(struct call *c)
{
    return value_bool(gotime_compare(self(c), GOTIME_ZERO) == 0);
}

static struct value is_dst(struct call *c)
{
    return value_bool(zone_at(self(c).zone, self(c).seconds).dst);
}

static struct value in_zone(struct call *c, const struct zone *zone)
{
    struct gotime t = self(c);
    t.zone = zone;
    return time_value(c, t);
}

static struct value utc(struct call *c)
{
    return in_zone(c, &zone_utc);
}

static struct value local(struct call *c)
{
    return in_zone(c, clock_zone(c));
}

static struct value location_name(struct call *c)
{
    return value_string(c->args[0].object->text);
}

static const struct func location_methods[] = {
    { "String", "", location_name },
    { 0 },
};
static const struct object_type location_type = { "*time.Location", "ptr", location_methods };

static struct value location(struct call *c)
{
    struct object *o = NEW(c->arena, struct object);
    o->type = &location_type;
    o->text = zone_name(self(c).zone);
    o->data = self(c).zone;
    return value_object(o);
}

const struct func time_methods[] = {
    { "Add", "d", add },
    { "AddDate", "iii", add_date },
    { "After", "t", after },
    { "Before", "t", before },
    { "Compare", "t", compare },
    { "Day", "", day },
    { "Equal", "t", equal },
    { "Format", "s", format },
    { "Hour", "", hour },
    { "IsDST", "", is_dst },
    { "IsZero", "", is_zero },
    { "Local", "", local },
    { "Location", "", location },
    { "MarshalText", "", marshal_text },
    { "Minute", "", minute },
    { "Month", "", month },
    { "Nanosecond", "", nanosecond },
    { "Second", "", second },
    { "String", "", text_of_time },
    { "Sub", "t", sub },
    { "UTC", "", utc },
    { "Unix", "", unix_ },
    { "UnixMicro", "", unix_micro },
    { "UnixMilli", "", unix_milli },
    { "UnixNano", "", unix_nano },
    { "Weekday", "", weekday },
    { "Year", "", year },
    { "YearDay", "", year_day },
    { 0 },
};

static struct value text_of_value(struct call *c)
{
    return value_string(print_text(c->arena, c->args[0]));
}

const struct func name_methods[] = {
    { "String", "", text_of_value },
    { 0 },
};

static struct value parts(struct call *c, double of_nanos)
{
    int64_t whole = c->args[0].i / (int64_t)of_nanos, rest = c->args[0].i % (int64_t)of_nanos;
    return value_float((double)whole + (double)rest / of_nanos);
}

static struct value hours(struct call *c)
{
    return parts(c, 3600e9);
}

static struct value minutes(struct call *c)
{
    return parts(c, 60e9);
}

static struct value seconds(struct call *c)
{
    return parts(c, 1e9);
}

static struct value milliseconds(struct call *c)
{
    return value_int64(c->args[0].i / 1000000);
}

static struct value microseconds(struct call *c)
{
    return value_int64(c->args[0].i / 1000);
}

static struct value nanoseconds(struct call *c)
{
    return value_int64(c->args[0].i);
}

static struct value absolute(struct call *c)
{
    int64_t d = c->args[0].i;
    return duration_value(d >= 0 ? d : d == INT64_MIN ? INT64_MAX : -d);
}

static struct value round_(struct call *c)
{
    return duration_value(duration_round(c->args[0].i, c->args[1].i));
}

static struct value truncate_(struct call *c)
{
    return duration_value(duration_truncate(c->args[0].i, c->args[1].i));
}

const struct func duration_methods[] = {
    { "Abs", "", absolute },
    { "Hours", "", hours },
    { "Microseconds", "", microseconds },
    { "Milliseconds", "", milliseconds },
    { "Minutes", "", minutes },
    { "Nanoseconds", "", nanoseconds },
    { "Round", "d", round_ },
    { "Seconds", "", seconds },
    { "String", "", text_of_value },
    { "Truncate", "d", truncate_ },
    { 0 },
};
