/* Where what was fetched is kept between runs: $XDG_CACHE_HOME/hoist, or ~/.cache/hoist. */
#ifndef HOIST_SOURCE_CACHE_FOLDER_H
#define HOIST_SOURCE_CACHE_FOLDER_H

#include "render/base/context.h"

/* The folder of this name in it, which need not be there; "" when the context has no home. */
str cache_folder(struct context *cx, const char *name);
/* Makes a folder and all above it, for the user alone. Can it be written? */
bool cache_folder_make(struct context *cx, str path);

/* An entry is what stands in such a folder by a name that does not begin with "new-": a file, or a
 * folder of files and folders. It is used when it is found, and so stays.
 *
 * False when it is not there. */
bool cache_use(struct context *cx, str path);
/* Takes an entry away as a whole, so that nobody finds a part of it. */
void cache_remove(struct context *cx, str path);
/* Takes away what was not used for 30 days, then the longest unused until no more than `most`
 * bytes are left. What was used within the hour stays: somebody may be reading it. Looks every
 * ten minutes at most. */
void cache_sweep(struct context *cx, str folder, uint64_t most);

#endif
