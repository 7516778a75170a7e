/* Parsing: what only C can ask. */
#include <stdlib.h>

#include "tests/template/chart.h"

static struct template_set *set_of(struct context *cx)
{
    return template_set_new(cx, (struct template_options){ 0 });
}

static bool add(struct template_set *set, const char *name, const char *text)
{
    return template_add(set, str_from(name), text_add(set->cx, str_from(name), str_from(text)));
}

static void expect_rendered(struct template_set *set, const char *name, const char *want)
{
    struct rendered r;
    ck_assert(template_execute(set, str_from(name), NIL, &r));
    expect_same(r.bytes, str_from(want));
}

START_TEST(files_share_a_set_and_the_last_definition_counts)
{
    struct context *cx = test_context();
    struct template_set *set = set_of(cx);
    ck_assert(add(set, "a", "{{ define \"t\" }}1{{ end }}"));
    ck_assert(add(set, "b", "{{ define \"t\" }}2{{ end }}"));
    ck_assert(add(set, "c", "{{ define \"t\" }} {{ end }}"));
    ck_assert(add(set, "d", "{{ template \"t\" }}"));
    expect_rendered(set, "d", "2");
    context_free(cx);
}
END_TEST

START_TEST(nesting_has_an_end)
{
    struct context *cx = test_context();
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    buf_str(&b, S("{{"));
    buf_repeat(&b, '(', 100000);
    ck_assert(!template_add(set_of(cx), S("deep"), text_add(cx, S("deep"), buf_take(&b))));
    ck_assert(diag_failed(cx));
    context_free(cx);
}
END_TEST

/* A text may end anywhere. */
START_TEST(every_beginning_of_a_template_is_read)
{
    static const char whole[] = "a {{- if and (eq .a.b \"c\\\"d\") `e` 'f' 0x1f -}} {{/* g */}}"
                                "{{ range $i, $x := .l }}{{ break }}{{ else }}{{ end }}"
                                "{{ else with $.h | printf \"%d\" }}{{ end }}"
                                "{{ define \"t\" }}{{ block \"u\" . }}{{ end }}{{ end }}";
    for (size_t n = 0; n < sizeof whole; n++) {
        struct context *cx = test_context();
        char *copy = malloc(n + 1); /* so that reading past the end is seen */
        memcpy(copy, whole, n);
        struct template_set *set = set_of(cx);
        bool ok = template_add(set, S("t"), text_add(cx, S("t"), (str){ copy, n }));
        ck_assert_int_eq(ok, !diag_failed(cx));
        ck_assert_int_eq(ok, template_failure(set) == NULL);
        context_free(cx);
        free(copy);
    }
}
END_TEST

TCase *parse_tests(void)
{
    TCase *t = tcase_create("parse");
    tcase_add_test(t, files_share_a_set_and_the_last_definition_counts);
    tcase_add_test(t, nesting_has_an_end);
    tcase_add_test(t, every_beginning_of_a_template_is_read);
    return t;
}
