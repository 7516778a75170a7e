/* What is wrong with documents before any cluster has seen them.
 *
 * Types are those of Kubernetes 1.21, all that is in the tables: a known field that holds something
 * else is an error in every release since; a field that is not known may be newer, so only one that
 * is nearly a known one is spoken of. Which releases serve a kind is known up to 1.36. */
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
