/* An Application as Argo CD reports it: what it has synced, how that went, what ran before. */
#ifndef HOIST_PROMOTE_ARGOCD_STATUS_H
#define HOIST_PROMOTE_ARGOCD_STATUS_H

#include "promote/check.h"

/* A deployment of the Application's past. */
struct argocd_run {
    str revision;
    int64_t deployed; /* seconds since 1970 */
};

struct argocd_status {
    str name;
    str revision;              /* the commit of this project that is synced; "" if not known */
    struct check_result state; /* passed, or why not, which has been reported */
    const struct node *images; /* of live pods: a list, or NULL */
    int64_t healthy_since;     /* 0 when that is not known */
    str operation;             /* the revision that the last sync brought; "" without one */
    struct argocd_run *runs;   /* oldest first */
    uint32_t run_count;
    uint32_t run_cap;
    bool hydrated; /* runs name commits of a hydrator's branch, not of this project's */
};

/* Reads the object. `path` is the environment's, from the top of the tree, "" when it is not
 * one folder. False after a report: out->state is for the caller to fill then. */
bool argocd_status_read(struct context *cx, const struct node *object, str path, struct pos from,
                        struct argocd_status *out);

#endif
