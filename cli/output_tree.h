/* A new folder with all that is in it, or none: made beside its place and renamed. */
#ifndef HOIST_CLI_OUTPUT_TREE_H
#define HOIST_CLI_OUTPUT_TREE_H

#include "overlays/localize.h"

/* Nothing stands at `path`; the folder that it is in exists. *real is the folder's absolute
 * path. False after a report. */
bool output_tree(struct context *cx, str path, const struct local_copy *copy, str *real);

#endif
