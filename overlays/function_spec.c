/* The spec stands in an annotation, or in metadata.configFn; unknown fields are mistakes.
 * Mounts that a document asks for stay below its kustomization's folder. */
#include "overlays/function_spec.h"

#include "overlays/kustomization.h"
#include "render/doc/yaml_read.h"
#include "render/source/source.h"

struct reader {
    struct context *cx;
    const struct node *plugin;
    struct function_spec *spec;
};

static bool report_field(struct reader *r, const struct node *at, str name, const char *wanted)
{
    return report(r->cx, at->pos, "'%.*s' of a function must be %s, not %s", STR(name), wanted,
                  node_kind_name(at));
}

typedef bool read_fn(struct reader *r, str name, const struct node *value);

static bool read_text(struct reader *r, str name, const struct node *value, str *out)
{
    if (value->kind == NODE_NULL)
        return true;
    if (value->kind != NODE_STRING)
        return report_field(r, value, name, "a string");
    *out = value->text;
    return true;
}

static bool read_flag(struct reader *r, str name, const struct node *value, bool *out)
{
    if (value->kind == NODE_NULL)
        return true;
    if (value->kind != NODE_BOOL)
        return report_field(r, value, name, "true or false");
    *out = str_eq(value->text, S("true"));
    return true;
}

static bool read_texts(struct reader *r, str name, const struct node *value, struct strings *out)
{
    if (value->kind != NODE_LIST && value->kind != NODE_NULL)
        return report_field(r, value, name, "a list");
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->len; i++) {
        str one = S("");
        if (!read_text(r, name, value->items[i], &one))
            return false;
        strings_add(r->cx, out, one);
    }
    return true;
}

/* Calls `read` for each field of a map. */
static bool read_map(struct reader *r, str name, const struct node *value, read_fn *read)
{
    if (value->kind == NODE_NULL)
        return true;
    if (value->kind != NODE_MAP)
        return report_field(r, value, name, "a map");
    for (uint32_t i = 0; i < value->len; i++) {
        if (!read(r, value->entries[i].key->text, value->entries[i].value))
            return false;
    }
    return true;
}

static bool unknown(struct reader *r, str name, const struct node *value)
{
    return report(r->cx, value->pos, "a function has no field '%.*s'", STR(name));
}

static bool read_exec(struct reader *r, str name, const struct node *value)
{
    if (str_eq(name, S("path")))
        return read_text(r, name, value, &r->spec->path);
    if (str_eq(name, S("args")))
        return read_texts(r, name, value, &r->spec->args);
    if (str_eq(name, S("envs")))
        return read_texts(r, name, value, &r->spec->env);
    return unknown(r, name, value);
}

static bool read_mount(struct reader *r, str name, const struct node *value)
{
    struct mount *m = &r->spec->mounts.at[r->spec->mounts.len - 1];
    if (str_eq(name, S("type")))
        return read_text(r, name, value, &m->type);
    if (str_eq(name, S("src")))
        return read_text(r, name, value, &m->from);
    if (str_eq(name, S("dst")))
        return read_text(r, name, value, &m->to);
    if (str_eq(name, S("rw")))
        return read_flag(r, name, value, &m->writable);
    return unknown(r, name, value);
}

static bool check_mount(struct reader *r, const struct mount *m)
{
    str clean = source_join(r->cx->arena, S(""), m->from);
    if (!str_starts(m->from, S("/")) && !str_starts(clean, S("..")))
        return true;
    return report(r->cx, r->plugin->pos,
                  "plugin %.*s with mount path '%.*s' is not permitted; mount paths must be %s the "
                  "current kustomization directory",
                  STR(identity_print(r->cx->arena, identity_of(r->plugin))), STR(m->from),
                  str_starts(m->from, S("/")) ? "relative to" : "under");
}

static bool read_mounts(struct reader *r, str name, const struct node *value)
{
    struct mounts *mounts = &r->spec->mounts;
    if (value->kind != NODE_LIST && value->kind != NODE_NULL)
        return report_field(r, value, name, "a list");
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->len; i++) {
        ARENA_PUSH(r->cx->arena, mounts->at, mounts->len, mounts->cap);
        mounts->at[mounts->len++] = (struct mount){ .type = S("") };
        if (!read_map(r, name, value->items[i], read_mount)
            || !check_mount(r, &mounts->at[mounts->len - 1]))
            return false;
    }
    return true;
}

static bool read_container(struct reader *r, str name, const struct node *value)
{
    if (str_eq(name, S("image")))
        return read_text(r, name, value, &r->spec->image);
    if (str_eq(name, S("network")))
        return read_flag(r, name, value, &r->spec->network);
    if (str_eq(name, S("mounts")))
        return read_mounts(r, name, value);
    if (str_eq(name, S("envs")))
        return read_texts(r, name, value, &r->spec->container_env);
    return unknown(r, name, value);
}

static bool read_spec(struct reader *r, str name, const struct node *value)
{
    bool ignored;
    if (str_eq(name, S("container")))
        return read_map(r, name, value, read_container);
    if (str_eq(name, S("exec")))
        return read_map(r, name, value, read_exec);
    /* One function runs at a time, so a failure that is deferred comes just as soon. */
    if (str_eq(name, S("deferFailure")))
        return read_flag(r, name, value, &ignored);
    return unknown(r, name, value);
}

static bool read_annotation(struct reader *r, const struct node *annotation)
{
    const struct node *spec = yaml_read(r->cx, text_of_scalar(r->cx, annotation), YAML_GO2);
    return spec && read_map(r, S("function"), spec, read_spec);
}

bool function_spec_read(struct context *cx, const struct node *plugin, struct function_spec *out,
                        bool *found)
{
    static const str names[] = { S("config.kubernetes.io/function"), S("config.k8s.io/function") };
    struct reader r = { cx, plugin, out };
    const struct node *metadata = node_get(plugin, KEY_METADATA);
    const struct node *annotations = node_get(metadata, KEY_ANNOTATIONS);
    *out = (struct function_spec){ 0 };
    *found = true;
    for (size_t i = 0; i < countof(names); i++) {
        const struct node *annotation = node_get_text(cx, annotations, names[i]);
        if (annotation && node_is_scalar(annotation) && annotation->text.len)
            return read_annotation(&r, annotation);
    }
    const struct node *field = node_get_text(cx, metadata, S("configFn"));
    if (field && field->kind != NODE_NULL)
        return read_map(&r, S("configFn"), field, read_spec);
    const struct node *image = node_get_text(cx, annotations, S("config.kubernetes.io/container"));
    *found = image && node_is_scalar(image) && image->text.len;
    if (*found)
        out->image = image->text;
    return true;
}

struct mount mount_parse(str text)
{
    struct mount m = { .type = S("") };
    for (str option, name, value; str_next_field(&text, ',', &option);) {
        if (!str_cut(option, '=', &name, &value))
            continue;
        if (str_eq(name, S("type")))
            m.type = value;
        else if (str_eq(name, S("src")) || str_eq(name, S("source")))
            m.from = value;
        else if (str_eq(name, S("dst")) || str_eq(name, S("target")))
            m.to = value;
        else if (str_eq(name, S("rw")) && str_eq(value, S("true")))
            m.writable = true;
    }
    return m;
}
