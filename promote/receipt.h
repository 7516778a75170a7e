/* The machine-readable record of a promotion, in the message of its commit. */
#ifndef HOIST_PROMOTE_RECEIPT_H
#define HOIST_PROMOTE_RECEIPT_H

#include "render/base/buf.h"
#include "render/doc/node.h"
#include "render/source/image_ref.h"

#define RECEIPT_BEGIN "-----BEGIN HOIST RECEIPT-----"
#define RECEIPT_END   "-----END HOIST RECEIPT-----"

struct plan;

struct receipt_image {
    struct image_ref after; /* what the target was set to */
    struct image_ref source;
    const struct node *checks; /* a map from a check's name to its evidence */
};

struct receipt {
    str from;
    str to;
    str source; /* the commit that the source was read at */
    str forced; /* why the checks were not made; "" when they were */
    struct receipt_image *at;
    uint32_t len;
};

/* The same plan gives the same bytes. */
bool receipt_write(struct context *cx, struct buf *out, const struct plan *plan);

/* The receipt in a commit's message that is for this environment; the last one counts. False,
 * without a report, when there is none that can be read. */
bool receipt_find(struct context *cx, str message, str environment, struct receipt *out);
/* NULL when it does not name the image. */
const struct receipt_image *receipt_image(const struct receipt *receipt, struct image_ref name);
/* Did it go back to what the environment had run before? */
static inline bool receipt_is_back(const struct receipt *receipt)
{
    return str_eq(receipt->from, receipt->to);
}

#endif
