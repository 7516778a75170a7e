/* What the oracle's recorder puts around a template, as far as cases look at it. */
#include "tests/template/chart.h"

#include "render/doc/yaml_read.h"

static struct value text(const char *s)
{
    return value_string(str_from(s));
}

static void set(struct context *cx, struct dict *d, const char *name, struct value v)
{
    dict_set_text(cx, d, str_from(name), v);
}

static struct value values_of(struct context *cx, str yaml)
{
    struct node *n = yaml_read(cx, text_add(cx, S("values.yaml"), yaml), YAML_GO2);
    ck_assert_ptr_nonnull(n);
    struct value v =
        n->kind == NODE_MAP ? value_from_node(cx, n) : value_map(dict_new(cx->arena, 0));
    v.type = TYPE_VALUES;
    return v;
}

static struct value get_bytes(struct call *c)
{
    (void)c;
    return value_bytes(S(""));
}

static struct value files(struct context *cx)
{
    static const struct func methods[] = { { "GetBytes", "s", get_bytes }, { 0 } };
    static const struct object_type type = { "engine.files", "map", methods };
    struct object *o = NEW(cx->arena, struct object);
    *o = (struct object){ &type, value_map(dict_new(cx->arena, 0)), { 0 }, NULL };
    return value_object(o);
}

struct value chart_root(struct context *cx, str values)
{
    struct dict *release = dict_new(cx->arena, 4);
    set(cx, release, "Name", text("release"));
    set(cx, release, "Namespace", text("default"));
    struct dict *chart = dict_new(cx->arena, 4);
    set(cx, chart, "Name", text("case"));
    set(cx, chart, "Version", text("1.2.3"));
    set(cx, chart, "AppVersion", text("4.5.6"));
    struct dict *root = dict_new(cx->arena, 4);
    set(cx, root, "Release", value_map(release));
    set(cx, root, "Chart", value_map(chart));
    set(cx, root, "Values", values_of(cx, values));
    set(cx, root, "Files", files(cx));
    struct value v = value_map(root);
    v.type = TYPE_VALUES;
    return v;
}

bool chart_render(struct context *cx, str bytes, str values, str *out, struct template_set **where)
{
    struct template_set *set_ = template_set_new(cx, (struct template_options){ 0 });
    if (where)
        *where = set_;
    str name = S("case.yaml");
    struct value root = chart_root(cx, values);
    struct rendered r = { 0 };
    bool ok = template_add(set_, name, text_add(cx, name, bytes))
              && template_execute(set_, name, root, &r);
    *out = r.bytes;
    return ok;
}
