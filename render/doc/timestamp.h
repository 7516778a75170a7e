/* Plain texts that Go's YAML packages take for a time: 2006-1-2, with or without a clock. */
#ifndef HOIST_DOC_TIMESTAMP_H
#define HOIST_DOC_TIMESTAMP_H

#include "render/base/arena.h"
#include "render/base/str.h"

bool timestamp_is(str text);
/* The same instant as RFC 3339 with nanoseconds where there are any, as Go's JSON prints it. */
str timestamp_print(struct arena *a, str text);

#endif
