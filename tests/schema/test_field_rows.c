/* Field rows: each transformer's, in the order of the file. */
#include "schema/field_rows.h"
#include "tests/schema/rows.h"

static const char *const names[] = {
#define X(identifier, name) [FIELDS_##identifier] = name,
    FIELD_USES(X)
#undef X
};

static size_t use_of(str name)
{
    size_t use = 0;
    while (use < countof(names) && !str_eq(str_from(names[use]), name))
        use++;
    ck_assert_uint_lt(use, countof(names));
    return use;
}

static str any(str pattern)
{
    return str_eq(pattern, S("*")) ? S("") : pattern;
}

START_TEST(every_row_is_found)
{
    struct context *cx = test_context();
    size_t asked[FIELD_USE_COUNT] = { 0 };
    for (struct rows r = rows_open(cx, "field-specs.tsv"); rows_next(&r);) {
        size_t use = use_of(r.at[0]);
        struct field_row row = field_row((enum field_use)use, asked[use]++);
        expect_same(row.target.group, any(r.at[1]));
        expect_same(row.target.version, any(r.at[2]));
        expect_same(row.target.kind, any(r.at[3]));
        expect_same(row.of.group, any(r.at[4]));
        expect_same(row.of.version, any(r.at[5]));
        expect_same(row.of.kind, any(r.at[6]));
        expect_same(row.path, r.at[7]);
        ck_assert_int_eq(row.create, str_eq(r.at[8], S("1")));
        ck_assert_int_eq(row.since, str_eq(r.at[9], S("only v5.7.1")) ? FIELD_UNTIL_5_7
                                    : r.at[9].len                     ? FIELD_SINCE_5_8
                                                                      : FIELD_ALWAYS);
    }
    for (size_t use = 0; use < FIELD_USE_COUNT; use++)
        ck_assert_uint_eq(field_row_count((enum field_use)use), asked[use]);
    context_free(cx);
}
END_TEST

TCase *field_rows_tests(void)
{
    TCase *t = tcase_create("field_rows");
    tcase_add_test(t, every_row_is_found);
    return t;
}
