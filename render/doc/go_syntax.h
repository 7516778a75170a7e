/* A node as Go's %#v prints what yaml.v2 makes of it: 'map[interface {}]interface {}{"a":1}'.
 * Helm's errors quote values so. */
#ifndef HOIST_DOC_GO_SYNTAX_H
#define HOIST_DOC_GO_SYNTAX_H

#include "render/base/buf.h"
#include "render/doc/node.h"

/* The node of a whole document or of a part: a null prints as "<nil>" alone, and as
 * "interface {}(nil)" within another. */
void go_syntax_print(struct context *cx, struct buf *out, const struct node *n);

#endif
