/* What the two ways to merge a list by keys share. */
#ifndef HOIST_OVERLAYS_MERGE_LIST_H
#define HOIST_OVERLAYS_MERGE_LIST_H

#include "overlays/merge.h"

struct list_merge {
    struct merge *m;
    struct merge_type element;
    const struct key **keys;
    uint32_t key_count;
    struct node *base;        /* changed in place */
    const struct node *patch; /* NULL for none */
};

/* The text under a key; empty when there is none, a null, a map or a list. */
str merge_key_text(const struct node *element, const struct key *key);
/* The texts of all keys as one, different for different texts; in the scratch arena. */
str merge_row_name(const struct list_merge *l, const struct node *element);
/* *out is NULL when nothing, a null or an empty map comes of it. */
bool merge_elements(const struct list_merge *l, struct node *base, const struct node *patch,
                    struct node **out);

/* `list` gets the items of `merged`, which is no list any more. */
static inline void merge_give_items(struct node *list, const struct node *merged)
{
    list->items = merged->items;
    list->items_cap = merged->items_cap;
    list->len = merged->len;
}

/* A list that merges without keys: a set of scalars. */
bool merge_set(const struct list_merge *l);
/* A list in which some element lacks a key that another has, or is no map. */
bool merge_irregular(struct list_merge *l);

#endif
