/* What a value was: the commits that brought another one, from HEAD back along first parents. */
#ifndef HOIST_PROMOTE_PAST_VALUE_H
#define HOIST_PROMOTE_PAST_VALUE_H

#include "promote/explain.h"

struct past_value {
    str value;     /* as it is printed; "" where there was none */
    bool rendered; /* else what it was is not known */
    bool there;
    str commit; /* that brought it; "" for what is not committed */
    int64_t when;
    str author;
    str summary;
};

struct past_values {
    struct past_value *at; /* the newest first */
    uint32_t len;
    uint32_t cap;
    bool more; /* there were more changes, or more commits, than are looked at */
};

/* The history of a field of a document, or of a chart's values: from what is on disk, or from the
 * revision that the environment was read from. False after a report. */
bool past_values_of(struct context *cx, const struct environment *env, const struct node *document,
                    bool of_chart, const struct field *f, struct past_values *out);

#endif
