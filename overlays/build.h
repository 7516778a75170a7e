/* A kustomization, from its folder to documents: what `kustomize build` does. */
#ifndef HOIST_OVERLAYS_BUILD_H
#define HOIST_OVERLAYS_BUILD_H

#include "overlays/compat.h"
#include "overlays/resources.h"
#include "render/source/source.h"

struct dict;

enum reorder { REORDER_UNSAID, REORDER_LEGACY, REORDER_NONE };

/* All zero is what `kustomize build` does without flags. Whether files outside the
 * kustomization's folder may be read is the source's own switch. */
struct build_options {
    const struct compat *compat; /* NULL for the first row */
    enum reorder reorder;
    bool enable_helm;
    bool enable_exec;          /* exec functions */
    bool enable_alpha_plugins; /* functions and plugins at all */
    bool network;              /* for container functions that declare it */
    bool as_current_user;      /* containers run as us, not as nobody */
    const str *mounts;         /* for them, "type=bind,src=/a,dst=/b" */
    size_t mount_count;
    const str *environment; /* for functions: NAME=VALUE, or NAME for our own */
    size_t environment_count;
    bool keep_order; /* no sorting at all, not even what the file asks for */
    bool managed_by; /* adds the label app.kubernetes.io/managed-by */
    str helm_kube_version;
    const str *helm_api_versions;
    size_t helm_api_version_count;
    /* Lays more over the values of each chart; false after a report. NULL for nothing. */
    bool (*helm_values)(struct context *cx, void *who, struct dict **values);
    void *helm_who;
};

/* Builds the kustomization in a folder. The resources and their documents live as long as
 * the context, are ready to be written, and stand in the order of the output. False after
 * a report: nothing of `out` is to be used. */
bool overlay_build(struct context *cx, struct folder *root, const struct build_options *options,
                   struct resources *out);

/* The folder that a word of the command line means: one of this source, or of a repository.
 * NULL after a report. */
struct folder *overlay_root(struct context *cx, struct source *source, str word, struct pos from);

/* Is there a kustomization file in this folder? */
bool overlay_exists(struct context *cx, struct folder *folder);

#endif
