/* What stops a promotion before anything is checked: holds, and hotfixes of the target. */
#ifndef HOIST_PROMOTE_GUARD_H
#define HOIST_PROMOTE_GUARD_H

#include "promote/plan.h"

/* False after a report. An image that the command line names by itself, and not by a pattern,
 * passes. */
bool guards_pass(struct context *cx, struct plan *plan);

#endif
