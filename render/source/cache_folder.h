/* Where what was fetched is kept between runs: $XDG_CACHE_HOME/hoist, or ~/.cache/hoist. */
#ifndef HOIST_SOURCE_CACHE_FOLDER_H
#define HOIST_SOURCE_CACHE_FOLDER_H

#include "render/base/context.h"

/* The folder of this name in it, which need not be there; "" when the context has no home. */
str cache_folder(struct context *cx, const char *name);
/* Makes a folder and all above it, for the user alone. Can it be written? */
bool cache_folder_make(struct context *cx, str path);

#endif
