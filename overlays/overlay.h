/* A kustomization at work: its file, its folder, and what it accumulates.
 *
 * A component accumulates into the one that names it; a base has its own accumulator,
 * which its overlay takes over when the base is done. */
#ifndef HOIST_OVERLAYS_OVERLAY_H
#define HOIST_OVERLAYS_OVERLAY_H

#include "overlays/build.h"
#include "overlays/field_config.h"
#include "overlays/resources.h"
#include "render/source/source.h"

/* `vars` of a kustomization, in the order of their names. */
struct variable {
    str name;
    const struct node *node;
};

struct variables {
    struct variable *at;
    uint32_t len;
    uint32_t cap;
};

struct accumulator {
    struct resources resources;
    struct field_config *config;
    bool own_config; /* `config` is not the shared built-in one */
    struct variables vars;
};

/* What a whole run shares. */
struct build {
    const struct build_options *options;
    const struct compat *compat;
    struct field_config *builtin;
    struct merge_schema *schema;
    /* kustomize loads its own schema when it first meets a kind that it does not know, or
     * merges a patch; one that is chosen later is laid over it. */
    bool schema_loaded;
    bool schema_chosen;   /* by the first `openapi` that says one */
    bool origins;         /* buildMetadata asks for annotations of origin … */
    bool transformations; /* … and of transformations */
    struct map remotes;   /* repositories that were fetched in this build, as sources: remote.c */
};

struct overlay {
    struct build *build;
    struct overlay *outer; /* the one that names it; NULL for the root */
    struct folder *folder;
    struct text *text;
    struct node *file;
    str file_name;
    bool component;
    struct accumulator *sum;
    struct origin *origin; /* when the build keeps origins */
};

#endif
