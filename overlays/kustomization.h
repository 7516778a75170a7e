/* The kustomization file: found, read, checked field by field, brought up to date. */
#ifndef HOIST_OVERLAYS_KUSTOMIZATION_H
#define HOIST_OVERLAYS_KUSTOMIZATION_H

#include "overlays/overlay.h"

/* Reads the file of o->folder into o->file: afterwards every field has the type it must
 * have, and legacy fields (bases, imageTags, env, helmChartInflationGenerator) stand
 * where the present ones do. False after a report. */
bool kustomization_load(struct context *cx, struct overlay *o);

/* The file of o->folder as it stands, its fields checked: nothing is brought up to date, nothing
 * has to be there. NULL in o->file for an empty one. False after a report. */
bool kustomization_open(struct context *cx, struct overlay *o);

/* Does the map have only fields that a kustomization has, each of its type? Then its keys are
 * spelled as they should be. False after a report. */
bool kustomization_check(struct context *cx, struct node *file);

/* The file's name in a folder: NULL when there is none or more than one. */
struct text *kustomization_read(struct context *cx, const struct folder *folder, struct pos from,
                                str *name);

/* The names that a kustomization file may have, in the order kustomize looks for them. */
extern const str kustomization_names[3];

/* A text of its own for the content of a block scalar, its lines pointing back to the file. */
struct text *text_of_scalar(struct context *cx, const struct node *n);

#endif
