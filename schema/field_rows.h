/* The field specs that kustomize has built in: which fields of which kinds a transformer sets. */
#ifndef HOIST_SCHEMA_FIELD_ROWS_H
#define HOIST_SCHEMA_FIELD_ROWS_H

#include "render/base/str.h"

/* X(identifier, name in schema/data/field-specs.tsv). The skips are kinds to leave alone. */
#define FIELD_USES(X)                                                                              \
    X(NAME_PREFIX, "namePrefix")                                                                   \
    X(NAME_PREFIX_SKIP, "namePrefix.skip")                                                         \
    X(NAME_SUFFIX, "nameSuffix")                                                                   \
    X(NAME_SUFFIX_SKIP, "nameSuffix.skip")                                                         \
    X(NAMESPACE, "namespace")                                                                      \
    X(COMMON_LABELS, "commonLabels")                                                               \
    X(TEMPLATE_LABELS, "templateLabels")                                                           \
    X(CLAIM_TEMPLATE_LABELS, "volumeClaimTemplateLabels")                                          \
    X(COMMON_ANNOTATIONS, "commonAnnotations")                                                     \
    X(IMAGES, "images")                                                                            \
    X(REPLICAS, "replicas")                                                                        \
    X(NAME_REFERENCE, "nameReference")                                                             \
    X(VAR_REFERENCE, "varReference")

enum field_use {
#define X(identifier, name) FIELDS_##identifier,
    FIELD_USES(X)
#undef X
        FIELD_USE_COUNT
};

enum field_since { FIELD_ALWAYS, FIELD_UNTIL_5_7, FIELD_SINCE_5_8 };

/* An empty group, version or kind is any. */
struct field_row {
    struct {
        str group;
        str version;
        str kind;
    } target,
        of;   /* the kind whose name changes (of nameReference alone); the kind with the field */
    str path; /* "spec/template/metadata/labels"; a list on the way is not named */
    bool create;
    enum field_since since;
};

size_t field_row_count(enum field_use use);
struct field_row field_row(enum field_use use, size_t at); /* in kustomize's order */

#endif
