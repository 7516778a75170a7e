/* What names a document: group, version, kind, name and namespace. */
#ifndef HOIST_DOC_IDENTITY_H
#define HOIST_DOC_IDENTITY_H

#include "render/doc/node.h"

struct gvk {
    str group; /* "" for the core group */
    str version;
    str kind;
};

struct identity {
    struct gvk gvk;
    str name;
    str namespace_; /* "" when the document says none */
};

/* "apps/v1" to group and version; "v1" has no group. */
void api_version_split(str api_version, str *group, str *version);
struct identity identity_of(const struct node *document);
bool identity_equal(struct identity a, struct identity b); /* namespaces "" and "default" are one */
/* "Deployment.v1.apps/name.namespace", as kustomize's messages write it. */
str identity_print(struct arena *a, struct identity id);

#endif
