/* Checks: what must hold for each image before it is promoted, and the evidence for it.
 *
 * A check is a file and a row. It comes to one of three ends, and only one of them lets an image
 * through: "failed" is an answer, "could not be checked" is none (the registry is down), and
 * neither is ever taken for the other. */
#ifndef HOIST_PROMOTE_CHECK_H
#define HOIST_PROMOTE_CHECK_H

#include "promote/image_set.h"
#include "promote/project.h"
#include "render/source/git.h"
#include "render/source/registry.h"

struct argocd_status;
struct receipt;

/* A result that nobody filled in says that nothing was checked. */
enum check_state { CHECK_UNCHECKED, CHECK_PASSED, CHECK_FAILED };

struct check_result {
    enum check_state state;
    str evidence;         /* "index over 2 platforms", or what was wrong */
    struct node *details; /* the same for machines: a map, or NULL */
};

/* An image on its way: what the source runs, and the digest that this stands for. */
struct candidate {
    struct image_ref ref;
    struct pos pos;               /* where the source says so */
    str digest;                   /* "" until it is known */
    struct descriptor manifest;   /* what the registry said, once; no digest until then */
    struct check_result *results; /* one for each requirement of the promotion */
};

struct candidates {
    struct candidate *at;
    uint32_t len;
    uint32_t cap;
};

/* Where the images come from, for checks that look at more than images. */
struct check_scene {
    struct repository *repository; /* NULL when there is none */
    str folder;                    /* of the project, from the top of its tree */
    str rules;                     /* the commit whose hoist.yaml counts */
    const struct environment_row *source;
    str commit;                         /* that the source was rendered at */
    const struct argocd_status *argocd; /* what `argocd` told; NULL without it */
    const struct receipt *recorded;     /* of a set that is gone back to; NULL when none is known */
    bool back;                          /* it is gone back to a set */
};

/* What a check works on. */
struct checking {
    const struct check_scene *scene;
    const struct project *project;
    const struct promotion_row *row;
    struct candidates *images;
    struct registry *registry;        /* that all images are asked of; checking_open */
    struct check_result *no_registry; /* why there is none */
};

/* Makes every check that the promotion requires on every image: passed when all have passed,
 * failed when one has failed, else unchecked. All are made, so that all failures are known, and
 * all that did not pass has been reported. */
enum check_state checks_run(struct context *cx, const struct project *p,
                            const struct promotion_row *row, const struct check_scene *scene,
                            struct candidates *images);

const struct requirement *requirement_find(const struct promotion_row *row, str name);

/* Is there a check of that name? False after a report that names the nearest. */
bool check_known(struct context *cx, str name);

const char *check_state_name(enum check_state state); /* "passed", "failed", "unchecked" */

/* For a check: it passed with this evidence; or it did not, for the reasons reported since `last`
 * (cx->diags.last of before), whose class tells failures from what could not be checked. */
void check_pass(struct check_result *result, str evidence);
void check_fail(struct context *cx, struct check_result *result, const struct diag *last);
/* The same for every image; a rule that is wrong in hoist.yaml says nothing of any. */
void check_fail_all(struct context *cx, const struct checking *c, uint32_t at,
                    const struct diag *last);

/* For reasons that lie in what hoist.yaml names for the check, a key or a root, and not in images. */
void check_fail_rule(struct context *cx, const struct checking *c, uint32_t at,
                     const struct diag *last);

/* One result for every image. */
void check_all(const struct checking *c, uint32_t at, struct check_result result);

/* Opens what the promotion asks for images, once for all checks. False when that fails, which has
 * been reported and is then the result of every image at `at`. */
bool checking_open(struct context *cx, struct checking *c, uint32_t at);
/* The digest that an image stands for, asked for once: every check and the pin then speak of the
 * same bytes, though a tag may move meanwhile. False after a report. */
bool candidate_resolve(struct context *cx, struct checking *c, struct candidate *image);

struct check {
    str name; /* the field of `require` */
    /* About the environment that the images come from: when a set is gone back to, the receipt
     * tells how this came out. */
    bool of_source;
    /* Fills results[at] of every candidate; what did not pass has been reported. */
    void (*run)(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at);
};

void check_argocd(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at);
void check_command(struct context *cx, struct checking *c, const struct requirement *r,
                   uint32_t at);
void check_registry(struct context *cx, struct checking *c, const struct requirement *r,
                    uint32_t at);
void check_signatures(struct context *cx, struct checking *c, const struct requirement *r,
                      uint32_t at);
void check_attestations(struct context *cx, struct checking *c, const struct requirement *r,
                        uint32_t at);
void check_soak(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at);

#endif
