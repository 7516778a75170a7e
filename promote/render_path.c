/* Which tool renders a folder is decided as Argo CD does: a Chart.yaml means a chart, a
 * kustomization one of these, else the folder's own *.yaml, *.yml and *.json files are the
 * manifests, in the order of their names; folders in it are not entered. */
#include "promote/render_path.h"

#include "overlays/documents.h"
#include "render/chart/depend.h"
#include "render/chart/inflate.h"
#include "schema/orders.h"

static bool is_manifest(const struct listed *file)
{
    return file->kind != FILE_FOLDER
           && (str_ends(file->name, S(".yaml")) || str_ends(file->name, S(".yml"))
               || str_ends(file->name, S(".json")));
}

static bool holds_manifests(struct context *cx, struct folder *folder)
{
    struct listing files = { 0 };
    if (!folder_list(cx, folder, NOWHERE, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        if (is_manifest(&files.at[i]))
            return true;
    }
    return false;
}

bool render_path_in(struct context *cx, struct folder *folder, struct render_path *out)
{
    *out = (struct render_path){ RENDER_MANIFESTS, folder, NULL };
    if (folder_kind(cx, folder, S("Chart.yaml")) == FILE_PLAIN)
        out->renderer = RENDER_CHART;
    else if (overlay_exists(cx, folder))
        out->renderer = RENDER_KUSTOMIZATION;
    else
        return holds_manifests(cx, folder);
    return true;
}

static bool in_folder(struct context *cx, struct source *src, str path, str word,
                      struct render_path *out)
{
    struct folder *folder = source_folder(cx, src, path, NOWHERE);
    if (!folder)
        return false;
    if (render_path_in(cx, folder, out))
        return true;
    if (!diag_failed(cx))
        report(cx, NOWHERE, "'%.*s' holds no kustomization, no chart and no manifest", STR(word));
    return false;
}

bool render_path_find(struct context *cx, str word, struct render_path *out)
{
    *out = (struct render_path){ RENDER_MANIFESTS, NULL, NULL };
    if (str_eq(word, S("-")))
        return (out->file = source_stdin(cx)) != NULL;
    struct source *disk = source_disk(cx, S("")), *src;
    str path;
    if (!disk || !source_named(cx, disk, word, NOWHERE, &src, &path))
        return false;
    if (source_kind(cx, src, path) != FILE_PLAIN)
        return in_folder(cx, src, path, word, out);
    return (out->file = source_read(cx, src, path, NOWHERE)) != NULL;
}

static bool read_manifests(struct context *cx, struct folder *folder, struct documents *out)
{
    struct listing files = { 0 };
    if (!folder_list(cx, folder, NOWHERE, &files))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < files.len; i++) {
        if (!is_manifest(&files.at[i]))
            continue;
        struct text *text = folder_read(cx, folder, files.at[i].name, NOWHERE);
        ok = text && documents_read(cx, text, out) && ok;
    }
    return ok;
}

static bool build(struct context *cx, struct folder *folder, const struct build_options *options,
                  struct documents *out)
{
    struct resources built = { 0 };
    if (!overlay_build(cx, folder, options, &built))
        return false;
    out->at = NEW_ARRAY(cx->arena, struct node *, built.len);
    out->len = out->cap = built.len;
    for (uint32_t i = 0; i < built.len; i++)
        out->at[i] = built.at[i]->node;
    return true;
}

/* The chart as it is: its own values, Helm's default name for a release without one. */
static bool inflate_documents(struct context *cx, struct folder *folder, struct documents *out)
{
    struct inflate_options options = {
        .release.name = helm_default(S("releaseName")),
        .release.namespace_ = S("default"),
        .include_crds = true,
    };
    struct manifests all = { 0 };
    str failure;
    struct chart *chart = chart_load_folder(cx, folder, NOWHERE);
    if (!chart || !depend_check(cx, chart)
        || !inflate(cx, chart, dict_new(cx->arena, 0), &options, &all, &failure))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < all.len; i++) {
        if (!all.at[i].test)
            ok = documents_read(cx, all.at[i].text, out) && ok;
    }
    return ok;
}

bool render_path_documents(struct context *cx, const struct render_path *path,
                           const struct build_options *options, struct documents *out)
{
    if (path->file)
        return documents_read(cx, path->file, out);
    switch (path->renderer) {
    case RENDER_KUSTOMIZATION:
        return build(cx, path->folder, options, out);
    case RENDER_MANIFESTS:
        return read_manifests(cx, path->folder, out);
    case RENDER_CHART:
        return inflate_documents(cx, path->folder, out);
    }
    return false;
}
