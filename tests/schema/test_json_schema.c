/* testdata/schema: values against a schema, then what Helm says is wrong with them. */
#include "render/doc/json_read.h"
#include "render/doc/yaml_read.h"
#include "schema/json_schema.h"
#include "tests/cases.h"

static const char *const topics[] = { "rules", "references", "formats", "broken" };

static const struct node *load(struct context *cx, void *who, str url, str *why)
{
    (void)who;
    if (str_starts(url, S("urn:")))
        return json_read(cx, text_add(cx, url, S("true")));
    str path = str_trim_prefix(url, S("file://"));
    *why = path.len < url.len
               ? str_format(cx->arena, "open %.*s: no such file or directory", STR(path))
               : str_format(cx->arena, "no URLLoader registered for \"%.*s\"", STR(url));
    return NULL;
}

/* What is no JSON at all is for the chart to say: here such a case has no answer. */
static void run_case(struct context *cx, struct test_case *c)
{
    struct json_schema_source source = { load, NULL };
    struct json_schema_error error;
    const struct json_failure *failures;
    struct buf b;
    const struct node *root = json_try(cx, text_add(cx, S("schema"), case_body(c, "schema")));
    if (!root)
        return;
    const struct json_schema *schema =
        json_schema_read(cx, S("file:///values.schema.json"), root, &source, &error);
    if (!schema) {
        case_answer(c, "want", str_concat(cx->arena, error.words, S("\n")));
        ck_assert_uint_gt(error.brief.len, 0);
        ck_assert_uint_gt(error.at.text, 0);
        return;
    }
    const struct node *value =
        yaml_read(cx, text_add(cx, S("values"), case_body(c, "values")), YAML_GO2);
    ck_assert(json_schema_check(cx, schema, value, &failures));
    buf_init(&b, cx->arena, 256);
    json_failure_print(&b, failures);
    if (failures)
        buf_char(&b, '\n');
    case_answer(c, "want", buf_view(&b));
}

START_TEST(every_case_holds)
{
    struct context *cx = test_context();
    cases_run(str_cstr(cx->arena, str_format(cx->arena, "schema/%s.cases", topics[_i])), run_case);
    context_free(cx);
}
END_TEST

static const struct json_schema *schema_of(struct context *cx, const char *text)
{
    struct json_schema_error error;
    const struct node *root = json_read(cx, text_add(cx, S("schema.json"), str_from(text)));
    return json_schema_read(cx, S("file:///s"), root, NULL, &error);
}

START_TEST(a_failure_knows_both_places)
{
    struct context *cx = test_context();
    const struct json_failure *f;
    struct place place;
    const struct json_schema *schema =
        schema_of(cx, "{\"properties\": {\"a\":\n {\"minLength\": 3}}}");
    const struct node *value =
        yaml_read(cx, text_add(cx, S("v.yaml"), S("b: 1\na: xy\n")), YAML_GO2);
    ck_assert(json_schema_check(cx, schema, value, &f));
    expect_same(f->at, S("/a"));
    ck_assert(text_place(cx, f->value, &place));
    ck_assert_uint_eq(place.line, 2);
    ck_assert(text_place(cx, f->rule, &place));
    expect_same(place.name, S("schema.json"));
    ck_assert_uint_eq(place.line, 2);
    context_free(cx);
}
END_TEST

/* Each schema asks the next one twice: 2^60 questions, which the limit on steps stops. */
START_TEST(doubling_is_stopped)
{
    struct context *cx = test_context();
    const struct json_failure *f;
    struct buf b;
    buf_init(&b, cx->arena, 65536);
    buf_str(&b, S("{\"$ref\":\"#/$defs/0\",\"$defs\":{"));
    for (int i = 0; i < 60; i++)
        buf_format(&b, "\"%d\":{\"allOf\":[{\"$ref\":\"#/$defs/%d\"},{\"$ref\":\"#/$defs/%d\"}]},",
                   i, i + 1, i + 1);
    buf_str(&b, S("\"60\":{}}}"));
    cx->limits.max[LIMIT_STEPS] = 100000;
    const struct json_schema *schema = schema_of(cx, str_cstr(cx->arena, buf_view(&b)));
    ck_assert(schema);
    ck_assert(!json_schema_check(cx, schema, node_int(cx, 1), &f));
    ck_assert_uint_eq(cx->diags.errors, 1);
    context_free(cx);
}
END_TEST

TCase *json_schema_tests(void)
{
    TCase *t = tcase_create("json_schema");
    tcase_add_loop_test(t, every_case_holds, 0, countof(topics));
    tcase_add_test(t, a_failure_knows_both_places);
    tcase_add_test(t, doubling_is_stopped);
    return t;
}
