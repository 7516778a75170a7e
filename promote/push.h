/* Pushing one branch: created, moved on, or replaced when all that stands there is ours. */
#ifndef HOIST_PROMOTE_PUSH_H
#define HOIST_PROMOTE_PUSH_H

#include "promote/commit.h"

struct push_request {
    struct repository *repository;
    str remote; /* "origin" */
    str branch;
    str commit;            /* its tip here */
    str base;              /* what it stands on */
    enum branch_rule rule; /* BRANCH_TIP pushes only what follows the remote's tip */
    str forge;             /* its name, whose token may be used; "" is guessed */
};

enum push_outcome {
    PUSH_DONE,
    PUSH_THERE,  /* the remote has this commit at the branch already */
    PUSH_BEHIND, /* the remote's branch holds commits that are not here, or moved meanwhile */
};

struct push_result {
    enum push_outcome outcome;
    str there; /* with PUSH_BEHIND, the remote's tip, which has been fetched; "" when unknown */
};

/* False after a report: no such remote, no answer, refused, or commits that are not ours. */
bool push_branch(struct context *cx, const struct push_request *request, struct push_result *out);

/* Where a remote is pushed to; it may hold a password. False after a report. */
bool push_address(struct context *cx, struct repository *repository, str remote, str *url);
/* Is the remote's branch there, and are all commits on it that the base does not hold ours?
 * False after a report. */
bool push_look(struct context *cx, const struct push_request *request, bool *there, bool *ours);

#endif
