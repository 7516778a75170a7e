/* Argo CD ApplicationSets: the Applications that one makes, as far as neither a cluster nor a
 * service has to be asked for that. */
#ifndef HOIST_PROMOTE_APPLICATION_SET_H
#define HOIST_PROMOTE_APPLICATION_SET_H

#include "promote/fill.h"
#include "render/base/map.h"
#include "render/source/source.h"

struct application_set;

/* One Application, before its texts are filled in. */
struct generated {
    const struct application_set *set;
    struct params params;        /* nodes stand where an element, or a file in Git, says them */
    const struct node *template; /* spec.template, with that of the generator over it */
    str name;
};

struct application_set {
    const struct node *document;
    struct fill fill;
    struct folder *top; /* of the repository, for the generators */
    struct generated *at;
    uint32_t len;
    uint32_t cap;
    struct map names;
};

bool application_set_is(const struct node *document);

/* Runs the generators: all its Applications by name, in order. NULL after a report. */
struct application_set *application_set_read(struct context *cx, struct folder *top,
                                             const struct node *document);
/* The document of one. NULL after a report. */
struct node *application_set_make(struct context *cx, struct generated *g);

#endif
