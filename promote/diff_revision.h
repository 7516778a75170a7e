/* What a revision changes: every environment of the working directory's project, as it is
 * against as it was. */
#ifndef HOIST_PROMOTE_DIFF_REVISION_H
#define HOIST_PROMOTE_DIFF_REVISION_H

#include "promote/diff.h"
#include "promote/environment.h"

struct diff_request {
    str base;          /* the revision */
    const str *only;   /* environments by name … */
    uint32_t only_len; /* … or none: all of them */
    struct diff_options options;
};

/* A section for each environment that reads something that differs; the others are counted.
 * The base is rendered for those alone. False after a report: an environment that does not
 * render is a failure, and all that fail are reported. */
bool diff_revision(struct context *cx, const struct diff_request *request, struct diff_set *out);

/* False after a report when one side renders to nothing at all and the other does not: what
 * went wrong elsewhere, a program in a pipe, must not look as if all were to be deleted. */
bool diff_sides_hold(struct context *cx, const struct environment *from,
                     const struct environment *to);

#endif
