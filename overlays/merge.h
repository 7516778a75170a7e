/* What the halves of the strategic merge share: patch_merge.c walks maps, merge_list.c lists.
 *
 * `patch` may be NULL, or the same node as `base`: what a patch adds is walked against
 * itself, so that directives inside it act and lists inside it lose their duplicates. */
#ifndef HOIST_OVERLAYS_MERGE_H
#define HOIST_OVERLAYS_MERGE_H

#include "schema/merge_keys.h"

struct merge {
    struct context *cx;
    const struct merge_schema *schema;
};

enum directive { DIRECTIVE_NONE, DIRECTIVE_MERGE, DIRECTIVE_REPLACE, DIRECTIVE_DELETE };

/* The result, which is `base` itself wherever that can be; NULL when nothing is left. */
bool merge_nodes(struct merge *m, struct merge_type type, struct node *base,
                 const struct node *patch, struct node **out);
/* A list whose elements merge; base or patch is one. */
bool merge_lists(struct merge *m, struct merge_type type, struct node *base,
                 const struct node *patch, struct node **out);

/* Takes out the directives of a patch that has been used once; it may be used again. */
void merge_spend(struct node *patch);
/* The meaning of a `$patch` value; false after a report when it has none. */
bool merge_directive(struct merge *m, const struct node *value, enum directive *out);

static inline bool merge_absent(const struct node *n)
{
    return !n || n->kind == NODE_NULL;
}

#endif
