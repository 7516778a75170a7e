/* generators, transformers and validators: steps that stand in files of their own. */
#ifndef HOIST_OVERLAYS_PLUGIN_H
#define HOIST_OVERLAYS_PLUGIN_H

#include "overlays/overlay.h"

/* How the file or the folder that an entry names is added to an accumulator. */
typedef bool collect_fn(struct context *cx, struct overlay *o, const struct node *entry,
                        struct accumulator *sum);

/* An entry is a document itself, a file of documents, or a folder whose kustomization builds
 * them. Built-in kinds (apiVersion: builtin) run here; others are functions (function.h). */
bool plugins_generate(struct context *cx, struct overlay *o, collect_fn *collect);
bool plugins_transform(struct context *cx, struct overlay *o, collect_fn *collect);
/* Validators may not change anything but the label validated-by. */
bool plugins_validate(struct context *cx, struct overlay *o, collect_fn *collect);

#endif
