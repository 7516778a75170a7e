/* JSON patches (RFC 6902) as kustomize applies them: add, remove, replace, move, copy, test. */
#ifndef HOIST_OVERLAYS_PATCH_JSON_H
#define HOIST_OVERLAYS_PATCH_JSON_H

#include "render/doc/node.h"

/* The operations of a text: JSON when it begins with a bracket, else YAML, whose first document
 * counts. NULL after a report; what is no list of maps is one, too. */
struct node *patch_json_read(struct context *cx, struct text *text);

/* Changes `target` in place, up to the first operation that fails; false after that report.
 * The document comes out as one that was read from JSON: its quoting is not kept. */
bool patch_json_apply(struct context *cx, struct node *target, const struct node *operations);

#endif
