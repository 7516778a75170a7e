/* References follow their renamed resources. */
#ifndef HOIST_OVERLAYS_NAME_REF_H
#define HOIST_OVERLAYS_NAME_REF_H

#include "overlays/overlay.h"

/* Every field that name-reference specs lead to and that holds an old name gets the new one.
 * One index of old names serves all fields: the cost is resources plus references. */
bool name_ref_fix(struct context *cx, struct accumulator *sum);

#endif
