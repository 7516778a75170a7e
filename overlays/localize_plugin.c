/* Configurations of plugins are read as resources, so they are written as kustomize writes
 * those, whoever's plugin it is; only the built-in ones name files that we know of. */
#include "overlays/localizer.h"

#include "overlays/documents.h"
#include "overlays/field_spec.h"
#include "overlays/remote.h"
#include "render/doc/yaml_write.h"

static const struct plugin_place {
    str kind;
    str path;
    localize_fn *copy;
} places[] = {
    { S("ConfigMapGenerator"), S("env"), localize_file },
    { S("ConfigMapGenerator"), S("envs"), localize_file },
    { S("SecretGenerator"), S("env"), localize_file },
    { S("SecretGenerator"), S("envs"), localize_file },
    { S("HelmChartInflationGenerator"), S("valuesFile"), localize_file },
    { S("HelmChartInflationGenerator"), S("additionalValuesFiles"), localize_file },
    { S("PatchTransformer"), S("path"), localize_file },
    { S("PatchJson6902Transformer"), S("path"), localize_file },
    { S("ReplacementTransformer"), S("replacements/path"), localize_file },
    { S("ConfigMapGenerator"), S("files"), localize_file_source },
    { S("SecretGenerator"), S("files"), localize_file_source },
    { S("HelmChartInflationGenerator"), S("chartHome"), localize_chart_home },
    { S("PatchStrategicMergeTransformer"), S("paths"), localize_manifest },
};

struct copying {
    struct local_root *root;
    localize_fn *copy;
};

static bool copy_field(struct context *cx, struct node **slot, void *arg)
{
    const struct copying *c = arg;
    if ((*slot)->kind == NODE_MAP)
        return report(cx, (*slot)->pos, "a path, or a list of paths, must stand here");
    return localize_each(cx, c->root, *slot, c->copy);
}

static bool copy_document(struct context *cx, struct local_root *r, struct node *document)
{
    for (size_t i = 0; i < countof(places); i++) {
        struct field_spec spec = { .gvk = { .version = S("builtin"), .kind = places[i].kind },
                                   .path = places[i].path };
        struct copying c = { r, places[i].copy };
        if (!field_spec_apply(cx, document, &spec, NODE_NULL, copy_field, &c))
            return false;
    }
    bool helm = str_eq(node_get_str(document, KEY_KIND), S("HelmChartInflationGenerator"))
                && str_eq(node_get_str(document, KEY_API_VERSION), S("builtin"));
    return !helm || node_get_text(cx, document, S("chartHome"))
           || localize_default_home(cx, r, document->pos);
}

static bool copy_documents(struct context *cx, struct local_root *r, const struct resources *all,
                           str *bytes)
{
    struct buf out;
    buf_init(&out, cx->arena, 256);
    for (uint32_t i = 0; i < all->len; i++) {
        if (i)
            buf_str(&out, S("---\n"));
        if (!copy_document(cx, r, all->at[i]->node) || !yaml_write(cx, &out, all->at[i]->node))
            return false;
    }
    *bytes = buf_take(&out);
    return true;
}

static bool localize_plugin(struct context *cx, struct local_root *r, struct node *entry)
{
    struct resources all = { 0 };
    str copy;
    if (localize_inline(cx, entry, &all)) {
        if (!copy_documents(cx, r, &all, &copy))
            return false;
    } else {
        all = (struct resources){ 0 };
        struct text *text = remote_read(cx, &r->overlay, entry->text, entry->pos);
        if (!text || !documents_append(cx, text, &all) || !copy_documents(cx, r, &all, &copy)
            || !localize_bytes(cx, r, entry, entry->text, copy, &copy))
            return false;
    }
    node_assign(cx, entry, node_string(cx, copy));
    return true;
}

bool localize_plugins(struct context *cx, struct local_root *r, struct node *entries)
{
    return localize_each(cx, r, entries, localize_plugin);
}
