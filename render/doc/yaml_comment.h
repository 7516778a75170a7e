/* Comments that are JSON objects: the one kind of comment that means something.
 * kustomize takes `containers: # {"type": "array", …}` for the schema of that list. */
#ifndef HOIST_DOC_YAML_COMMENT_H
#define HOIST_DOC_YAML_COMMENT_H

#include "render/doc/node.h"

/* Finds them all; a text without "# {" costs one search. */
void comments_find(struct context *cx, struct text *text);
/* Marks the node whose key stands at `key_offset` if one of the comments is its. */
void comment_attach(struct text *text, uint32_t key_offset, struct node *n);

/* The object that stands as a comment at a node with NODE_COMMENTED; NULL when it is not
 * JSON after all. */
struct node *node_comment(struct context *cx, const struct node *n);

#endif
