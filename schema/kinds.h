/* Kinds: where they live, what they are called in the plural, which releases serve them. */
#ifndef HOIST_SCHEMA_KINDS_H
#define HOIST_SCHEMA_KINDS_H

#include "render/base/str.h"

enum scope { SCOPE_UNKNOWN, SCOPE_NAMESPACED, SCOPE_CLUSTER };

/* The scope as kustomize's own OpenAPI has it, which is that of Kubernetes 1.21: what is
 * newer, or not Kubernetes, is unknown, and `namespace:` gives it one. */
enum scope kind_scope(str api_version, str kind);

/* Releases are minor versions of Kubernetes 1 (34 is 1.34); 0 where nothing is known. */
struct kind_facts {
    str api_version;
    str kind;
    str plural; /* "" when it has no resource path */
    enum scope scope;
    unsigned served_first;
    unsigned served_last;
    unsigned introduced;
    unsigned deprecated;
    unsigned removed;
    str replacement; /* "policy/v1 PodDisruptionBudget", or "" */
};

/* What Kubernetes itself says of a kind, up to 1.36; false when it never had it. */
bool kind_find(str api_version, str kind, struct kind_facts *out);

#endif
