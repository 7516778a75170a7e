/* Images pinned for one run: `--image NAME[=NEW][:TAG][@DIGEST]`, whatever rendered them. */
#ifndef HOIST_PROMOTE_IMAGE_OVERRIDE_H
#define HOIST_PROMOTE_IMAGE_OVERRIDE_H

#include "promote/image_set.h"

struct image_override {
    str word; /* as it was written */
    struct image_ref from;
    struct image_ref to; /* tag and digest are empty where they stay */
    bool used;
};

/* False after a report. */
bool image_override_parse(struct context *cx, str word, struct image_override *out);

/* Changes the containers of all documents. As with kustomize's `images`, a tag alone takes the
 * place of a digest and a digest alone that of a tag. */
void image_overrides_apply(struct context *cx, struct image_override *overrides, uint32_t n,
                           const struct documents *documents);

#endif
