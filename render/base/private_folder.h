/* A folder for programs that want files: readable for us alone, and gone with all that is in it
 * when the arena that it was made in is rewound. */
#ifndef HOIST_BASE_PRIVATE_FOLDER_H
#define HOIST_BASE_PRIVATE_FOLDER_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct context;

/* In $TMPDIR or /tmp; its path lives in `a` too. NULL after a report. */
const char *private_folder(struct context *cx, struct arena *a);
/* A new file in it; its path, or NULL after a report. */
const char *private_file(struct context *cx, struct arena *a, const char *folder, const char *name,
                         str bytes);
/* A folder of our own making with all that is in it, folders in it three deep. */
void private_folder_remove(void *path);

#endif
