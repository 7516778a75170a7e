/* The machine-readable record of a promotion, in the message of its commit. */
#ifndef HOIST_PROMOTE_RECEIPT_H
#define HOIST_PROMOTE_RECEIPT_H

#include "promote/plan.h"

#define RECEIPT_BEGIN "-----BEGIN HOIST RECEIPT-----"
#define RECEIPT_END   "-----END HOIST RECEIPT-----"

/* The same plan gives the same bytes. */
bool receipt_write(struct context *cx, struct buf *out, const struct plan *plan);

#endif
