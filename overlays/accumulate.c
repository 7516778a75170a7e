/* Resources, generators, components, transformers, in this order, at every level. */
#include "overlays/accumulate.h"

#include "overlays/documents.h"
#include "overlays/kustomization.h"
#include "overlays/metadata.h"
#include "overlays/plugin.h"
#include "overlays/remote.h"
#include "overlays/steps.h"
#include "overlays/vars.h"
#include "render/doc/origin.h"
#include "render/doc/yaml_read.h"

struct field_config *accumulator_config(struct context *cx, struct accumulator *sum)
{
    if (!sum->own_config) {
        sum->config = field_config_new(cx);
        sum->own_config = true;
    }
    return sum->config;
}

static bool merge_sum(struct context *cx, struct accumulator *sum, struct accumulator *base)
{
    if (!resources_append_all(cx, &sum->resources, &base->resources))
        return false;
    if (base->own_config && !field_config_merge(cx, accumulator_config(cx, sum), base->config))
        return false;
    return vars_merge(cx, sum, base);
}

bool accumulate_is_cycle(struct context *cx, const struct overlay *o, const struct folder *folder,
                         struct pos from)
{
    for (; o; o = o->outer) {
        if (o->folder->source != folder->source || !folder_holds(folder, o->folder))
            continue;
        report(cx, from, "cycle detected: '%.*s' is, or contains, '%.*s', which is being built",
               STR(folder->path), STR(o->folder->path));
        return true;
    }
    return false;
}

/* `openapi` of the first kustomization that has one rules the whole build. */
bool accumulate_schema(struct context *cx, struct overlay *o)
{
    const struct node *openapi = node_get(o->file, KEY(OPENAPI));
    const struct node *path = node_get(openapi, KEY(PATH));
    const struct node *version = node_get(openapi, KEY(VERSION));
    if (version && (version->kind == NODE_NULL || version->text.len == 0))
        version = NULL;
    if (path && version)
        return report(cx, openapi->pos, "openapi takes a path or a version, not both");
    if (version && !str_eq(version->text, S("v1.21.2")) && !str_eq(version->text, S("v1.20.4")))
        return report(cx, version->pos, "the built-in openapi version is v1.21.2, not '%.*s'",
                      STR(version->text));
    if (o->build->schema_chosen || (!path && !version))
        return true;
    o->build->schema_chosen = true;
    if (!path)
        return true;
    struct text *text = remote_read(cx, o, path->text, path->pos);
    const struct node *document = text ? yaml_read(cx, text, YAML_GO2) : NULL;
    if (!document)
        return false;
    o->build->schema = merge_schema_from_openapi(cx, document, o->build->schema_loaded);
    return o->build->schema != NULL;
}

static bool check_role(struct context *cx, const struct overlay *o, bool component,
                       const struct node *entry)
{
    if (o->component == component)
        return true;
    return report(cx, entry->pos,
                  component ? "'%.*s' is not a Component and cannot stand in components"
                            : "'%.*s' is a Component and cannot stand in resources",
                  STR(entry->text));
}

static struct overlay *enter(struct context *cx, struct overlay *outer, struct folder *folder)
{
    struct overlay *o = NEW(cx->arena, struct overlay);
    o->build = outer->build;
    o->outer = outer;
    o->folder = folder;
    return o;
}

static bool add_folder(struct context *cx, struct overlay *outer, struct folder *folder,
                       const struct node *entry, bool component, struct accumulator *sum)
{
    struct accumulator own = { .config = outer->build->builtin };
    if (!limit_count(cx, LIMIT_BUILDS, 1, entry->pos) || !limit_enter(cx, LIMIT_DEPTH, entry->pos))
        return false;
    struct overlay *o = enter(cx, outer, folder);
    o->sum = component ? sum : &own;
    o->origin = metadata_below(cx, outer, entry->text);
    diag_enter(cx, entry->pos, component ? "in this component" : "in this base");
    bool ok = !accumulate_is_cycle(cx, outer, folder, entry->pos) && kustomization_load(cx, o)
              && check_role(cx, o, component, entry) && accumulate_schema(cx, o)
              && accumulate(cx, o);
    diag_leave(cx);
    limit_leave(cx, LIMIT_DEPTH);
    return ok && (component || merge_sum(cx, sum, &own));
}

static bool add_file(struct context *cx, struct overlay *o, struct text *text,
                     const struct node *entry, struct accumulator *sum)
{
    uint32_t before = sum->resources.len;
    if (!documents_append(cx, text, &sum->resources))
        return false;
    metadata_mark_file(cx, o, entry->text, &sum->resources, before);
    for (uint32_t i = before; i < sum->resources.len && !o->build->schema_loaded; i++)
        o->build->schema_loaded = !resource_known(sum->resources.at[i]);
    return true;
}

