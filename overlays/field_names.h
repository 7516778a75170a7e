/* Field names of what configures the built-ins, which Go finds whatever their case: `Path` is
 * `path`. The kustomization file itself knows its own (kustomization.c). */
#ifndef HOIST_OVERLAYS_FIELD_NAMES_H
#define HOIST_OVERLAYS_FIELD_NAMES_H

#include "render/doc/node.h"

/* Gives all known names in a configuration their usual spelling; labels and annotations are
 * the user's own. */
void field_names_fold(struct context *cx, struct node *n);

#endif
