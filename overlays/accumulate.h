/* Collecting what a kustomization names: files, bases and components, with the rules that
 * come with them. */
#ifndef HOIST_OVERLAYS_ACCUMULATE_H
#define HOIST_OVERLAYS_ACCUMULATE_H

#include "overlays/overlay.h"

/* A kustomization with everything it names, transformed by its own steps. Names are not yet
 * hashed, references not yet changed: that is for the root alone. */
bool accumulate(struct context *cx, struct overlay *o);

/* One entry of `resources`: a file, or the folder of a base, local or remote. */
bool accumulate_resource(struct context *cx, struct overlay *o, const struct node *entry,
                         struct accumulator *sum);

/* Lets the `openapi` of a kustomization choose the schema, unless one was chosen before. */
bool accumulate_schema(struct context *cx, struct overlay *o);

/* Is the folder one that is being built, or above one? Then that has been reported. */
bool accumulate_is_cycle(struct context *cx, const struct overlay *o, const struct folder *folder,
                         struct pos from);

/* The configuration of an accumulator as one that may be added to. */
struct field_config *accumulator_config(struct context *cx, struct accumulator *sum);

#endif
