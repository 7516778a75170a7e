/* Strategic merge: kustomize's own answers first, then what a vector in JSON cannot say. */
#include <stdio.h>

#include "overlays/patch_merge.h"
#include "render/base/buf.h"
#include "render/doc/json_read.h"
#include "render/doc/json_write.h"
#include "render/doc/origin.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"
#include "tests/cases.h"

static str vectors(struct context *cx)
{
    FILE *file = fopen(TESTDATA "/overlays/smp-vectors.jsonl", "rb");
    ck_assert_ptr_nonnull(file);
    struct buf b;
    buf_init(&b, cx->arena, 1 << 18);
    for (int c; (c = getc(file)) != EOF;)
        buf_char(&b, (char)c);
    fclose(file);
    return buf_take(&b);
}

static str print(struct context *cx, const struct node *n)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    ck_assert(json_write(cx, &b, n, (struct json_style){ .keep_html = true }));
    return buf_take(&b);
}

/* "" when the vector's answer came, else what came instead. */
static str run_vector(struct context *cx, struct node *vector)
{
    struct node *base = node_get_text(cx, vector, S("base"));
    struct node *patch = node_get_text(cx, vector, S("patch"));
    struct node *want = node_get_text(cx, vector, S("result"));
    const struct node *error = node_get_text(cx, vector, S("error"));
    str before = print(cx, patch);
    if (!patch_merge(cx, merge_schema_builtin(cx), &base, patch))
        return error ? S("") : test_diagnostics(cx);
    if (!str_eq(before, print(cx, patch)))
        return S("the patch was changed");
    if (!base)
        return node_get_text(cx, vector, S("deleted")) ? S("") : S("deleted");
    if (!want || !str_eq(print(cx, base), print(cx, want)))
        return print(cx, base);
    return S("");
}

START_TEST(every_vector_has_its_answer)
{
    struct context *cx = test_context();
    str rest = vectors(cx);
    int count = 0, failed = 0;
    for (str line; str_next_line(&rest, &line) && line.len; count++) {
        struct context *own = test_context();
        struct node *vector = json_read(own, text_add(own, S("vector"), line));
        ck_assert_ptr_nonnull(vector);
        str got = run_vector(own, vector);
        if (got.len) {
            printf("smp-vectors.jsonl:%d: %.*s\n got: %.*s\nwant: %.*s\n", count + 1,
                   STR(node_get_str(vector, intern(own->keys, S("note")))), STR(got),
                   STR(print(own, vector)));
            failed++;
        }
        context_free(own);
    }
    ck_assert_int_eq(failed, 0);
    ck_assert_int_eq(count, 293);
    context_free(cx);
}
END_TEST

static struct node *part_node(struct context *cx, struct test_case *c, const char *name)
{
    str body = case_body(c, name);
    struct node *n = yaml_read(cx, text_add(cx, str_from(name), body), YAML_GO3);
    ck_assert_ptr_nonnull(n);
    return n;
}

static void run_case(struct context *cx, struct test_case *c)
{
    struct node *base = part_node(cx, c, "w.yaml");
    const struct merge_schema *schema = merge_schema_builtin(cx);
    if (case_part(c, "openapi.json"))
        schema = merge_schema_from_openapi(cx, part_node(cx, c, "openapi.json"), false);
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    bool ok =
        patch_merge(cx, schema, &base, part_node(cx, c, "patch.yaml")) && yaml_write(cx, &b, base);
    case_answer(c, ok ? "want" : "error", ok ? buf_take(&b) : test_diagnostics(cx));
}

START_TEST(every_case_holds)
{
    cases_run("overlays/patch_merge.cases", run_case);
}
END_TEST

static struct node *read(struct context *cx, const char *yaml)
{
    struct node *n = yaml_read(cx, text_add(cx, S("in.yaml"), str_from(yaml)), YAML_GO3);
    ck_assert_ptr_nonnull(n);
    return n;
}

START_TEST(a_patch_leaves_its_step_and_what_it_replaced)
{
    struct context *cx = test_context();
    struct node *base = read(cx, "{apiVersion: v1, kind: Pod, spec: {hostname: a, nodeName: n}}");
    const struct node *patch = read(cx, "{spec: {hostname: b, containers: [{name: c}]}}");
    const struct step *step = step_enter(cx, S("patch"), NOWHERE);
    ck_assert(patch_merge(cx, merge_schema_builtin(cx), &base, patch));
    step_leave(cx);
    const struct node *spec = node_get(base, KEY(SPEC));
    const struct node *hostname = node_get_text(cx, spec, S("hostname"));
    ck_assert_ptr_eq(node_maker(hostname), step);
    expect_str(node_was(hostname)->text, "a");
    ck_assert_ptr_null(node_maker(node_get_text(cx, spec, S("nodeName"))));
    const struct node *containers = node_get(spec, KEY(CONTAINERS));
    ck_assert_ptr_eq(node_maker(node_get(containers->items[0], KEY_NAME)), step);
    context_free(cx);
}
END_TEST

/* {items: [{key: 0}, {key: 1}, …]} by a comment's schema, as long as the list is. */
static struct node *long_list(struct context *cx, const char *keys, int len, bool every_second)
{
    struct buf b;
    buf_init(&b, cx->arena, 1 << 16);
    buf_format(&b,
               "list: # {\"type\": \"array\", \"x-kubernetes-patch-strategy\": \"merge\","
               " \"x-kubernetes-list-map-keys\": [%s]}\n",
               keys);
    for (int i = 0; i < len; i++)
        buf_format(&b, every_second && i % 2 ? "- {a: %d}\n" : "- {a: %d, b: x}\n", i);
    struct node *n = yaml_read(cx, text_add(cx, S("long"), buf_take(&b)), YAML_GO3);
    ck_assert_ptr_nonnull(n);
    return n;
}

START_TEST(long_lists_cost_what_they_are_long)
{
    struct context *cx = test_context();
    const struct merge_schema *schema = merge_schema_builtin(cx);
    struct node *base = long_list(cx, "\"a\"", 100000, false);
    ck_assert(patch_merge(cx, schema, &base, long_list(cx, "\"a\"", 100000, false)));
    ck_assert_uint_eq(base->entries[0].value->len, 100000);
    base = long_list(cx, "\"a\", \"b\"", 100000, false);
    ck_assert(patch_merge(cx, schema, &base, long_list(cx, "\"a\", \"b\"", 100000, false)));
    ck_assert_uint_eq(base->entries[0].value->len, 100000);
    context_free(cx);
}
END_TEST

/* Irregular lists cost rows times elements: the steps are counted, and end. */
START_TEST(irregular_lists_are_stopped)
{
    struct context *cx = test_context();
    cx->limits.max[LIMIT_STEPS] = 1000 * 1000;
    struct node *base = long_list(cx, "\"a\", \"b\"", 10000, true);
    ck_assert(!patch_merge(cx, merge_schema_builtin(cx), &base, read(cx, "{list: [{a: 1}]}")));
    ck_assert(str_has(test_diagnostics(cx), S("more than 1000000 steps")));
    context_free(cx);
}
END_TEST

TCase *patch_merge_tests(void)
{
    TCase *t = tcase_create("patch_merge");
    tcase_add_test(t, every_vector_has_its_answer);
    tcase_add_test(t, every_case_holds);
    tcase_add_test(t, a_patch_leaves_its_step_and_what_it_replaced);
    tcase_add_test(t, long_lists_cost_what_they_are_long);
    tcase_add_test(t, irregular_lists_are_stopped);
    return t;
}
