/* testdata/overlays: the files of a kustomization, then what kustomize builds or what we report. */
#include "overlays/build.h"
#include "overlays/field_path.h"
#include "render/doc/yaml_write.h"
#include "tests/cases.h"

static const char *const topics[] = {
    "braces",      "compat",    "field_path", "field_types", "iam_policy", "mistakes",
    "replacement", "value_add", "vars",       "allowances",  "brackets",   "tabs",
};

static bool is_file(str name)
{
    static const str about[] = { S("want"),  S("error"),  S("warning"),
                                 S("build"), S("compat"), S("arguments") };
    str word, rest;
    str_cut(name, ' ', &word, &rest);
    for (size_t i = 0; i < countof(about); i++) {
        if (str_eq(word, about[i]))
            return false;
    }
    return true;
}

static struct folder *files(struct context *cx, struct test_case *c)
{
    struct source *mem = source_mem(cx, S(""));
    for (uint32_t i = 0; i < c->len; i++) {
        const struct part *p = &c->parts[i];
        if (is_file(p->name))
            ck_assert(source_mem_put(cx, mem, p->name, p->body, NOWHERE));
    }
    return source_folder(cx, mem, str_trim(case_body(c, "build")), NOWHERE);
}

static str print(struct context *cx, const struct node *n)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    ck_assert(yaml_write(cx, &b, n));
    return buf_take(&b);
}

static str print_all(struct context *cx, const struct resources *all)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    for (uint32_t i = 0; i < all->len; i++) {
        if (i)
            buf_str(&b, S("---\n"));
        buf_str(&b, print(cx, all->at[i]->node));
    }
    return buf_take(&b);
}

/* "KIND/NAME PATH": nothing when it is absent. */
static str print_field(struct context *cx, const struct resources *all, str wanted)
{
    str document, path, kind, name;
    str_cut(wanted, ' ', &document, &path);
    str_cut(document, '/', &kind, &name);
    for (uint32_t i = 0; i < all->len; i++) {
        struct identity id = resource_id(all->at[i]);
        struct field_path p = field_path_dotted(cx, path, NOWHERE);
        struct node *n;
        if (!str_eq(id.gvk.kind, kind) || !str_eq(id.name, name))
            continue;
        ck_assert(field_path_get(cx, &p, all->at[i]->node, false, &n, NULL));
        if (n && node_is_scalar(n))
            return str_concat(cx->arena, n->text, S("\n"));
        return n ? print(cx, n) : S("");
    }
    return S("no such document\n");
}

static void run_case(struct context *cx, struct test_case *c)
{
    struct resources all = { 0 };
    str release = str_trim(case_body(c, "compat"));
    struct build_options options = { .compat = compat_find(release), .enable_helm = release.len };
    ck_assert(options.compat);
    if (!overlay_build(cx, files(cx, c), &options, &all)) {
        case_answer(c, "error", test_diagnostics(cx));
        return;
    }
    case_answer(c, "warning", test_diagnostics(cx));
    for (uint32_t i = 0; i < c->len; i++) {
        str name = c->parts[i].name, wanted = str_trim_prefix(name, S("want "));
        if (str_eq(name, S("want")))
            case_answer(c, "want", print_all(cx, &all));
        else if (wanted.len != name.len)
            case_answer(c, str_cstr(cx->arena, name), print_field(cx, &all, wanted));
    }
}

START_TEST(every_case_holds)
{
    struct context *cx = test_context();
    cases_run(str_cstr(cx->arena, str_format(cx->arena, "overlays/%s.cases", topics[_i])),
              run_case);
    context_free(cx);
}
END_TEST

TCase *cases_tests(void)
{
    TCase *t = tcase_create("cases");
    tcase_add_loop_test(t, every_case_holds, 0, countof(topics));
    return t;
}
