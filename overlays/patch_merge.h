/* Strategic merge, as kustomize does it: a patch that looks like the document, `$patch`
 * directives included, laid over it by the keys that the schema gives its lists.
 *
 * The document is changed in place. What the patch brings is copied and carries cx->step. */
#ifndef HOIST_OVERLAYS_PATCH_MERGE_H
#define HOIST_OVERLAYS_PATCH_MERGE_H

#include "schema/merge_keys.h"

/* *base becomes NULL when the patch deletes the document. False after a report. Name, kind and
 * namespace may have changed: whether they may is for the caller to say. */
bool patch_merge(struct context *cx, const struct merge_schema *schema, struct node **base,
                 const struct node *patch);

#endif
