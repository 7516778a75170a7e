/* What tags stand for now: the digests that a registry holds for them. */
#ifndef HOIST_PROMOTE_RESOLVE_H
#define HOIST_PROMOTE_RESOLVE_H

#include "promote/environment.h"
#include "render/source/registry.h"

struct resolution {
    struct descriptor manifest; /* hashed; no digest when it could not be resolved */
    struct platforms platforms; /* none of a manifest that is no index */
};

/* Who is asked for an environment's images. NULL after a report. */
struct registry *registry_of_environment(struct context *cx, const struct environment *env);

/* Each tag, or the digest where there is no tag; `out` has a place for each. False after a report
 * when one could not be resolved: all are tried. */
bool resolve_all(struct context *cx, struct registry *r, const struct image_ref *refs,
                 const struct pos *from, uint32_t n, struct resolution *out);

/* Does the tag stand for another digest than the one that stands beside it? */
bool resolution_moved(const struct resolution *r, struct image_ref ref);

#endif
