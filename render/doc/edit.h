/* Edits of a YAML text that leave every other byte alone: comments, order, quotes, anchors
 * and line endings stay, and what is added follows the file's own indentation.
 *
 * Edits are collected and applied at once; a node is found by its position, so it must come
 * from this very text. The same value at the same place is no edit at all. */
#ifndef HOIST_DOC_EDIT_H
#define HOIST_DOC_EDIT_H

#include "render/doc/node.h"

struct edits;

/* NULL after a report: not YAML. */
struct edits *edits_begin(struct context *cx, struct text *text);

/* All give false after a report, for a place that stands for several (behind an anchor, in
 * a merged map) or that the text does not have. Values print as their kinds and texts say:
 * what is a string will be read as one. */

/* A scalar that is not empty. */
bool edit_scalar(struct edits *e, const struct node *scalar, str value);
/* A field of a map, whether it is there or not. */
bool edit_set(struct edits *e, const struct node *map, str key, const struct node *value);
/* One more item at the end of a list. */
bool edit_append(struct edits *e, const struct node *list, const struct node *item);
bool edit_remove(struct edits *e, const struct node *map, str key);
/* Another name for a field that stands in the map itself. */
bool edit_rename(struct edits *e, const struct node *map, str key, str name);
bool edit_remove_item(struct edits *e, const struct node *list, uint32_t index);

bool edits_any(const struct edits *e);
str edits_apply(struct edits *e);

#endif
