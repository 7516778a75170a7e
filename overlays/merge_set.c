/* Strategic merge: lists without merge keys, finalizers and podCIDRs.
 *
 * They are sets of texts: the patch's, then the base's others; what both have stays as the
 * base writes it, and its last one at that. Nulls and empty maps vanish, and take the texts
 * that look like them along ("null" after null). A null that stands behind such a text takes
 * its place, and stays there if it is the list's last item. */
#include "overlays/merge_list.h"
#include "render/base/map.h"

enum { NO_PLACE = UINT32_MAX };

/* The items that share a text. */
struct member {
    const struct node *patch;
    struct node *base;    /* the first one */
    struct node *present; /* the first one that is not empty */
    bool gone;
    uint32_t place; /* in the result */
};

static bool is_empty(const struct node *item)
{
    return merge_absent(item) || item->kind == NODE_MAP;
}

static str text_of_item(const struct node *item)
{
    return node_is_scalar(item) ? item->text : S("");
}

static struct member *member_of(const struct list_merge *l, struct map *set,
                                const struct node *item)
{
    struct map_entry *e = map_entry(set, text_of_item(item));
    if (!e->value)
        e->value = NEW(l->m->cx->scratch, struct member);
    return e->value;
}

static bool check_items(const struct list_merge *l, const struct node *list)
{
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct node *item = list->items[i];
        if (!node_is_scalar(item) && (item->kind == NODE_LIST || item->len > 0))
            return report(l->m->cx, item->pos, "a list that merges as a set has scalars, not %s",
                          node_kind_name(item));
    }
    return true;
}

static void collect(const struct list_merge *l, struct map *set)
{
    for (uint32_t i = 0; l->patch && i < l->patch->len; i++) {
        struct member *member = member_of(l, set, l->patch->items[i]);
        if (!member->patch)
            member->patch = l->patch->items[i];
    }
    for (uint32_t i = 0; i < l->base->len; i++) {
        struct node *item = l->base->items[i];
        struct member *member = member_of(l, set, item);
        if (!member->base)
            member->base = item;
        if (!member->present && !is_empty(item))
            member->present = item;
    }
}

/* The patch's items that are no nulls, and the base's; true when a null took all nulls out. */
static bool place_members(const struct list_merge *l, struct map *set, struct node *merged)
{
    bool no_nulls = false;
    for (uint32_t i = 0; i < set->len; i++) {
        struct member *member = set->entries[i].value;
        struct node *base = no_nulls ? member->present : member->base;
        const struct node *patch = l->patch == l->base ? base : member->patch;
        const struct node *item = patch ? patch : base;
        if (!item || is_empty(item)) {
            member->gone = no_nulls = true;
            continue;
        }
        member->place = merged->len;
        node_push(l->m->cx, merged, item == base ? base : node_take(l->m->cx, item));
    }
    return no_nulls;
}

/* The base's items over what the patch made of them. */
static void fold_in(const struct list_merge *l, struct map *set, bool no_nulls, struct node *merged)
{
    struct member *nulled = NULL;
    for (uint32_t i = 0; i < l->base->len; i++) {
        struct node *item = l->base->items[i];
        struct member *member = member_of(l, set, item);
        if (member->gone || (no_nulls && is_empty(item)))
            continue;
        if (nulled) {
            merged->items[nulled->place] = NULL;
            nulled->place = NO_PLACE;
        }
        nulled = is_empty(item) && member->place != NO_PLACE ? member : NULL;
        if (member->place != NO_PLACE) {
            merged->items[member->place] = item;
        } else if (!is_empty(item)) {
            member->place = merged->len;
            node_push(l->m->cx, merged, item);
        }
    }
}

bool merge_set(const struct list_merge *l)
{
    if (!check_items(l, l->patch) || !check_items(l, l->base))
        return false;
    struct map set = { .arena = l->m->cx->scratch };
    collect(l, &set);
    struct node *merged = node_list(l->m->cx);
    fold_in(l, &set, place_members(l, &set, merged), merged);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < merged->len; i++) {
        if (merged->items[i])
            merged->items[kept++] = merged->items[i];
    }
    merged->len = kept;
    merge_give_items(l->base, merged);
    return true;
}
