/* What a promotion says: to the terminal, and in its commit. */
#ifndef HOIST_PROMOTE_REPORT_H
#define HOIST_PROMOTE_REPORT_H

#include "promote/plan.h"

/* Image by image: what it was, what it becomes, what each check found. */
void report_images(struct context *cx, struct buf *out, const struct plan *plan);

/* What fits into a cell, in scratch memory: a version, a check's answer. */
str report_version(struct context *cx, struct image_ref ref);
str report_result(struct context *cx, const struct check_result *r);

/* The commit's message: a line for each image, the receipt, trailers. The same plan gives
 * the same bytes. */
bool report_message(struct context *cx, struct buf *out, const struct plan *plan);

#endif
