/* All files at or below a folder. */
#ifndef HOIST_SOURCE_WALK_H
#define HOIST_SOURCE_WALK_H

#include "render/source/source.h"

/* Decides what is left out: a folder with all that it holds, or a file. */
struct walk_filter {
    bool (*skip)(void *who, str path, enum file_kind kind);
    void *who;
};

/* The files' paths as seen from the folder, in the order of Go's filepath.Walk: each folder's
 * names sorted, a folder's content where its name stands. Links are followed; one that leads
 * to a folder that is being walked, or out of `f`, is reported. No filter takes all. */
bool folder_walk(struct context *cx, const struct folder *f, struct pos from,
                 const struct walk_filter *filter, struct listing *out);

#endif
