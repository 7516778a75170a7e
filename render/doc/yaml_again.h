/* YAML that was read, changed and is printed again as Go's yaml.v3 prints it: the order of keys,
 * the styles of scalars and the comments stay, the indentation becomes two, lists stand below
 * their keys, and empty lines go. */
#ifndef HOIST_DOC_YAML_AGAIN_H
#define HOIST_DOC_YAML_AGAIN_H

#include "render/base/buf.h"
#include "render/doc/node.h"

/* `document` is the first one of `text`, changed since. False without a report when there is
 * something that would be lost: anchors, tags, folded texts, comments in odd places. Then nothing
 * of `out` is to be used. */
bool yaml_again(struct context *cx, struct buf *out, struct text *text,
                const struct node *document);

#endif
