/* Formats of times: whether a text fits, and if not, why. */
#ifndef HOIST_SCHEMA_JSON_FORMATS_H
#define HOIST_SCHEMA_JSON_FORMATS_H

#include "render/base/arena.h"
#include "render/base/str.h"

bool fits_date(struct arena *a, str s, str *why);
bool fits_time(struct arena *a, str s, str *why);
bool fits_date_time(struct arena *a, str s, str *why);
bool fits_duration(struct arena *a, str s, str *why);
bool fits_period(struct arena *a, str s, str *why);

#endif
