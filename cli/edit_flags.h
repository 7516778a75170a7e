/* Options that several commands of `kustomize edit` have: those of generators and of patches. */
#ifndef HOIST_CLI_EDIT_FLAGS_H
#define HOIST_CLI_EDIT_FLAGS_H

#include "cli/edit_run.h"

struct generator_flags {
    struct words files, literals;
    str env, behavior, type, namespace_, new_namespace;
    bool no_suffix_hash;
};

extern const struct option generator_config_map_options[];
extern const struct option generator_secret_options[];
extern const struct option generator_set_options[];
extern const struct option generator_remove_options[];
extern const struct option edit_patch_options[]; /* of a struct edit_patch */

/* The command line checked and read into *g. False after a report. */
bool generator_flags_add(struct context *cx, const struct call *call, const struct folder *folder,
                         struct edit_generator *g);
bool generator_flags_set(struct context *cx, const struct call *call, struct edit_generator *g);

/* "originAnnotations,managedByLabel" of the one operand. */
bool edit_metadata_options(struct context *cx, const struct call *call, struct strings *options);

#endif
