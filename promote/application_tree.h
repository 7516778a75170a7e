/* Where the files of an Application's source are: in this repository as it is read here, at another
 * revision of it, or in another repository. */
#ifndef HOIST_PROMOTE_APPLICATION_TREE_H
#define HOIST_PROMOTE_APPLICATION_TREE_H

#include "promote/application.h"

/* The top of the source's tree. Only app->top can be edited; other trees are `far`. NULL after a
 * report. */
struct folder *application_tree(struct context *cx, struct application *app,
                                const struct node *source);

/* The branch of this repository that all sources with files here are on, when their targetRevision
 * names one that is neither read here nor the default; "" for none. Nothing is reported. */
str application_branch(struct context *cx, struct application *app);

#endif
