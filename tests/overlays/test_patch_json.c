/* JSON patches: the cases, then what keeps hostile ones within bounds. */
#include "overlays/patch_json.h"
#include "overlays/patch_merge.h"
#include "render/base/buf.h"
#include "render/doc/origin.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"
#include "tests/cases.h"

static void run_case(struct context *cx, struct test_case *c)
{
    struct text *document = text_add(cx, S("w.yaml"), case_body(c, "w.yaml"));
    struct text *patch = text_add(cx, S("patch.yaml"), case_body(c, "patch.yaml"));
    struct node *target = yaml_read(cx, document, YAML_GO3);
    const struct node *operations = patch_json_read(cx, patch);
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    bool ok = target && operations && patch_json_apply(cx, target, operations)
              && yaml_write(cx, &b, target);
    case_answer(c, ok ? "want" : "error", ok ? buf_take(&b) : test_diagnostics(cx));
}

START_TEST(every_case_holds)
{
    cases_run("overlays/patch_json.cases", run_case);
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
    struct node *target = read(cx, "{spec: {a: 1, b: 2}}");
    const struct node *operations = read(cx, "[{op: replace, path: /spec/a, value: 3}]");
    const struct step *step = step_enter(cx, S("patch"), NOWHERE);
    ck_assert(patch_json_apply(cx, target, operations));
    step_leave(cx);
    const struct node *spec = node_get(target, KEY(SPEC));
    const struct node *a = node_get_text(cx, spec, S("a"));
    ck_assert_ptr_eq(node_maker(a), step);
    expect_str(node_was(a)->text, "1");
    ck_assert_ptr_null(node_maker(node_get_text(cx, spec, S("b"))));
    context_free(cx);
}
END_TEST

/* A document may not grow deeper than one that is read may be. */
START_TEST(copies_cannot_nest_without_end)
{
    struct context *cx = test_context();
    struct node *target = read(cx, "{a: {}}");
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    str deepest = S("/a");
    for (int i = 0; i < 14; i++) {
        buf_format(&b, "- {op: copy, from: /a, path: %.*s/a}\n", STR(deepest));
        deepest = str_concat(cx->arena, deepest, deepest);
    }
    const struct node *operations = patch_json_read(cx, text_add(cx, S("p"), buf_take(&b)));
    ck_assert(!patch_json_apply(cx, target, operations));
    ck_assert(str_starts(test_diagnostics(cx), S("p:10:")));
    context_free(cx);
}
END_TEST

/* After a JSON patch quoting is what Go prints: x is plain, so 2 becomes a number; "1" is not. */
START_TEST(quoting_goes_through_json)
{
    struct context *cx = test_context();
    struct node *target = read(cx, "{a: 'x', b: '1', c: [1], d: 1000000}");
    ck_assert(patch_json_apply(cx, target, read(cx, "[]")));
    const struct node *patch = read(cx, "{a: 2, b: 2}");
    ck_assert(patch_merge(cx, merge_schema_builtin(cx), &target, patch));
    ck_assert_int_eq(node_get_text(cx, target, S("a"))->kind, NODE_INT);
    ck_assert_int_eq(node_get_text(cx, target, S("b"))->kind, NODE_STRING);
    expect_str(node_get_text(cx, target, S("d"))->text, "1e+06");
    context_free(cx);
}
END_TEST

TCase *patch_json_tests(void)
{
    TCase *t = tcase_create("patch_json");
    tcase_add_test(t, every_case_holds);
    tcase_add_test(t, a_patch_leaves_its_step_and_what_it_replaced);
    tcase_add_test(t, copies_cannot_nest_without_end);
    tcase_add_test(t, quoting_goes_through_json);
    return t;
}
