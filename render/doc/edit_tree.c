/* Two trees to edits: what stands at the same place is compared, what differs is edited as
 * deep inside as can be. */
#include "render/doc/edit_tree.h"

#include <strings.h>

static bool same_pos(struct pos a, struct pos b)
{
    return a.text && a.text == b.text && a.offset == b.offset;
}

/* The item of `list` at a place, looked for from *from on; NULL when it is new there. */
static struct node *kept_item(const struct node *list, const struct node *item, uint32_t *from)
{
    for (uint32_t i = *from; i < list->len; i++) {
        if (same_pos(list->items[i]->pos, item->pos)) {
            *from = i + 1;
            return list->items[i];
        }
    }
    return NULL;
}

/* The entry with the same key's place. Most stand in the same order. */
static struct entry *kept_entry(const struct node *map, const struct entry *e, uint32_t *from)
{
    for (uint32_t n = 0; n < map->len; n++) {
        uint32_t i = (*from + n) % map->len;
        if (same_pos(map->entries[i].pos, e->pos)) {
            *from = i + 1;
            return &map->entries[i];
        }
    }
    return NULL;
}

static bool can_follow(const struct node *before, const struct node *after);

/* Kept items in their order, then the new ones. */
static bool can_follow_list(const struct node *before, const struct node *after)
{
    uint32_t from = 0, kept = 0;
    for (uint32_t i = 0; i < after->len; i++) {
        const struct node *old = kept_item(before, after->items[i], &from);
        if (!old)
            continue;
        if (kept++ < i || !can_follow(old, after->items[i]))
            return false;
    }
    return kept > 0;
}

/* Something is kept, so that what is added has a place to stand. */
static bool can_follow_map(const struct node *before, const struct node *after)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < after->len; i++) {
        if (kept_entry(before, &after->entries[i], &from))
            return true;
    }
    return false;
}

/* Is it the same value, or one that can be reached by edits inside it? */
static bool can_follow(const struct node *before, const struct node *after)
{
    if (node_equal(before, after))
        return true;
    if (!same_pos(before->pos, after->pos) || before->kind != after->kind)
        return false;
    if (before->kind == NODE_MAP)
        return can_follow_map(before, after);
    if (before->kind == NODE_LIST)
        return can_follow_list(before, after);
    return before->kind == NODE_STRING;
}

static bool edit_value(struct edits *e, const struct node *before, const struct node *after);

static bool edit_list(struct edits *e, const struct node *before, const struct node *after)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < after->len; i++) {
        uint32_t from = at;
        const struct node *old = kept_item(before, after->items[i], &from);
        bool ok =
            old ? edit_value(e, old, after->items[i]) : edit_append(e, before, after->items[i]);
        for (; ok && old && at + 1 < from; at++)
            ok = edit_remove_item(e, before, at);
        if (!ok)
            return false;
        at = from;
    }
    for (; at < before->len; at++) {
        if (!edit_remove_item(e, before, at))
            return false;
    }
    return true;
}

static bool edit_entry(struct edits *e, const struct node *map, const struct entry *old,
                       const struct entry *new_)
{
    str name = old->key->text;
    bool renamed =
        name.len != new_->key->text.len || strncasecmp(name.at, new_->key->text.at, name.len) != 0;
    if (renamed && !edit_rename(e, map, name, new_->key->text))
        return false;
    if (can_follow(old->value, new_->value))
        return edit_value(e, old->value, new_->value);
    return edit_set(e, map, name, new_->value);
}

static bool edit_map(struct edits *e, const struct node *before, const struct node *after)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < before->len; i++) {
        const struct entry *old = &before->entries[i];
        if (!kept_entry(after, old, &from) && !edit_remove(e, before, old->key->text))
            return false;
    }
    from = 0;
    for (uint32_t i = 0; i < after->len; i++) {
        const struct entry *new_ = &after->entries[i];
        const struct entry *old = kept_entry(before, new_, &from);
        if (old && !edit_entry(e, before, old, new_))
            return false;
    }
    /* Behind what was added inside the last of those that were there. */
    from = 0;
    for (uint32_t i = 0; i < after->len; i++) {
        const struct entry *new_ = &after->entries[i];
        if (!kept_entry(before, new_, &from) && !edit_set(e, before, new_->key->text, new_->value))
            return false;
    }
    return true;
}

static bool edit_value(struct edits *e, const struct node *before, const struct node *after)
{
    if (node_equal(before, after))
        return true;
    if (before->kind == NODE_MAP)
        return edit_map(e, before, after);
    if (before->kind == NODE_LIST)
        return edit_list(e, before, after);
    return edit_scalar(e, before, after->text);
}

bool edit_tree(struct edits *e, const struct node *before, const struct node *after)
{
    return edit_map(e, before, after);
}
