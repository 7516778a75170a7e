/* Two trees of one document to a list of changes, in an order in which they can be applied. */
#ifndef HOIST_PROMOTE_DIFF_FIELDS_H
#define HOIST_PROMOTE_DIFF_FIELDS_H

#include "promote/diff.h"
#include "schema/merge_keys.h"

struct differ {
    struct context *cx;
    struct merge_schema *schema;
    struct diff_options options;
    const struct matches *matches;
    struct diff_document *document;
    struct diff_changes *out;
    struct buf path;
    struct buf pointer;
    const struct key *map; /* the field that the map at hand stands in, or NULL */
    bool secret;           /* masked values are being compared */
    bool inside;           /* of a text */
};

/* Fields, lists and texts: calls each other for what is below. */
void diff_values(struct differ *d, const struct node *from, const struct node *to,
                 struct merge_type type);
void diff_lists(struct differ *d, const struct node *from, const struct node *to,
                struct merge_type type);
void diff_texts(struct differ *d, const struct node *from, const struct node *to);

/* Equal trees have equal hashes, whatever the order of their keys. */
uint64_t diff_hash(const struct node *n);

struct diff_change *diff_add(struct differ *d, enum diff_kind kind, const struct node *from,
                             const struct node *to);
/* The items of two lists that stand at one place, either of which may be NULL. `at` is where
 * the item is when the change is applied; the path has been said. */
void diff_item(struct differ *d, uint32_t at, const struct node *from, const struct node *to,
               struct merge_type type);

/* Where kubectl keeps a copy of the whole object, a Secret's values too. */
#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* diff_filter.c: what the user wants to see. */
bool diff_wanted(const struct diff_options *options, struct identity id);
bool diff_ignored(const struct diff_options *options, str path);

#endif
