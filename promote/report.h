/* What a promotion says: to the terminal, and in its commit. */
#ifndef HOIST_PROMOTE_REPORT_H
#define HOIST_PROMOTE_REPORT_H

#include "promote/plan.h"

/* Image by image: what it was, what it becomes, what each check found. */
void report_images(struct context *cx, struct buf *out, const struct plan *plan);

/* "Promote 12 images from staging to production". */
str report_title(struct context *cx, const struct plan *plan);

/* The commit's message: a line for each image, the receipt, trailers. The same plan gives
 * the same bytes. */
bool report_message(struct context *cx, struct buf *out, const struct plan *plan);

/* The body of its pull request, Markdown within `most` bytes, by whole sections. The same plan
 * gives the same bytes. False after a report. */
struct report_style {
    size_t most;
    bool html; /* sections may fold */
};
bool report_body(struct context *cx, struct buf *out, const struct plan *plan,
                 struct report_style style);

#endif
