/* Timestamps by RFC 3161: a clock that others trust has seen these bytes, at a time. */
#ifndef HOIST_PROMOTE_TIMESTAMP_H
#define HOIST_PROMOTE_TIMESTAMP_H

#include "promote/trusted_root.h"

/* False after a report. */
bool timestamp_verify(struct context *cx, str token, str bytes, const struct trusted_root *root,
                      int64_t *time);

#endif
