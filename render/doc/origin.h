/* Who set a node: a step of a build, named as a user would and placed in his files. */
#ifndef HOIST_DOC_ORIGIN_H
#define HOIST_DOC_ORIGIN_H

#include "render/base/context.h"

struct step {
    str name;       /* "namePrefix", "patch", "configMapGenerator" */
    struct pos pos; /* the field of the kustomization that asked for it */
    const struct step *outer;
};

/* Nodes made from now on carry this step, until step_leave. */
const struct step *step_enter(struct context *cx, str name, struct pos pos);
void step_leave(struct context *cx);

#endif
