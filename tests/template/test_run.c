/* Running: limits, pieces, and what hostile templates try. */
#include "tests/template/chart.h"

static bool render(struct context *cx, const char *template)
{
    str out;
    return chart_render(cx, str_from(template), S(""), &out, NULL);
}

static void expect_stopped(const char *template, const char *words)
{
    struct context *cx = test_context();
    cx->limits.max[LIMIT_STEPS] = 1000000;
    cx->limits.max[LIMIT_OUTPUT] = 1 << 20;
    ck_assert(!render(cx, template));
    str said = test_diagnostics(cx);
    ck_assert_msg(str_has(said, str_from(words)), "got: %.*s", STR(said));
    context_free(cx);
}

START_TEST(what_would_not_end_is_stopped)
{
    expect_stopped("{{ range 1000000000 }}{{ end }}", "steps");
    expect_stopped("{{ range 1000000 }}0123456789{{ end }}", "output");
    expect_stopped("{{ define \"t\" }}{{ template \"t\" }}{{ end }}{{ template \"t\" }}",
                   "exceeded maximum template depth");
    expect_stopped("{{ define \"t\" }}{{ include \"t\" . }}{{ end }}{{ include \"t\" . }}",
                   "nested reference name");
    expect_stopped("{{ define \"t\" }}{{ tpl \"{{ include `t` . }}\" . }}{{ end }}"
                   "{{ include \"t\" . }}",
                   "error: "); /* by either of the two, whichever stack comes first */
}
END_TEST

START_TEST(a_map_may_hold_itself)
{
    expect_stopped("{{ $d := dict }}{{ $_ := set $d \"a\" $d }}{{ $_ := set $d \"b\" $d }}"
                   "{{ eq 1 1 }}{{ deepEqual $d (deepCopy (dict \"a\" 1)) }}{{ $d }}",
                   "holds itself");
    expect_stopped("{{ $d := dict }}{{ $_ := set $d \"d\" $d }}{{ print $d | len }}",
                   "holds itself");
}
END_TEST

START_TEST(pieces_lead_back_to_the_template)
{
    struct context *cx = test_context();
    struct template_set *set = template_set_new(cx, (struct template_options){ .pieces = true });
    str name = S("t.yaml");
    str text = S("a: {{ .Values.x }}b\n{{ .Values.none }}{{ \"cd\" }}\n");
    ck_assert(template_add(set, name, text_add(cx, name, text)));
    struct rendered r;
    ck_assert(template_execute(set, name, chart_root(cx, S("x: one")), &r));
    expect_str(r.bytes, "a: oneb\ncd\n");
    static const struct {
        uint32_t at, from;
    } want[] = { { 0, 0 }, { 3, 6 }, { 6, 18 }, { 8, 23 }, { 8, 41 }, { 10, 48 } };
    ck_assert_uint_eq(r.piece_count, countof(want));
    for (uint32_t i = 0; i < countof(want); i++) {
        ck_assert_uint_eq(r.pieces[i].offset, want[i].at);
        ck_assert_uint_eq(r.pieces[i].from.offset, want[i].from);
    }
    context_free(cx);
}
END_TEST

TCase *run_tests(void)
{
    TCase *t = tcase_create("run");
    tcase_set_timeout(t, 20);
    tcase_add_test(t, what_would_not_end_is_stopped);
    tcase_add_test(t, a_map_may_hold_itself);
    tcase_add_test(t, pieces_lead_back_to_the_template);
    return t;
}
