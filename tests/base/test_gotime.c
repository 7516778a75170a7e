/* Time: what Go answered, in testdata/gotime/gotime.tsv. */
#include "render/base/gotime.h"

#include <stdio.h>

#include "render/base/number.h"
#include "tests/table.h"

static int64_t cell_int64(const struct row *row, int cell)
{
    int64_t n;
    ck_assert_int_eq(number_int(row->cell[cell], 10, 64, &n), NUMBER_OK);
    return n;
}

static const struct zone *cell_zone(struct arena *a, const struct row *row, int cell)
{
    const struct zone *zone = zone_load(a, NULL, row->cell[cell]);
    ck_assert_msg(zone != NULL, "%s:%d: no such zone", row->file, row->line);
    return zone;
}

/* SECONDS NANOS ZONE LAYOUT */
static void format_row(struct arena *a, const struct row *row, struct buf *b)
{
    struct gotime t = { cell_int64(row, 1), (int32_t)cell_int64(row, 2), cell_zone(a, row, 3) };
    gotime_print(b, t, cell_hex(a, row, 4));
}

/* ZONE LAYOUT TEXT */
static void parse_row(struct arena *a, const struct row *row, struct buf *b)
{
    struct gotime t;
    str error;
    const struct zone *zone = cell_zone(a, row, 1);
    if (!gotime_parse(a, cell_hex(a, row, 2), cell_hex(a, row, 3),
                      (struct gotime_zones){ zone, zone }, &t, &error)) {
        buf_str(b, error);
        return;
    }
    buf_format(b, "%lld %d ", (long long)t.seconds, t.nanos);
    gotime_print(b, t, GOTIME_STRING);
}

/* ZONE and the parts of a date */
static void date_row(struct arena *a, const struct row *row, struct buf *b)
{
    struct civil c = { .year = cell_int64(row, 2),
                       .month = cell_int(row, 3),
                       .day = cell_int(row, 4),
                       .hour = cell_int(row, 5),
                       .minute = cell_int(row, 6),
                       .second = cell_int(row, 7) };
    struct gotime t = gotime_date(c, cell_zone(a, row, 1));
    c = gotime_civil(t);
    buf_format(b, "%lld %d %d ", (long long)t.seconds, c.weekday, c.yearday);
    gotime_print(b, t, GOTIME_STRING);
}

static void duration_row(struct arena *a, const struct row *row, struct buf *b)
{
    int64_t d;
    str error;
    if (!duration_parse(a, cell_hex(a, row, 1), &d, &error)) {
        buf_str(b, error);
        return;
    }
    buf_format(b, "%lld ", (long long)d);
    duration_print(b, d);
}

static void round_row(const struct row *row, struct buf *b)
{
    int64_t d = cell_int64(row, 1), to = cell_int64(row, 2);
    duration_print(b, duration_round(d, to));
    buf_char(b, ' ');
    duration_print(b, duration_truncate(d, to));
}

static void gotime_row(struct context *cx, struct row *row)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    str kind = row->cell[0];
    if (str_eq(kind, S("format")))
        format_row(cx->arena, row, &b);
    else if (str_eq(kind, S("parse")))
        parse_row(cx->arena, row, &b);
    else if (str_eq(kind, S("date")))
        date_row(cx->arena, row, &b);
    else if (str_eq(kind, S("duration")))
        duration_row(cx->arena, row, &b);
    else
        round_row(row, &b);
    expect_answer(row, buf_take(&b));
}

START_TEST(times_are_as_in_go)
{
    struct context *cx = test_context();
    table_each(cx, "gotime/gotime.tsv", gotime_row);
    context_free(cx);
}
END_TEST

START_TEST(times_add_and_subtract)
{
    struct gotime t = { 100, 900000000, &zone_utc };
    struct gotime later = gotime_add(t, 1200000000), earlier = gotime_add(t, -1200000000);
    ck_assert_int_eq(later.seconds, 102);
    ck_assert_int_eq(later.nanos, 100000000);
    ck_assert_int_eq(earlier.seconds, 99);
    ck_assert_int_eq(earlier.nanos, 700000000);
    ck_assert_int_eq(gotime_sub(later, earlier), 2400000000);
    ck_assert_int_eq(gotime_compare(later, earlier), 1);
    ck_assert_int_eq(gotime_sub(t, (struct gotime){ INT64_MIN, 0, &zone_utc }), INT64_MAX);
}
END_TEST

START_TEST(zones_are_found_or_not)
{
    struct context *cx = test_context();
    struct arena *a = cx->arena;
    ck_assert_ptr_eq(zone_load(a, NULL, S("")), &zone_utc);
    ck_assert_ptr_null(zone_load(a, NULL, S("Mars/Olympus")));
    ck_assert_ptr_null(zone_load(a, NULL, S("../../etc/passwd")));
    ck_assert_ptr_null(zone_load(a, NULL, S("/etc/localtime")));
    ck_assert_ptr_null(zone_load(a, NULL, S("Europe")));
    expect_str(zone_name(zone_load(a, "/usr/share/zoneinfo/Europe", S("Berlin"))), "Berlin");
    ck_assert_ptr_eq(zone_local(a, ""), &zone_utc);
    ck_assert_ptr_eq(zone_local(a, "Mars/Olympus"), &zone_utc);
    expect_str(zone_at(zone_local(a, ":Asia/Tokyo"), 0).name, "JST");
    expect_str(zone_at(zone_local(a, "/usr/share/zoneinfo/Asia/Tokyo"), 0).name, "JST");
    context_free(cx);
}
END_TEST

/* Every prefix of a real file, and every file with one byte spoiled, is read or refused. */
START_TEST(broken_zone_files_do_no_harm)
{
    static char bytes[8192];
    struct context *cx = test_context();
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    ck_assert_ptr_nonnull(f);
    size_t n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    ck_assert_ptr_nonnull(zone_read(cx->arena, S("x"), (str){ bytes, n }));
    for (size_t i = 0; i < n; i++) {
        struct mark before = arena_mark(cx->arena);
        char keep = bytes[i];
        zone_read(cx->arena, S("x"), (str){ bytes, i });
        bytes[i] = (char)(keep ^ 0x7F);
        const struct zone *zone = zone_read(cx->arena, S("x"), (str){ bytes, n });
        if (zone)
            zone_at(zone, 4000000000);
        bytes[i] = keep;
        arena_rewind(cx->arena, before);
    }
    context_free(cx);
}
END_TEST

TCase *gotime_tests(void)
{
    TCase *t = tcase_create("gotime");
    tcase_add_test(t, times_are_as_in_go);
    tcase_add_test(t, times_add_and_subtract);
    tcase_add_test(t, zones_are_found_or_not);
    tcase_add_test(t, broken_zone_files_do_no_harm);
    return t;
}
