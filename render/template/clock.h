/* The time of a run and its zones. */
#ifndef HOIST_TEMPLATE_CLOCK_H
#define HOIST_TEMPLATE_CLOCK_H

#include "render/base/gotime.h"
#include "render/template/func.h"

/* Now; in a deterministic run the context's time, with a warning once for each function. */
struct gotime clock_now(struct call *c);
/* The local zone. */
const struct zone *clock_zone(struct call *c);
/* "Local", UTC for "" and for what is no zone. */
const struct zone *clock_zone_named(struct call *c, str name);

#endif
