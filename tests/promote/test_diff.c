/* Differences: testdata/promote/diff.cases, and that a unified diff applied to one side gives
 * the other. */
#include <stdlib.h>

#include "promote/diff.h"
#include "promote/sequence.h"
#include "render/doc/json_read.h"
#include "render/source/source.h"
#include "schema/json_schema.h"
#include "tests/cases.h"

static struct documents read_documents(struct context *cx, str bytes, const char *name)
{
    struct documents out = { 0 };
    ck_assert_msg(yaml_read_all(cx, text_add(cx, str_from(name), bytes), YAML_GO3, &out), "%.*s",
                  STR(test_diagnostics(cx)));
    return out;
}

/* A line each. */
static str *part_lines(struct context *cx, struct test_case *c, const char *name, uint32_t *len)
{
    str rest = str_trim(case_body(c, name)), *out = NULL;
    uint32_t cap = 0;
    for (str line; str_next_line(&rest, &line);) {
        ARENA_PUSH(cx->arena, out, *len, cap);
        out[(*len)++] = line;
    }
    return out;
}

/* docs/diff.schema.json describes it. */
static void expect_valid(struct context *cx, struct test_case *c, str json)
{
    struct source *disk = source_disk(cx, S(""));
    struct text *text = source_read(cx, disk, S(TESTDATA "/../docs/diff.schema.json"), NOWHERE);
    struct json_schema_source none = { 0 };
    struct json_schema_error error;
    const struct json_failure *failure;
    ck_assert_ptr_nonnull(text);
    const struct json_schema *schema =
        json_schema_read(cx, S("file:///diff.schema.json"), json_read(cx, text), &none, &error);
    const struct node *value = json_read(cx, text_add(cx, S("diff.json"), json));
    ck_assert_ptr_nonnull(schema);
    ck_assert_ptr_nonnull(value);
    ck_assert(json_schema_check(cx, schema, value, &failure));
    ck_assert_msg(!failure, "%.*s: the schema refuses %.*s", STR(c->title), STR(json));
}

static void diff_case(struct context *cx, struct test_case *c)
{
    struct documents from = read_documents(cx, case_body(c, "from"), "from.yaml");
    struct documents to = read_documents(cx, case_body(c, "to"), "to.yaml");
    struct diff_options how = { .all = case_part(c, "all") };
    how.only = part_lines(cx, c, "only", &how.only_len);
    how.ignore = part_lines(cx, c, "ignore", &how.ignore_len);
    struct diff *d = diff_documents(cx, &from, &to, how);
    struct diff_section one = { .from_name = S("from"), .to_name = S("to"), .diff = d };
    struct diff_set set = { .at = &one, .len = 1 };
    struct diff_style style = { .no_html = case_part(c, "no html"),
                                .summary = case_part(c, "summary") };
    str budget = str_trim(case_body(c, "budget"));
    style.budget = budget.len ? strtoull(str_cstr(cx->arena, budget), NULL, 10) : 0;
    str formats = S(DIFF_FORMATS);
    for (str format; str_next_field(&formats, '|', &format);) {
        struct buf b;
        buf_init(&b, cx->arena, 256);
        style.width = str_eq(format, S("side")) ? 76 : 0;
        ck_assert(diff_write(cx, &b, &set, format, style));
        ck_assert(!style.budget || !str_eq(format, S("markdown")) || b.len <= style.budget);
        str want = str_concat(cx->arena, S("want "), format), got = buf_take(&b);
        if (str_eq(format, S("json")))
            expect_valid(cx, c, got);
        case_answer(c, str_cstr(cx->arena, want), got);
    }
}

START_TEST(diff_cases)
{
    static const char *const files[] = { "promote/diff.cases", "promote/diff_matching.cases",
                                         "promote/diff_formats.cases", "promote/impact.cases",
                                         "promote/diff_schemas.cases" };
    cases_run(files[_i], diff_case);
}
END_TEST

/* The length of the longest common subsequence, the slow way. */
static uint32_t common(const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m)
{
    uint32_t best[41][41] = { 0 };
    for (uint32_t i = 1; i <= n; i++) {
        for (uint32_t j = 1; j <= m; j++) {
            uint32_t skip = best[i - 1][j] > best[i][j - 1] ? best[i - 1][j] : best[i][j - 1];
            best[i][j] = a[i - 1] == b[j - 1] ? best[i - 1][j - 1] + 1 : skip;
        }
    }
    return best[n][m];
}

START_TEST(sequences_share_as_much_as_they_can)
{
    struct context *cx = test_context();
    uint64_t state = 1;
    for (int round = 0; round < 3000; round++) {
        uint32_t a[40], b[40], len[2];
        for (int k = 0; k < 2; k++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            len[k] = (uint32_t)(state >> 33) % 41;
            for (uint32_t i = 0; i < len[k]; i++) {
                state = state * 6364136223846793005u + 1442695040888963407u;
                (k ? b : a)[i] = (uint32_t)(state >> 33) % (uint32_t)(2 + round % 9);
            }
        }
        int32_t match[40];
        sequence_match(cx->scratch, a, len[0], b, len[1], match);
        uint32_t matched = 0;
        int32_t last = -1;
        for (uint32_t i = 0; i < len[0]; i++) {
            if (match[i] < 0)
                continue;
            ck_assert_int_gt(match[i], last);
            ck_assert_uint_eq(a[i], b[match[i]]);
            last = match[i];
            matched++;
        }
        ck_assert_uint_eq(matched, common(a, len[0], b, len[1]));
    }
    context_free(cx);
}
END_TEST

/* What grows with the square of the edits is given up for what does not. */
START_TEST(long_sequences_share_much)
{
    enum { LEN = 20000 };
    struct context *cx = test_context();
    uint32_t *a = NEW_ARRAY(cx->arena, uint32_t, LEN), *b = NEW_ARRAY(cx->arena, uint32_t, LEN);
    int32_t *match = NEW_ARRAY(cx->arena, int32_t, LEN);
    /* Every other element is another one; of the rest every tenth has moved, _i == 1. */
    for (uint32_t i = 0; i < LEN; i++) {
        a[i] = i + 1;
        b[i] = i % 2 ? LEN + i + 1 : i + 1;
    }
    for (uint32_t i = 0; _i && i + 10 < LEN; i += 10) {
        uint32_t moved = b[i];
        b[i] = b[LEN - 2 - i];
        b[LEN - 2 - i] = moved;
    }
    sequence_match(cx->scratch, a, LEN, b, LEN, match);
    uint32_t matched = 0;
    int32_t last = -1;
    for (uint32_t i = 0; i < LEN; i++) {
        if (match[i] < 0)
            continue;
        ck_assert_int_gt(match[i], last);
        ck_assert_uint_eq(a[i], b[match[i]]);
        last = match[i];
        matched++;
    }
    ck_assert_uint_ge(matched, _i ? LEN / 4 : LEN / 2);
    context_free(cx);
}
END_TEST

TCase *diff_tests(void)
{
    TCase *t = tcase_create("diff");
    tcase_add_loop_test(t, diff_cases, 0, 5);
    tcase_add_test(t, sequences_share_as_much_as_they_can);
    tcase_add_loop_test(t, long_sequences_share_much, 0, 2);
    return t;
}
