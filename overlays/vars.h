/* vars: names for fields of resources, put into other fields where $(NAME) stands. */
#ifndef HOIST_OVERLAYS_VARS_H
#define HOIST_OVERLAYS_VARS_H

#include "overlays/overlay.h"

/* The `vars` of a kustomization whose steps are done: each resource learns which vars read from
 * it, by any identity that it has or had. */
bool vars_declare(struct context *cx, struct overlay *o);
/* Adds those of a base; a name is declared once in all a kustomization is made of. */
bool vars_merge(struct context *cx, struct accumulator *sum, const struct accumulator *base);
/* Puts the values in, once all names are final. */
bool vars_resolve(struct context *cx, struct accumulator *sum);

#endif
