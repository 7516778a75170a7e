/* Replacements: what kustomize would never end, and what only hoist asks for. */
#include "overlays/build.h"
#include "render/base/buf.h"
#include "tests/cases.h"

/* Builds a W with this spec and these replacements. */
static bool build(struct context *cx, const char *spec, str replacements)
{
    struct source *mem = source_mem(cx, S(""));
    struct resources all = { 0 };
    struct build_options options = { 0 };
    str w =
        str_format(cx->arena, "{apiVersion: x/v1, kind: W, metadata: {name: w}, spec: %s}", spec);
    str file = str_format(cx->arena, "resources: [w.yaml]\nreplacements:\n%.*s", STR(replacements));
    ck_assert(source_mem_put(cx, mem, S("w.yaml"), w, NOWHERE));
    ck_assert(source_mem_put(cx, mem, S("kustomization.yaml"), file, NOWHERE));
    return overlay_build(cx, source_folder(cx, mem, S(""), NOWHERE), &options, &all);
}

/* Here kustomize makes one item after the other until the memory is full. */
START_TEST(an_item_that_its_own_pattern_does_not_match_is_made_once)
{
    struct context *cx = test_context();
    ck_assert(!build(cx, "{l: []}",
                     S("- sourceValue: x\n"
                       "  targets:\n"
                       "  - select: {kind: W}\n"
                       "    fieldPaths: ['spec.l.[name=^a$]']\n"
                       "    options: {create: true}\n")));
    ck_assert(str_has(test_diagnostics(cx), S("does not match it")));
    context_free(cx);
}
END_TEST

START_TEST(strict_names_a_target_that_matches_nothing)
{
    str text = S("- sourceValue: x\n"
                 "  targets: [{select: {kind: W, name: ww}}]\n");
    struct context *cx = test_context();
    ck_assert(build(cx, "{}", text));
    context_free(cx);
    cx = test_context();
    cx->switches.strict = true;
    ck_assert(!build(cx, "{}", text));
    expect_str(test_diagnostics(cx),
               "kustomization.yaml:4:13: error: no resource matches this target of a replacement\n"
               "    4 |   targets: [{select: {kind: W, name: ww}}]\n"
               "      |             ^~~~~~~\n"
               "kustomization.yaml:3:3: note: in this replacement\n"
               "w.yaml:1:1: hint: did you mean 'w'?\n");
    context_free(cx);
}
END_TEST

/* Each copy doubles the document. */
START_TEST(copies_of_a_document_into_itself_end_at_a_limit)
{
    struct context *cx = test_context();
    struct buf b;
    cx->limits.max[LIMIT_COPIES] = 100 * 1000;
    buf_init(&b, cx->arena, 4096);
    for (int i = 0; i < 64; i++)
        buf_format(&b,
                   "- source: {kind: W, fieldPath: spec}\n"
                   "  targets: [{select: {kind: W}, fieldPaths: [spec.a%d], options: {create: "
                   "true}}]\n",
                   i);
    ck_assert(!build(cx, "{a: {b: c}}", buf_take(&b)));
    ck_assert(str_has(test_diagnostics(cx), S("more than 100000 copied document nodes")));
    context_free(cx);
}
END_TEST

START_TEST(a_path_is_no_deeper_than_a_document_may_be)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    buf_str(&b, S("- sourceValue: x\n"
                  "  targets: [{select: {kind: W}, options: {create: true}, fieldPaths: [spec"));
    for (int i = 0; i < 2000; i++)
        buf_str(&b, S(".a"));
    buf_str(&b, S("]}]\n"));
    ck_assert(!build(cx, "{}", buf_take(&b)));
    ck_assert(str_has(test_diagnostics(cx), S("levels of nesting")));
    context_free(cx);
}
END_TEST

TCase *replacement_tests(void)
{
    TCase *t = tcase_create("replacement");
    tcase_add_test(t, an_item_that_its_own_pattern_does_not_match_is_made_once);
    tcase_add_test(t, strict_names_a_target_that_matches_nothing);
    tcase_add_test(t, copies_of_a_document_into_itself_end_at_a_limit);
    tcase_add_test(t, a_path_is_no_deeper_than_a_document_may_be);
    return t;
}
