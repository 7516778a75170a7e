/* Which values and which helper of a chart decide a field: found by experiment. A value decides a
 * field when the field is another one with another value; it is why the field is there when the
 * field is gone then. */
#ifndef HOIST_PROMOTE_EXPLAIN_CHART_H
#define HOIST_PROMOTE_EXPLAIN_CHART_H

#include "promote/explain.h"

struct explain_inquiry;

/* About one document, or, with NULL, all of them, where each value is tried once for all fields.
 * NULL when no chart takes part, or when there are too many values for `all`. */
struct explain_inquiry *explain_inquiry_new(struct context *cx, const struct environment *env,
                                            const struct node *document, bool all);

/* Adds what decides the field to the hop of its chain that a template printed. */
void explain_inquire(struct explain_inquiry *q, const struct node *document, const struct field *f,
                     struct explain_chain *chain);

#endif
