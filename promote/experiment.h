/* What would an environment render to if a file were another one? Nothing is written: the render
 * happens in a context and a tree of its own, in memory. */
#ifndef HOIST_PROMOTE_EXPERIMENT_H
#define HOIST_PROMOTE_EXPERIMENT_H

#include "promote/environment.h"

/* Other bytes for a file that the environment has read. */
struct experiment_edit {
    const struct text *text;
    str bytes;
};

/* Renders once more and shows the result to `look`; `again` is NULL when that failed. What it shows
 * is gone afterwards. False after a report: there was no memory for it, or no time. */
bool experiment_run(struct context *cx, const struct environment *env,
                    const struct experiment_edit *edits, size_t n,
                    void (*look)(void *who, struct context *inner, const struct environment *again),
                    void *who);

/* The bytes of a scalar's file with another value in its place, of the kind that it has: false for
 * true, another number, a longer text. False where that can't be done. */
bool experiment_change(struct arena *a, const struct text *text, const struct node *scalar,
                       str *bytes);
/* The same for several scalars of one text, given in their order there. */
bool experiment_change_all(struct arena *a, const struct text *text,
                           const struct node *const *scalars, size_t n, str *bytes);

#endif
