/* Blobs by their digest, kept between runs: such a file never changes, and runs side by side may
 * share it. They stand in $XDG_CACHE_HOME/hoist/blobs, or ~/.cache/hoist/blobs; a context without
 * a home keeps none, and nothing fails because it can't be kept. */
#ifndef HOIST_SOURCE_BLOB_CACHE_H
#define HOIST_SOURCE_BLOB_CACHE_H

#include "render/base/context.h"

/* False when it is not there, or is there with other bytes. */
bool blob_cache_find(struct context *cx, str digest, uint64_t size, str *bytes);
void blob_cache_add(struct context *cx, str digest, str bytes);

#endif
