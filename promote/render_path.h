/* What a PATH of the command line renders to: a kustomization, a folder or a file of plain
 * manifests; on disk, at a Git revision, or on standard input. */
#ifndef HOIST_PROMOTE_RENDER_PATH_H
#define HOIST_PROMOTE_RENDER_PATH_H

#include "overlays/build.h"
#include "promote/chart_settings.h"
#include "render/doc/yaml_read.h"
#include "render/source/source.h"

enum renderer { RENDER_KUSTOMIZATION, RENDER_CHART, RENDER_MANIFESTS };

/* Which files of a folder are manifests. Patterns are those of Argo CD, for paths seen from the
 * folder; an empty one takes all, or leaves none out. */
struct manifest_filter {
    bool recurse;
    str include;
    str exclude;
};

/* A renderer and what it works on: a folder, or one text. */
struct render_path {
    enum renderer renderer;
    struct folder *folder; /* NULL for a file and for standard input */
    struct text *file;
    str archive;                  /* a packed chart in the folder, or the name of … */
    struct text *fetched;         /* … one that is not there */
    struct chart_settings *chart; /* what a chart is told; NULL for nothing */
    struct manifest_filter filter;
};

/* `word` is a path, REV:PATH, or "-". False after a report, also for a folder in which
 * nothing renders. */
bool render_path_find(struct context *cx, str word, struct render_path *out);
/* The same for a folder at hand; false without a report when nothing there renders. */
bool render_path_in(struct context *cx, struct folder *folder, struct render_path *out);

/* Its documents, in the order of the output, behind those that are there already; they live as
 * long as the context. `options` are for a kustomization. */
bool render_path_documents(struct context *cx, const struct render_path *path,
                           const struct build_options *options, struct documents *out);

#endif
