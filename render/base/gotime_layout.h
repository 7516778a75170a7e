/* What a layout consists of, for those who print and read by it. */
#ifndef HOIST_BASE_GOTIME_LAYOUT_H
#define HOIST_BASE_GOTIME_LAYOUT_H

#include "render/base/str.h"

enum element_kind {
    ELEMENT_NONE,
    ELEMENT_YEAR,
    ELEMENT_LONG_YEAR,
    ELEMENT_MONTH,
    ELEMENT_LONG_MONTH,
    ELEMENT_NUM_MONTH,
    ELEMENT_ZERO_MONTH,
    ELEMENT_WEEKDAY,
    ELEMENT_LONG_WEEKDAY,
    ELEMENT_DAY,
    ELEMENT_UNDER_DAY,
    ELEMENT_ZERO_DAY,
    ELEMENT_UNDER_YEARDAY,
    ELEMENT_ZERO_YEARDAY,
    ELEMENT_HOUR,
    ELEMENT_HOUR12,
    ELEMENT_ZERO_HOUR12,
    ELEMENT_MINUTE,
    ELEMENT_ZERO_MINUTE,
    ELEMENT_SECOND,
    ELEMENT_ZERO_SECOND,
    ELEMENT_UPPER_PM,
    ELEMENT_LOWER_PM,
    ELEMENT_ZONE,
    ELEMENT_OFFSET, /* -0700 and its kin, Z0700 and its kin */
    ELEMENT_FRACTION,
    ELEMENT_FRACTION_TRIMMED
};

struct element {
    enum element_kind kind;
    str text;   /* as it stands in the layout */
    str before; /* the literal text before it */
    int digits; /* of a fraction; of an offset: 2, 4 or 6 */
    bool colon; /* an offset's digits are in pairs */
    bool zulu;  /* an offset of 0 is Z */
};

/* Takes the next element and the literal before it off the layout; ELEMENT_NONE at the end. */
struct element gotime_next_element(str *layout);

extern const char *const month_names[12];
extern const char *const weekday_names[7];

#endif
