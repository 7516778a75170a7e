/* Versions and ranges: what Masterminds/semver 3.4 answered, in testdata/semver/semver.tsv. */
#include "render/base/semver.h"

#include "tests/table.h"

static void print_parts(struct buf *b, const struct semver *v)
{
    buf_format(b, "%llu %llu %llu '%.*s' '%.*s' ", (unsigned long long)v->major,
               (unsigned long long)v->minor, (unsigned long long)v->patch, STR(v->pre),
               STR(v->metadata));
    semver_print(b, v);
}

static void version_row(struct arena *a, const struct row *row, struct buf *b)
{
    struct semver v, next;
    str error;
    bool strict = str_eq(row->cell[0], S("strict"));
    if (!(strict ? semver_parse_strict : semver_parse)(a, row->cell[1], &v, &error)) {
        buf_str(b, error);
        return;
    }
    print_parts(b, &v);
    next = semver_next_major(a, &v);
    buf_format(b, " %.*s", STR(next.original));
    next = semver_next_minor(a, &v);
    buf_format(b, " %.*s", STR(next.original));
    next = semver_next_patch(a, &v);
    buf_format(b, " %.*s", STR(next.original));
}

static void compare_row(struct arena *a, const struct row *row, struct buf *b)
{
    struct semver x, y;
    str error;
    ck_assert(semver_parse(a, row->cell[1], &x, &error));
    ck_assert(semver_parse(a, row->cell[2], &y, &error));
    buf_format(b, "%d", semver_compare(&x, &y));
}

static void range_row(struct arena *a, const struct row *row, struct buf *b)
{
    struct semver v;
    str error;
    struct semver_range *range = semver_range_parse(a, row->cell[1], &error);
    if (!range) {
        buf_str(b, error);
        return;
    }
    ck_assert(semver_parse(a, row->cell[2], &v, &error));
    buf_str(b, semver_range_has(range, &v) ? S("yes") : S("no"));
}

static void semver_row(struct context *cx, struct row *row)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    if (str_eq(row->cell[0], S("compare")))
        compare_row(cx->arena, row, &b);
    else if (str_eq(row->cell[0], S("range")))
        range_row(cx->arena, row, &b);
    else
        version_row(cx->arena, row, &b);
    expect_answer(row, buf_take(&b));
}

START_TEST(versions_are_as_masterminds_has_them)
{
    struct context *cx = test_context();
    table_each(cx, "semver/semver.tsv", semver_row);
    context_free(cx);
}
END_TEST

TCase *semver_tests(void)
{
    TCase *t = tcase_create("semver");
    tcase_add_test(t, versions_are_as_masterminds_has_them);
    return t;
}
