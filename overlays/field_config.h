/* Which fields each step sets: kustomize's own table, and what `configurations` and `crds`
 * add to it. */
#ifndef HOIST_OVERLAYS_FIELD_CONFIG_H
#define HOIST_OVERLAYS_FIELD_CONFIG_H

#include "overlays/field_spec.h"
#include "schema/field_rows.h"

/* `labels:` of a configuration has no built-in specs. */
enum { FIELDS_LABELS = FIELD_USE_COUNT, FIELD_LIST_COUNT };

/* The lists of field specs that a configuration file may hold, beside `nameReference`. */
#define CONFIGURATION_LISTS(X)                                                                     \
    X("namePrefix", FIELDS_NAME_PREFIX)                                                            \
    X("nameSuffix", FIELDS_NAME_SUFFIX)                                                            \
    X("namespace", FIELDS_NAMESPACE)                                                               \
    X("commonLabels", FIELDS_COMMON_LABELS)                                                        \
    X("labels", FIELDS_LABELS)                                                                     \
    X("templateLabels", FIELDS_TEMPLATE_LABELS)                                                    \
    X("volumeClaimTemplateLabels", FIELDS_CLAIM_TEMPLATE_LABELS)                                   \
    X("commonAnnotations", FIELDS_COMMON_ANNOTATIONS)                                              \
    X("varReference", FIELDS_VAR_REFERENCE)                                                        \
    X("images", FIELDS_IMAGES)                                                                     \
    X("replicas", FIELDS_REPLICAS)

/* A list that is NULL stands for the built-in one. */
struct field_config {
    struct field_specs *lists[FIELD_LIST_COUNT];
    bool merged; /* something was merged into it; before that, it has no specs at all */
};

struct field_config *field_config_new(struct context *cx);
/* A list of a configuration; made from the table when it is asked for the first time. */
struct field_specs *field_config_list(struct context *cx, struct field_config *config,
                                      unsigned use);

/* What files of the user say: lists that are NULL are empty here. */
struct field_additions {
    struct field_specs *lists[FIELD_LIST_COUNT];
};

/* Reads a configuration file, or the OpenAPI definitions of a CRD file. */
bool field_additions_read(struct context *cx, struct field_additions *more, struct node *file);
bool field_additions_read_crds(struct context *cx, struct field_additions *more,
                               const struct node *definitions);

/* Merging sorts by kind and drops a spec for any kind where one for some kind has the same
 * path: so a user's spec for metadata/name takes the place of the built-in one. */
bool field_config_merge(struct context *cx, struct field_config *config, struct field_config *more);
bool field_config_merge_additions(struct context *cx, struct field_config *config,
                                  const struct field_additions *more, bool over_builtin);

#endif
