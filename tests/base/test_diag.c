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

TCase *diag_tests(void)
{
    TCase *t = tcase_create("diag");
    tcase_add_test(t, a_report_shows_the_place_and_its_frames);
    tcase_add_test(t, a_rendered_text_points_at_its_template);
    tcase_add_test(t, control_bytes_of_the_input_never_reach_the_terminal);
    return t;
}
