/* Changes of bytes that are no text, as their number and their hash. */
#ifndef HOIST_PROMOTE_DIFF_BINARY_H
#define HOIST_PROMOTE_DIFF_BINARY_H

#include "promote/diff.h"

bool diff_binary_is_in(const struct diff_document *doc);
/* Makes `shown` of a document. */
void diff_binary_show(struct context *cx, struct diff_document *doc);

#endif
