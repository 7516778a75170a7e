/* What is wrong with documents before any cluster has seen them.
 *
 * Types are those of the newest Kubernetes that the tables know, and which releases serve a kind is
 * known for all of them since 1.21. A kind that is in neither is looked at as a document alone. */
#ifndef HOIST_SCHEMA_VALIDATE_H
#define HOIST_SCHEMA_VALIDATE_H

#include "render/doc/yaml_read.h"

enum { KUBERNETES_NEWEST = 36 };

struct validation {
    unsigned release; /* a minor version of Kubernetes 1 */
    uint32_t errors;
    uint32_t warnings;
};

/* Each finding is reported, as a refusal or as a warning, and counted. */
void validate_documents(struct context *cx, const struct documents *documents,
                        struct validation *v);

#endif
