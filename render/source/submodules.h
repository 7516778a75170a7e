/* Submodules of a fetched tree: each stands where its link does, and is fetched when it is
 * first entered. */
#ifndef HOIST_SOURCE_SUBMODULES_H
#define HOIST_SOURCE_SUBMODULES_H

#include "render/source/fetch.h"

/* fetch_git, and the submodules if `tree` wants them. NULL after a report. */
struct source *fetch_git_whole(struct context *cx, const struct git_remote_tree *tree,
                               struct pos from);

#endif
