/* Which fields each step sets: kustomize's own table, and what `configurations` and `crds`
 * add to it. */
#ifndef HOIST_OVERLAYS_FIELD_CONFIG_H
#define HOIST_OVERLAYS_FIELD_CONFIG_H

#include "overlays/field_spec.h"
#include "schema/field_rows.h"

/* `labels:` of a configuration has no built-in specs. */
enum { FIELDS_LABELS = FIELD_USE_COUNT, FIELD_LIST_COUNT };

struct field_config {
    struct field_specs *lists[FIELD_LIST_COUNT]; /* NULL until asked for */
};

struct field_config *field_config_builtin(struct context *cx);
/* A list of a configuration; made from the table when it is asked for the first time. */
struct field_specs *field_config_list(struct context *cx, struct field_config *config,
                                      unsigned use);
/* Adds the lists of a configuration file, or of the OpenAPI definitions of a CRD file. */
bool field_config_add(struct context *cx, struct field_config *config, const struct node *file);
bool field_config_add_crds(struct context *cx, struct field_config *config,
                           const struct node *definitions);
/* Adds what another configuration has beyond the built-in specs. */
bool field_config_merge(struct context *cx, struct field_config *config, struct field_config *more);

#endif
