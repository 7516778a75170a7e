/* The releases of kustomize that a build can be like: a row for each, and a column for each thing
 * that one does otherwise than another. Steps ask for a column, never for a release. */
#ifndef HOIST_OVERLAYS_COMPAT_H
#define HOIST_OVERLAYS_COMPAT_H

#include "render/base/str.h"

struct compat {
    str name;    /* "kustomize-5.8", as --compat takes it */
    str manager; /* what labels say has built it */
    /* A chart without a namespace has the one of its kustomization, or of the nearest above it
     * that says one; what a chart makes keeps the namespace that it was rendered for. */
    bool chart_namespaces;
    /* What targets of replacements select and reject is said in patterns, as for patches, and
     * a resource without a namespace is in none. */
    bool target_patterns;
    /* A path of a replacement's target leads on into a text that is JSON or YAML. */
    bool paths_into_texts;
    /* A file of patches without any does nothing. */
    bool empty_patches;
    /* A patch's options are the two that there are. */
    bool known_patch_options;
};

/* The words that --compat takes, with "|" between; the first row is what is meant without it. */
#define COMPAT_NAMES "kustomize-5.7|kustomize-5.8"

extern const struct compat compat_rows[2];

/* NULL for a word that names none; the first row for an empty one. */
const struct compat *compat_find(str name);

#endif
