/* Holds: what a promotion leaves where it is, in a file that reviewers see beside hoist.yaml. */
#ifndef HOIST_PROMOTE_HOLD_H
#define HOIST_PROMOTE_HOLD_H

#include "render/source/image_ref.h"
#include "render/source/source.h"

#define HOLD_FILE "hoist-holds.yaml"

struct hold {
    str environment;
    str image;    /* "" holds the whole environment */
    str until;    /* as written; "" has no end */
    int64_t ends; /* the same in seconds since 1970; 0 has no end */
    str reason;
    struct pos pos;
};

struct holds {
    struct text *text; /* NULL when there is no such file */
    struct node *root;
    struct hold *at;
    uint32_t len;
    uint32_t cap;
};

/* False after a report: the file is not understood, so nothing may be promoted. */
bool holds_read(struct context *cx, struct folder *folder, struct holds *out);

/* The hold of an environment, or of an image of it, that has not ended; NULL when there is none. */
const struct hold *hold_find(const struct holds *holds, str environment, str image, int64_t now);

/* The file's bytes with this hold, which takes the place of one for the same; or without it. False
 * after a report. */
bool hold_add(struct context *cx, const struct holds *holds, const struct hold *hold, str *bytes);
bool hold_remove(struct context *cx, const struct holds *holds, str environment, str image,
                 str *bytes);

/* "2026-12-01", "2026-12-01T12:00:00Z", or how long from now: "48h". False after a report. */
bool hold_until(struct context *cx, str word, struct pos from, int64_t *ends);

/* "until 2026-12-01T12:00:00Z: incident 42"; "" when nothing more is said of it. */
str hold_describe(struct context *cx, const struct hold *hold);

#endif
