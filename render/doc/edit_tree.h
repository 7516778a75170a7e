/* The edits that make a text say what a changed copy of its tree says. */
#ifndef HOIST_DOC_EDIT_TREE_H
#define HOIST_DOC_EDIT_TREE_H

#include "render/doc/edit.h"

/* `before` was read from the text; `after` is a copy of it in which what stayed has kept its
 * position. Kept items of lists may be changed, left out and followed by new ones; any other
 * list is written anew. A field that kept the position of its key under another name is
 * renamed. False after a report, as with the edits themselves. */
bool edit_tree(struct edits *e, const struct node *before, const struct node *after);

#endif
