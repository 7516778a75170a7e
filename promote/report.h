/* What a promotion says: to the terminal, and in its commit. */
#ifndef HOIST_PROMOTE_REPORT_H
#define HOIST_PROMOTE_REPORT_H

#include "promote/plan.h"

/* Image by image: what it was, what it becomes, what each check found. */
void report_images(struct context *cx, struct buf *out, const struct plan *plan);

/* The commit's message: a line for each image, the receipt, trailers. The same plan gives
 * the same bytes. */
bool report_message(struct context *cx, struct buf *out, const struct plan *plan);

#endif
