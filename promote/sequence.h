/* What two sequences have in common: the longest common subsequence of lines or items. */
#ifndef HOIST_PROMOTE_SEQUENCE_H
#define HOIST_PROMOTE_SEQUENCE_H

#include "render/base/arena.h"
#include "render/base/str.h"

/* Elements are numbers that are equal when the elements are; one above n + m stands for an element
 * that is nowhere else. match[i] is the place in `b` of a[i], or -1; places only grow. Cost is linear:
 * after so many edits that it would not be, elements that either side has once decide. */
void sequence_match(struct arena *scratch, const uint32_t *a, uint32_t n, const uint32_t *b,
                    uint32_t m, int32_t *match);

#endif
