/* The pull request of a promotion: where it is opened, and what it says. */
#ifndef HOIST_PROMOTE_PULL_REQUEST_H
#define HOIST_PROMOTE_PULL_REQUEST_H

#include "promote/forge.h"
#include "promote/plan.h"

struct pull_request_place {
    str remote; /* "origin" */
    str url;    /* may hold a password */
    str base;   /* the branch that it is for */
    bool known; /* a forge; else only a text can be made */
    struct forge forge;
};

/* Before anything is written: the forge, its token, the branches. False after a report. */
bool pull_request_prepare(struct context *cx, const struct plan *plan, str remote,
                          struct pull_request_place *out);
/* After the push: opened or renewed, and said; without a forge, a text to send. */
bool pull_request_publish(struct context *cx, const struct pull_request_place *place,
                          const struct plan *plan, struct buf *said);
/* The target runs the set already: what is open for it is closed, unless people have
 * committed to its branch. */
bool pull_request_withdraw(struct context *cx, const struct pull_request_place *place,
                           const struct plan *plan, struct buf *said);
/* What would be published, for a dry run. */
bool pull_request_preview(struct context *cx, const struct pull_request_place *place,
                          const struct plan *plan, struct buf *said);

#endif
