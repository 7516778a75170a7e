/* Checks: what must hold for each image before it is promoted, and the evidence for it.
 *
 * A check is a file and a row. Whatever cannot be checked has failed. */
#ifndef HOIST_PROMOTE_CHECK_H
#define HOIST_PROMOTE_CHECK_H

#include "promote/image_set.h"
#include "promote/project.h"

struct check_result {
    bool ok;
    str evidence; /* "index over 2 platforms", or what was wrong */
};

/* An image on its way: what the source runs, and the digest that this stands for. */
struct candidate {
    struct image_ref ref;
    struct pos pos;               /* where the source says so */
    str digest;                   /* "" until it is known */
    struct check_result *results; /* one for each requirement of the promotion */
};

struct candidates {
    struct candidate *at;
    uint32_t len;
    uint32_t cap;
};

/* Makes every check that the promotion requires on every image. False after a report when
 * one fails: all are made, so that all failures are known. */
bool checks_run(struct context *cx, const struct project *p, const struct promotion_row *row,
                struct candidates *images);

struct check {
    str name; /* the field of `require` */
    /* Fills results[at] of every candidate; a failure has been reported. */
    bool (*run)(struct context *cx, const struct project *p, const struct requirement *r,
                struct candidates *images, uint32_t at);
};

bool check_registry(struct context *cx, const struct project *p, const struct requirement *r,
                    struct candidates *images, uint32_t at);

#endif
