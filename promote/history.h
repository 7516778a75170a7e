/* The sets that an environment ran, each with the receipt that brought it, if one did. */
#ifndef HOIST_PROMOTE_HISTORY_H
#define HOIST_PROMOTE_HISTORY_H

#include "promote/plan.h"
#include "promote/receipt.h"
#include "promote/timeline.h"

struct history_set {
    struct past_set past;
    bool recorded; /* a receipt says just what the set is */
    struct receipt receipt;
};

struct history;

/* Of the environment `request->to`, from the branch that its promotions are for. NULL after a
 * report. */
struct history *history_begin(struct context *cx, const struct plan_request *request);
/* The next older set; false at the end, or after a report. */
bool history_next(struct history *h, struct history_set *out);

/* The set before the one that it runs at the request's tip. False after a report. */
bool history_before(struct context *cx, const struct timeline_request *request,
                    struct history_set *out);
/* The set that an environment ran at a commit of its branch. False after a report. */
bool history_at(struct context *cx, const struct timeline_request *request,
                struct history_set *out);

/* How a set came: "promoted from staging at 0f1e2d3c4b5a", else its commit's subject. */
str history_how(struct context *cx, const struct history_set *set);

#endif
