/* Who set a node: a step of a build, named as a user would and placed in his files. */
#ifndef HOIST_DOC_ORIGIN_H
#define HOIST_DOC_ORIGIN_H

#include "render/base/context.h"

struct node;

struct step {
    str name;       /* "namePrefix", "patches", "configMapGenerator"; "resources" for a file */
    struct pos pos; /* the field of the kustomization that asked for it, or the field's entry */
    const struct step *outer;
    const struct node *source; /* whose value the step copies to another place, or NULL */
};

/* Nodes made from now on carry this step, until step_leave. */
struct step *step_enter(struct context *cx, str name, struct pos pos);
/* The step at work, seen from one entry of its field. */
struct step *step_enter_entry(struct context *cx, struct pos pos);
void step_leave(struct context *cx);

/* For work that goes to and fro between entries: a step that is not entered, and the change from
 * one to another, which gives the one to go back to. */
struct step *step_new(struct context *cx, str name, struct pos pos);
const struct step *step_switch(struct context *cx, const struct step *s);

/* The place that decides what a node is now: the line of the file that says it, the entry of the
 * step that does, or that of the value it was copied from. *step is the step's name, "" for a file
 * that is read as it is. */
struct pos origin_of(const struct node *n, str *step);
/* Is it the step that reads files, and not one that changes what they say? */
bool step_reads(const struct step *s);

#endif
