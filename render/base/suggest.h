/* The nearest name, for "did you mean". */
#ifndef HOIST_BASE_SUGGEST_H
#define HOIST_BASE_SUGGEST_H

#include "render/base/str.h"

/* Index of the candidate nearest to `wanted`, or -1 when none is near enough to be
 * sure: at most one edit in four characters (an edit inserts, deletes, replaces one
 * character or swaps two), case aside. */
ptrdiff_t suggest(str wanted, const str *candidates, size_t n);
/* How many edits turn a into b, counted no further than `most` + 1. */
size_t edit_distance(str a, str b, size_t most);

#endif
