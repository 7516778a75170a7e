/* `hoist init`: a first hoist.yaml, from what a folder holds. */
#ifndef HOIST_PROMOTE_FIRST_PROJECT_H
#define HOIST_PROMOTE_FIRST_PROJECT_H

#include "promote/project.h"
#include "render/base/buf.h"

struct first_project {
    str bytes;
    uint32_t environments;
    uint32_t promotions;
};

/* False after a report: there is a hoist.yaml, or nothing that an environment could be. */
bool first_project_make(struct context *cx, struct folder *folder, struct first_project *out);

#endif
