/* Fetched Git objects, kept by the name of the commit or tag that was asked for: such a
 * folder never changes, and runs side by side may share it.
 *
 * They stand in $XDG_CACHE_HOME/hoist/git, or ~/.cache/hoist/git. A context without a home,
 * or a home that can't be written, has a temporary folder that ends with the context. */
#ifndef HOIST_SOURCE_GIT_STORE_H
#define HOIST_SOURCE_GIT_STORE_H

#include "render/source/git.h"

/* What was fetched before; NULL, without a report, when it is not there, or is damaged: then it is
 * taken away, to be fetched again. */
struct repository *git_store_find(struct context *cx, str object, struct pos from);
/* Keeps a pack that holds the object. NULL after a report. */
struct repository *git_store_add(struct context *cx, str object, str pack, struct pos from);

#endif
