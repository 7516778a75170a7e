/* hoist.yaml and image sets: testdata/promote/project.cases, images.cases. */
#include "promote/image_set.h"
#include "promote/project.h"
#include "render/base/buf.h"
#include "render/doc/json_read.h"
#include "render/source/source.h"
#include "schema/json_schema.h"
#include "tests/cases.h"

/* Every part but the answers is a file. */
static struct folder *folder_of(struct context *cx, struct test_case *c)
{
    struct source *mem = source_mem(cx, S(""));
    for (uint32_t i = 0; i < c->len; i++) {
        str name = c->parts[i].name;
        if (!str_starts(name, S("want")) && !str_starts(name, S("error")))
            source_mem_put(cx, mem, name, c->parts[i].body, NOWHERE);
    }
    return source_folder(cx, mem, S("."), NOWHERE);
}

static void print_project(struct buf *b, const struct project *p)
{
    for (uint32_t i = 0; i < p->environment_count; i++) {
        const struct environment_row *row = &p->environments[i];
        buf_format(b, "%.*s: %.*s %.*s\n", STR(row->name), STR(row->path), STR(row->branch));
    }
    for (uint32_t i = 0; i < p->promotion_count; i++) {
        const struct promotion_row *row = &p->promotions[i];
        buf_format(b, "%.*s -> %.*s on %.*s (%.*s)%s", STR(row->from), STR(row->to),
                   STR(row->branch), STR(row->request.base), row->digest ? " digest" : "");
        for (uint32_t k = 0; k < row->check_count; k++)
            buf_format(b, " %.*s", STR(row->checks[k].name));
        buf_char(b, '\n');
    }
}

/* What docs/hoist.schema.json says of a file. */
static bool schema_takes(struct context *cx, const struct node *file)
{
    struct source *disk = source_disk(cx, S(""));
    struct text *text = source_read(cx, disk, S(TESTDATA "/../docs/hoist.schema.json"), NOWHERE);
    struct json_schema_source none = { 0 };
    struct json_schema_error error;
    const struct json_failure *failure;
    ck_assert_ptr_nonnull(text);
    const struct node *root = json_read(cx, text);
    const struct json_schema *schema =
        json_schema_read(cx, S("file:///hoist.schema.json"), root, &none, &error);
    ck_assert_ptr_nonnull(schema);
    ck_assert(json_schema_check(cx, schema, file, &failure));
    return !failure;
}

/* An editor must not underline what hoist takes, nor pass over a misspelt field. */
static void compare_schema(struct context *cx, struct test_case *c, const struct project *p)
{
    struct text *text = p ? p->text : text_add(cx, S("x"), case_body(c, "hoist.yaml"));
    str error = case_body(c, "error");
    bool misspelt = str_find(error, S("has no field")) >= 0;
    if (!text || !(p || misspelt))
        return;
    const struct node *file = yaml_read(cx, text, YAML_GO3);
    if (file)
        ck_assert_msg(schema_takes(cx, file) == !misspelt, "%.*s: the schema disagrees",
                      STR(c->title));
}

static void project_case(struct context *cx, struct test_case *c)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    struct project *p = project_read(cx, folder_of(cx, c));
    if (p)
        print_project(&b, p);
    case_answer(c, "want", buf_take(&b));
    case_answer(c, "error", test_diagnostics(cx));
    compare_schema(cx, c, p);
}

START_TEST(project_cases)
{
    cases_run("promote/project.cases", project_case);
}
END_TEST

static void images_case(struct context *cx, struct test_case *c)
{
    struct documents docs = { 0 };
    struct image_set set;
    ck_assert(
        yaml_read_all(cx, text_add(cx, S("in.yaml"), case_body(c, "in.yaml")), YAML_GO3, &docs));
    struct buf b;
    buf_init(&b, cx->arena, 256);
    bool ok = image_set_of(cx, &docs, &set);
    for (uint32_t i = 0; ok && i < set.len; i++) {
        const struct image *image = &set.at[i];
        buf_format(&b, "%.*s%.*s:", STR(image->ref.name),
                   STR(image_version(cx->arena, image->ref)));
        for (uint32_t k = 0; k < image->len; k++)
            buf_format(&b, " %.*s/%.*s", STR(identity_of(image->uses[k].document).name),
                       STR(image->uses[k].container));
        buf_char(&b, '\n');
    }
    case_answer(c, "want", buf_take(&b));
    case_answer(c, "error", test_diagnostics(cx));
}

START_TEST(images_cases)
{
    cases_run("promote/images.cases", images_case);
}
END_TEST

TCase *project_tests(void)
{
    TCase *t = tcase_create("project");
    tcase_add_test(t, project_cases);
    tcase_add_test(t, images_cases);
    return t;
}
