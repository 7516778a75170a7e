/* The files that documents are written to: as `kustomize build -o DIR` names them,
 * apps_v1_deployment_web.yaml, with the namespace in front when there are several. */
#ifndef HOIST_PROMOTE_MANIFEST_NAME_H
#define HOIST_PROMOTE_MANIFEST_NAME_H

#include "render/doc/yaml_read.h"

/* Are they in several namespaces? */
bool manifests_spread(const struct documents *docs);

/* May hold a slash, when the document's own name does. */
str manifest_name(struct arena *a, const struct node *document, bool with_namespace);

#endif
