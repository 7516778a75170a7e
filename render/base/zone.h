/* Time zones, from the system's zoneinfo files. */
#ifndef HOIST_BASE_ZONE_H
#define HOIST_BASE_ZONE_H

#include "render/base/str.h"

struct arena;
struct zone;

extern const struct zone zone_utc;

/* What holds in a zone at one moment, and from when until when it does. */
struct zone_state {
    str name;       /* CET; empty for a nameless offset */
    int32_t offset; /* seconds east of Greenwich */
    bool dst;
    int64_t from;
    int64_t until;
};

/* The zone of a name such as Europe/Berlin, UTC or the empty name; NULL when there is none.
 * `zoneinfo` is a folder to look into before the system's, or NULL. */
const struct zone *zone_load(struct arena *a, const char *zoneinfo, str name);
/* The zone of the variable TZ, NULL when it isn't set; UTC when nothing better is found. */
const struct zone *zone_local(struct arena *a, const char *tz);
const struct zone *zone_fixed(struct arena *a, str name, int32_t offset);
/* From a file's bytes; NULL when malformed. */
const struct zone *zone_read(struct arena *a, str name, str bytes);

str zone_name(const struct zone *zone);
struct zone_state zone_at(const struct zone *zone, int64_t seconds);
/* The offset that an abbreviation has, preferably at a local time. */
bool zone_offset_of(const struct zone *zone, str abbreviation, int64_t local, int32_t *offset);

#endif
