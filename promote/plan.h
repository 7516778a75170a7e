/* A promotion, up to the point where something would be written: both environments
 * rendered, images resolved and checked, pins edited in memory, the target rendered again.
 *
 * Everything is read from commits, so what lies in the working tree plays no part. */
#ifndef HOIST_PROMOTE_PLAN_H
#define HOIST_PROMOTE_PLAN_H

#include "promote/check.h"
#include "promote/commit.h"
#include "promote/diff.h"
#include "promote/environment.h"
#include "promote/pin.h"

struct names {
    const str *at;
    uint32_t len;
};

struct plan_request {
    struct repository *repository;
    str folder; /* of hoist.yaml, from the top of the tree; "." is the top */
    str from;
    str to;
    struct names only; /* empty: all that the promotion's patterns let through */
    struct names exclude;
    bool back;    /* to a set that the target ran before: `from` is `to` */
    str revision; /* with `back`: a commit that ran it; "" is the set before the present one */
    str force;    /* why neither guards nor checks are asked; "" asks them */
};

/* An image that both run, and what the target is to run. */
struct promise {
    struct image_ref source;
    struct image_ref before;
    struct image_ref after;
    const struct candidate *candidate;
    bool changes;
};

struct plan {
    const struct plan_request *request;
    struct project *project;
    const struct promotion_row *row;
    str base_name;   /* the branch that the promotion is for, or a commit's name */
    str base;        /* its commit */
    str source_name; /* where the source environment was read */
    str source;
    struct check_scene scene;
    struct environment *from;
    struct environment *to;
    struct environment *after;
    struct environments others;
    struct candidates candidates;
    struct promise *at;
    uint32_t len;
    uint32_t cap;
    struct str_list {
        str *at;
        uint32_t len;
        uint32_t cap;
    } only_source, only_target, left_out; /* names of images that do not move, and why */
    struct tree_change *changes;
    uint32_t change_count;
    struct diff *diff;        /* of the target; NULL when nothing changes */
    enum check_state checked; /* unless passed, that has been reported; the rest is not there */
};

/* Finds the repository that holds the working directory, and the project in it. False after a
 * report. */
bool plan_open(struct context *cx, struct plan_request *request);

/* The project, the base and the promotion alone, nothing rendered. With `back` for `request->to`.
 * False after a report. */
bool plan_place(struct context *cx, const struct plan_request *request, struct plan *out);

/* False after a report. A plan without changes says that the target runs the set already. */
bool plan_make(struct context *cx, const struct plan_request *request, struct plan *out);

/* The checks alone, on what an environment of the working directory's project runs, in all its
 * versions. The promotion that leads from it, else to it, says which; between the two calls, more
 * can be asked for in out->row. False after a report that is no failed check; out->checked is the
 * answer. */
bool plan_verify_begin(struct context *cx, str name, struct plan *out);
bool plan_verify(struct context *cx, struct plan *out);

/* Has the base moved since the plan was made? */
bool plan_base_moved(struct context *cx, const struct plan *plan, bool *moved);

#endif
