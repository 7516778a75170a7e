/* Diagnostics: places, carets, frames, classes. */
#include "tests/expect.h"

START_TEST(a_report_shows_the_place_and_its_frames)
{
    struct context *cx = test_context();
    struct text *t = text_add(cx, S("over/kustomization.yaml"), S("a: 1\nname: \xc3\xa9 web\n"));
    diag_enter(cx, (struct pos){ t->id, 0 }, "in this component");
    ck_assert(!report(cx, (struct pos){ t->id, 14 }, "no resource '%s'", "web"));
    hint(cx, NOWHERE, "did you mean 'wab'?");
    diag_leave(cx);
    expect_str(test_diagnostics(cx), "over/kustomization.yaml:2:9: error: no resource 'web'\n"
                                     "    2 | name: \xc3\xa9 web\n"
                                     "      |         ^~~\n"
                                     "over/kustomization.yaml:1:1: note: in this component\n"
                                     "hint: did you mean 'wab'?\n");
    ck_assert_int_eq(diag_exit_status(cx), 2);
    context_free(cx);
}
END_TEST

START_TEST(a_rendered_text_points_at_its_template)
{
    struct context *cx = test_context();
    struct text *template = text_add(cx, S("t.yaml"), S("a:\n  b: {{ .x }}\n"));
    struct text *rendered = text_add(cx, S("rendered"), S("a:\n  b: 1\n"));
    struct text_piece pieces[] = { { .from = { template->id, 0 } },
                                   { .offset = 8, .from = { template->id, 8 } } };
    rendered->pieces = pieces;
    rendered->piece_count = countof(pieces);
    struct place p;
    ck_assert(text_place(cx, (struct pos){ rendered->id, 9 }, &p));
    expect_str(p.name, "t.yaml");
    ck_assert_uint_eq(p.line, 2);
    ck_assert_uint_eq(p.column, 6);
    context_free(cx);
}
END_TEST

START_TEST(control_bytes_of_the_input_never_reach_the_terminal)
{
    struct context *cx = test_context();
    report(cx, NOWHERE, "bad name '%s'", "\033[2J");
    expect_str(test_diagnostics(cx), "error: bad name '\\x1b[2J'\n");
    context_free(cx);
}
END_TEST

START_TEST(of_many_frames_the_nearest_and_the_outermost_are_told)
{
    struct context *cx = test_context();
    for (int i = 0; i < 1000; i++)
        diag_enter(cx, NOWHERE, i == 0 ? "outermost" : i == 999 ? "nearest" : "in this base");
    report(cx, NOWHERE, "deep");
    str said = test_diagnostics(cx);
    ck_assert(str_starts(said, S("error: deep\nnote: nearest\nnote: in this base\n")));
    ck_assert(str_has(said, S("note: in 984 more\n")));
    ck_assert(str_ends(said, S("note: outermost\n")));
    context_free(cx);
}
END_TEST

START_TEST(a_long_message_is_shown_by_its_ends)
{
    struct context *cx = test_context();
    char *name = arena_alloc(cx->arena, 1000000);
    memset(name, 'x', 1000000);
    report(cx, NOWHERE, "no '%.*s' here", 1000000, name);
    str said = test_diagnostics(cx);
    ck_assert_uint_lt(said.len, 2000);
    ck_assert(str_starts(said, S("error: no 'xxx")));
    ck_assert(str_has(said, S("x[... 998730 bytes ...]x")));
    ck_assert(str_ends(said, S("xxx' here\n")));
    context_free(cx);
}
END_TEST

START_TEST(a_limit_without_a_place_is_told_where_the_work_stands)
{
    struct context *cx = test_context();
    struct text *t = text_add(cx, S("k.yaml"), S("a: 1\n"));
    cx->limits.max[LIMIT_STEPS] = 5;
    diag_enter(cx, (struct pos){ t->id, 3 }, "in this patch");
    ck_assert(!limit_count(cx, LIMIT_STEPS, 6, NOWHERE));
    ck_assert(str_starts(test_diagnostics(cx), S("k.yaml:1:4: error: more than 5 steps")));
    context_free(cx);
}
END_TEST

TCase *diag_tests(void)
{
    TCase *t = tcase_create("diag");
    tcase_add_test(t, a_report_shows_the_place_and_its_frames);
    tcase_add_test(t, a_rendered_text_points_at_its_template);
    tcase_add_test(t, control_bytes_of_the_input_never_reach_the_terminal);
    tcase_add_test(t, of_many_frames_the_nearest_and_the_outermost_are_told);
    tcase_add_test(t, a_long_message_is_shown_by_its_ends);
    tcase_add_test(t, a_limit_without_a_place_is_told_where_the_work_stands);
    return t;
}
