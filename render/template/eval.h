/* Running a template: what the functions that run others need. */
#ifndef HOIST_TEMPLATE_EVAL_H
#define HOIST_TEMPLATE_EVAL_H

#include "render/template/run.h"

/* The value of a pipeline; its variables are set. NIL after a report: look at r->failed. */
struct value eval_pipe(struct run *r, struct value dot, const struct ast_pipe *pipe);

const struct template *template_find(const struct template_set *set, str name);
/* Parses one that was left for later; false after a report. */
bool template_ready(const struct template_set *set, const struct template *t);

/* Runs a template into `out`. False after a report; engine->failure is what Go says. */
bool run_template(struct run *outer, const struct template *t, struct value dot, struct buf *out);

/* What `include` and `tpl` answer. */
struct value run_include(struct call *c, str name, struct value dot);
struct value run_tpl(struct call *c, str text, struct value dot);

#endif
