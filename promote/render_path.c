/* Which tool renders a folder is decided as Argo CD does: a Chart.yaml means a chart, a
 * kustomization one of these, else the folder's own *.yaml, *.yml and *.json files are the
 * manifests, in the order of their names; folders in it are entered only where that is asked. */
#include "promote/render_path.h"

#include "overlays/documents.h"
#include "render/base/glob.h"
#include "render/source/walk.h"

static bool is_manifest(str path)
{
    str folder, name;
    if (!str_cut_last(path, '/', &folder, &name))
        name = path;
    /* Argo CD's overrides of an Application are none. */
    if (str_starts(name, S(".argocd-source")))
        return false;
    return str_ends(name, S(".yaml")) || str_ends(name, S(".yml")) || str_ends(name, S(".json"));
}

static bool holds_manifests(struct context *cx, struct folder *folder)
{
    struct listing files = { 0 };
    if (!folder_list(cx, folder, NOWHERE, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        if (files.at[i].kind != FILE_FOLDER && is_manifest(files.at[i].name))
            return true;
    }
    return false;
}

bool render_path_in(struct context *cx, struct folder *folder, struct render_path *out)
{
    *out = (struct render_path){ .renderer = RENDER_MANIFESTS, .folder = folder };
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
    *out = (struct render_path){ .renderer = RENDER_MANIFESTS };
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

struct manifest_patterns {
    struct regex *include;
    struct regex *exclude;
};

static bool takes(struct context *cx, const struct manifest_patterns *p, str path)
{
    return is_manifest(path) && (!p->include || regex_matches(cx->arena, p->include, path))
           && (!p->exclude || !regex_matches(cx->arena, p->exclude, path));
}

static bool pattern(struct context *cx, str text, struct regex **out)
{
    *out = text.len ? glob_compile(cx->arena, text, 0) : NULL;
    return *out || !text.len || report(cx, NOWHERE, "the pattern '%.*s' can't be read", STR(text));
}

static bool list_manifests(struct context *cx, const struct render_path *path, struct listing *out)
{
    if (path->filter.recurse)
        return folder_walk(cx, path->folder, NOWHERE, NULL, out);
    return folder_list(cx, path->folder, NOWHERE, out);
}

static bool read_manifests(struct context *cx, const struct render_path *path,
                           struct documents *out)
{
    struct listing files = { 0 };
    struct manifest_patterns p;
    if (!pattern(cx, path->filter.include, &p.include)
        || !pattern(cx, path->filter.exclude, &p.exclude) || !list_manifests(cx, path, &files))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < files.len; i++) {
        if (files.at[i].kind == FILE_FOLDER || !takes(cx, &p, files.at[i].name))
            continue;
        struct text *text = folder_read(cx, path->folder, files.at[i].name, NOWHERE);
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
    for (uint32_t i = 0; i < built.len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = built.at[i]->node;
    }
    return true;
}

static bool inflate_documents(struct context *cx, const struct render_path *path,
                              struct documents *out)
{
    static const struct chart_settings none;
    const struct chart_place place = { path->folder, path->archive, path->fetched };
    if (!path->chart)
        return chart_documents(cx, &place, &none, dict_new(cx->arena, 0), out);
    const struct dict *values = chart_settings_values(cx, path->chart);
    return values && chart_documents(cx, &place, path->chart, values, out);
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
        return read_manifests(cx, path, out);
    case RENDER_CHART:
        return inflate_documents(cx, path, out);
    }
    return false;
}