bool accumulate_resource(struct context *cx, struct overlay *o, const struct node *entry,
                         struct accumulator *sum)
{
    struct text *text = NULL;
    struct folder *folder = NULL;
    if (!node_is(entry, NODE_STRING) || entry->text.len == 0)
        return report(cx, entry->pos, "a resource is a path, not %s",
                      node_is(entry, NODE_STRING) ? "an empty text" : node_kind_name(entry));
    if (remote_is(cx, entry->text) && folder_kind(cx, o->folder, entry->text) != FILE_PLAIN) {
        if (!remote_take(cx, o, entry, &text, &folder))
            return false;
    } else {
        enum file_kind kind = folder_take(cx, o->folder, entry->text, entry->pos, &text);
        if (kind == FILE_NONE)
            return false;
        if (kind == FILE_FOLDER && entry->text.at[0] == '/')
            return report(cx, entry->pos, "the folder of a base cannot be absolute");
        if (kind == FILE_FOLDER)
            folder = folder_enter(cx, o->folder, entry->text, entry->pos);
        if (kind == FILE_FOLDER && !folder)
            return false;
    }
    return folder ? add_folder(cx, o, folder, entry, false, sum)
                  : add_file(cx, o, text, entry, sum);
}

static bool add_resources(struct context *cx, struct overlay *o)
{
    const struct node *list = node_get(o->file, KEY(RESOURCES));
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        step_enter(cx, KEY(RESOURCES)->text, list->items[i]->pos);
        bool ok = accumulate_resource(cx, o, list->items[i], o->sum);
        step_leave(cx);
        if (!ok)
            return false;
    }
    return true;
}

static bool add_component(struct context *cx, struct overlay *o, const struct node *entry)
{
    struct folder *folder = NULL;
    if (!node_is(entry, NODE_STRING) || entry->text.len == 0)
        return report(cx, entry->pos, "a component is the path of a folder, not %s",
                      node_kind_name(entry));
    if (remote_is(cx, entry->text))
        folder = remote_folder(cx, o->build, o, entry->text, entry->pos);
    else
        folder = folder_enter(cx, o->folder, entry->text, entry->pos);
    return folder && add_folder(cx, o, folder, entry, true, o->sum);
}

static bool add_components(struct context *cx, struct overlay *o)
{
    const struct node *list = node_get(o->file, KEY(COMPONENTS));
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        step_enter(cx, KEY(COMPONENTS)->text, list->items[i]->pos);
        bool ok = add_component(cx, o, list->items[i]);
        step_leave(cx);
        if (!ok)
            return false;
    }
    return true;
}

/* The first document of a file counts, and no key may stand there twice, as YAML_GO3 has it. */
static bool read_configuration(struct context *cx, struct text *text, struct field_additions *more)
{
    struct documents checked = { 0 }, all = { 0 };
    return yaml_read_all(cx, text, YAML_GO3, &checked) && yaml_read_all(cx, text, YAML_GO2, &all)
           && (!all.len || field_additions_read(cx, more, all.at[0]));
}

static bool read_crds(struct context *cx, struct text *text, struct field_additions *more)
{
    const struct node *definitions = yaml_read(cx, text, YAML_GO2);
    return definitions && field_additions_read_crds(cx, more, definitions);
}

typedef bool read_fn(struct context *cx, struct text *text, struct field_additions *more);

static bool read_additions(struct context *cx, struct overlay *o, const struct node *list,
                           read_fn *read, struct field_additions *more)
{
    for (uint32_t i = 0; i < list->len; i++) {
        const struct node *entry = list->items[i];
        struct text *text = remote_read(cx, o, entry->text, entry->pos);
        if (!text || !read(cx, text, more))
            return false;
    }
    return true;
}

/* What bases brought stands first, then the built-in specs with the user's over them. */
static bool add_configuration(struct context *cx, struct overlay *o)
{
    const struct node *files = node_get(o->file, KEY(CONFIGURATIONS));
    const struct node *crds = node_get(o->file, KEY(CRDS));
    struct field_additions more = { { 0 } };
    struct field_additions crd_marks = { { 0 } };
    bool has_files = node_is(files, NODE_LIST) && files->len;
    bool has_crds = node_is(crds, NODE_LIST) && crds->len;
    if (!has_files && !has_crds && !o->sum->own_config)
        return true;
    struct field_config *config = accumulator_config(cx, o->sum);
    if (has_files && !read_additions(cx, o, files, read_configuration, &more))
        return false;
    if (has_crds && !read_additions(cx, o, crds, read_crds, &crd_marks))
        return false;
    return field_config_merge_additions(cx, config, &more, true)
           && field_config_merge_additions(cx, config, &crd_marks, false);
}

bool accumulate(struct context *cx, struct overlay *o)
{
    /* clang-format off */
    return add_resources(cx, o)
        && add_configuration(cx, o)
        && steps_generate(cx, o)
        && plugins_generate(cx, o, accumulate_resource)
        && add_components(cx, o)
        && steps_transform(cx, o)
        && plugins_transform(cx, o, accumulate_resource)
        && plugins_validate(cx, o, accumulate_resource)
        && vars_declare(cx, o);
    /* clang-format on */
}
