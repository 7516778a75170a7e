/* Where the values of a chart come from: the defaults of charts, files, settings, each over those
 * before it. */
#ifndef HOIST_PROMOTE_EXPLAIN_VALUES_H
#define HOIST_PROMOTE_EXPLAIN_VALUES_H

#include "promote/environment.h"

/* One layer of values, as a tree that begins where the root chart's values begin. */
struct values_layer {
    const struct node *tree;
    const struct step *step; /* NULL for a chart's own defaults */
};

struct values_layers {
    struct values_layer *at; /* the lowest first */
    uint32_t len;
    uint32_t cap;
};

/* The layers of a part of an environment, which must be a chart. False after a report. */
bool values_layers_of(struct context *cx, const struct environment *env,
                      const struct environment_part *part, struct values_layers *out);

/* What its templates see, as a document with a history: explain_field and its writers take it like
 * any other. NULL after a report. */
const struct node *explain_values(struct context *cx, const struct environment *env);

#endif
