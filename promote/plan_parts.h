/* What the files of the plan give each other. False and NULL have been reported. */
#ifndef HOIST_PROMOTE_PLAN_PARTS_H
#define HOIST_PROMOTE_PLAN_PARTS_H

#include "promote/plan.h"

/* plan_read.c: the project at the base, the row of the promotion. */
bool plan_read_project(struct context *cx, struct plan *p);
/* Where the source environment is read: p->source. */
bool plan_find_source(struct context *cx, struct plan *p);
bool plan_render_source(struct context *cx, struct plan *p);
/* Environments on the target's branch that the edit could reach. */
bool plan_render_others(struct context *cx, struct plan *p);
/* Each environment reads from a source of its own, which then tells what it has read. */
struct environment *plan_render(struct context *cx, struct plan *p,
                                const struct environment_row *row, str commit, str name);

/* plan.c: the images that the command line, the promotion's patterns and holds let through. */
bool plan_choose(struct context *cx, struct plan *p);

#endif
