/* Decimal numbers of any length: sums, differences, products and quotients without the errors of
 * binary fractions. */
#ifndef HOIST_BASE_DECIMAL_H
#define HOIST_BASE_DECIMAL_H

#include "render/base/arena.h"
#include "render/base/str.h"

/* A whole number, its digits from the most significant on (none for zero), times ten to a power. */
struct decimal {
    const unsigned char *digits; /* 0 to 9 each */
    uint32_t len;
    int32_t power;
    bool negative;
};

/* The shortest decimal that reads back as this finite number. */
struct decimal decimal_from(struct arena *a, double f);
/* The nearest float; an infinity when it is too large for any. */
double decimal_float(struct arena *a, struct decimal d);

struct decimal decimal_add(struct arena *a, struct decimal x, struct decimal y);
struct decimal decimal_sub(struct arena *a, struct decimal x, struct decimal y);
struct decimal decimal_mul(struct arena *a, struct decimal x, struct decimal y);
/* Rounded to so many digits behind the point, halves away from zero; y is not zero. */
struct decimal decimal_div(struct arena *a, struct decimal x, struct decimal y, uint32_t places);

static inline bool decimal_is_zero(struct decimal d)
{
    return d.len == 0;
}

#endif
