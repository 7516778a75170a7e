/* The orders that kinds are printed and installed in, and what Helm says of its cluster. */
#ifndef HOIST_SCHEMA_ORDERS_H
#define HOIST_SCHEMA_ORDERS_H

#include "render/base/str.h"

/* kustomize's legacy order: negative ranks come first, positive ones last, 0 between. */
int legacy_rank(str kind);

/* Helm's orders. A kind that Helm does not know is after all others. */
enum { HELM_RANK_UNKNOWN = 1000 };
int helm_install_rank(str kind);
int helm_uninstall_rank(str kind);

/* What `.Capabilities.APIVersions` has without a cluster, in its order. */
size_t helm_api_version_count(void);
str helm_api_version(size_t at);

/* "kubeVersion", "releaseName", …: what `helm template` says when it is told nothing. */
str helm_default(str name);

#endif
