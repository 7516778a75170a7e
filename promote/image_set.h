/* The images that an environment's workloads run, and who runs them. */
#ifndef HOIST_PROMOTE_IMAGE_SET_H
#define HOIST_PROMOTE_IMAGE_SET_H

#include "render/base/map.h"
#include "render/doc/identity.h"
#include "render/doc/yaml_read.h"
#include "render/source/image_ref.h"

struct image_use {
    const struct node *document;
    uint32_t index;           /* of the document */
    const struct node *image; /* the scalar, in the document */
    str container;
};

/* One reference; a name that runs in two versions is two images. */
struct image {
    struct image_ref ref;
    struct image_use *uses;
    uint32_t len;
    uint32_t cap;
};

struct image_set {
    struct image *at; /* by name, then as written */
    uint32_t len;
    uint32_t cap;
};

/* False after a report: a reference that is none. */
bool image_set_of(struct context *cx, const struct documents *documents, struct image_set *out);

/* Calls each(who, container) for the containers of a workload, of all three sorts: where the
 * kind says that they stand, and in kinds that Kubernetes does not know under whatever field
 * is called so. */
void containers_each(const struct node *document,
                     bool (*each)(void *who, const struct node *container), void *who);

/* The spec of a workload's pods; NULL where there is none, and in kinds that are not known. */
const struct node *pod_spec_of(const struct node *document);

/* The first image with this name, NULL when there is none; and the one after it. */
const struct image *image_set_find(const struct image_set *set, struct image_ref name);
const struct image *image_set_next(const struct image_set *set, const struct image *image);

/* Tag and digest as a person would compare them: ":v1", "@sha256:12…", "". */
str image_version(struct arena *a, struct image_ref ref);
bool image_version_equal(struct image_ref a, struct image_ref b);

#endif
