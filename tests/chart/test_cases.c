/* testdata/chart: the files of a chart, then what Helm prints or what we report. */
#include "render/base/buf.h"
#include "render/chart/compat.h"
#include "render/chart/depend.h"
#include "render/chart/inflate.h"
#include "render/chart/set.h"
#include "render/chart/values.h"
#include "tests/cases.h"

static const char *const topics[] = {
    "compat", "dependencies", "loading", "schema", "set", "values"
};

static bool is_file(const struct part *p)
{
    return !p->answer.at && !str_eq(p->name, S("arguments")) && !str_eq(p->name, S("compat"))
           && !str_starts(p->name, S("want")) && !str_starts(p->name, S("error"));
}

static struct source *source_of(struct context *cx, const struct test_case *c)
{
    struct source *src = source_mem(cx, S(""));
    for (uint32_t i = 0; i < c->len; i++) {
        if (is_file(&c->parts[i]))
            ck_assert(source_mem_put(cx, src, c->parts[i].name, c->parts[i].body, NOWHERE));
    }
    return src;
}

/* Words with a blank between; quotes only around one. */
static bool said(struct context *cx, struct source *src, str arguments, struct dict **values)
{
    static const struct {
        str option;
        enum set_mode mode;
    } modes[] = {
        { S("--set"), SET_TYPED },           { S("--set-string"), SET_STRING },
        { S("--set-json"), SET_JSON },       { S("--set-file"), SET_FILE },
        { S("--set-literal"), SET_LITERAL },
    };
    str option, word, error;
    arguments = str_trim(arguments);
    *values = dict_new(cx->arena, 0);
    while (str_next_field(&arguments, ' ', &option) && str_next_field(&arguments, ' ', &word)) {
        struct dict *more;
        word = str_trim_chars(word, S("'"));
        if (str_eq(option, S("-f"))) {
            struct text *text = source_read(cx, src, word, NOWHERE);
            if (!text || !values_read(cx, text, &more))
                return false;
            *values = values_over(cx, *values, more);
        }
        for (size_t i = 0; i < countof(modes); i++) {
            if (str_eq(option, modes[i].option)
                && !set_apply(cx, *values, word, modes[i].mode, src, NOWHERE, &error))
                return report(cx, NOWHERE, "%.*s", STR(error));
        }
    }
    return true;
}

static str print(struct context *cx, const struct manifests *all)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    for (uint32_t i = 0; i < all->len; i++)
        manifest_print(&b, &all->at[i]);
    return str_concat(cx->arena, str_trim(buf_view(&b)), S("\n"));
}

static void run_case(struct context *cx, struct test_case *c)
{
    struct source *src = source_of(cx, c);
    struct inflate_options options = { .release = { .name = S("release"),
                                                    .namespace_ = S("default") } };
    struct manifests all = { 0 };
    struct dict *values;
    str failure;
    cx->charts_like = chart_compat_find(str_trim(case_body(c, "compat")));
    ck_assert(cx->charts_like);
    struct chart *chart = chart_load(cx, src, S("."), NOWHERE);
    if (chart && said(cx, src, case_body(c, "arguments"), &values) && depend_check(cx, chart)
        && inflate(cx, chart, values, &options, &all, &failure))
        case_answer(c, "want", print(cx, &all));
    else
        case_answer(c, "error", test_diagnostics(cx));
}

START_TEST(every_case_holds)
{
    struct context *cx = test_context();
    cases_run(str_cstr(cx->arena, str_format(cx->arena, "chart/%s.cases", topics[_i])), run_case);
    context_free(cx);
}
END_TEST

TCase *cases_tests(void)
{
    TCase *t = tcase_create("cases");
    tcase_add_loop_test(t, every_case_holds, 0, countof(topics));
    return t;
}
