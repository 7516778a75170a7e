/* The rule at a zone file's end (POSIX's TZ, "CET-1CEST,M3.5.0,M10.5.0/3"), for times to come. */
#ifndef HOIST_BASE_ZONE_RULE_H
#define HOIST_BASE_ZONE_RULE_H

#include "render/base/zone.h"

/* False when the rule can't be read. `last` is the last change that the file lists. */
bool zone_rule_at(str rule, int64_t last, int64_t seconds, struct zone_state *out);

#endif
