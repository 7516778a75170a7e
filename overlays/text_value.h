/* Values within texts: a path that leads to a text of JSON or YAML leads on into it, where the
 * release has that (compat.h). */
#ifndef HOIST_OVERLAYS_TEXT_VALUE_H
#define HOIST_OVERLAYS_TEXT_VALUE_H

#include "overlays/field_path.h"

/* The same scalar with another text. False when its kind can't have such a text. */
bool scalar_retext(struct context *cx, const struct node *n, str text, struct node **out);

/* Sets what the path leads to within a text, and prints the text anew: JSON with its keys sorted,
 * YAML as yaml.v3 prints it. *into is false when no part of the path is such a text. `make` is as
 * field_path_match has it. False after a report. */
bool text_value_set(struct context *cx, struct node *document, const struct field_path *path,
                    const struct node *value, enum node_kind make, bool *into);

#endif
