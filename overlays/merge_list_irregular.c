/* Strategic merge: lists in which some element lacks a merge key, or is no map.
 *
 * kustomize works on key texts, a missing one being the empty text, and its searches treat
 * an empty text now as "not asked", now as "any", now as "must be empty". What it prints
 * follows from that, so the steps are repeated here as they are; they cost rows times
 * elements, and are counted. smp-vectors.jsonl has some hundred such lists. */
#include <assert.h>

#include "overlays/merge_list.h"
#include "render/base/map.h"

/* The key texts of elements, each row once; all rows are as wide as there are keys. */
struct rows {
    str *texts;
    uint32_t len;
};

static str *row_at(const struct list_merge *l, const struct rows *rows, uint32_t i)
{
    return rows->texts + (size_t)i * l->key_count;
}

static void add_rows(const struct list_merge *l, const struct node *list, struct map *seen,
                     struct rows *rows)
{
    for (uint32_t i = 0; list && i < list->len; i++) {
        struct map_entry *e = map_entry(seen, merge_row_name(l, list->items[i]));
        if (e->value)
            continue;
        e->value = list->items[i];
        for (uint32_t k = 0; k < l->key_count; k++)
            row_at(l, rows, rows->len)[k] = merge_key_text(list->items[i], l->keys[k]);
        rows->len++;
    }
}

static struct rows all_rows(const struct list_merge *l)
{
    struct context *cx = l->m->cx;
    struct map seen = { .arena = cx->scratch };
    size_t most = l->base->len + (l->patch ? l->patch->len : 0);
    struct rows rows = { .len = 0 };
    rows.texts = NEW_ARRAY(cx->scratch, str, arena_array(most, l->key_count));
    add_rows(l, l->patch, &seen, &rows);
    add_rows(l, l->base, &seen, &rows);
    return rows;
}

/* Two rows that agree somewhere and differ only where one is empty are the filled-in row. */
static bool fill_in(const struct list_merge *l, const str *a, const str *b, str *filled)
{
    bool agree = false;
    for (uint32_t k = 0; k < l->key_count; k++) {
        bool same = str_eq(a[k], b[k]);
        if (!same && a[k].len && b[k].len)
            return false;
        agree |= same;
        filled[k] = a[k].len ? a[k] : b[k];
    }
    return agree;
}

static bool fill_in_all(const struct list_merge *l, struct rows *rows)
{
    size_t size = l->key_count * sizeof(str);
    str *first = NEW_ARRAY(l->m->cx->scratch, str, l->key_count);
    str *filled = NEW_ARRAY(l->m->cx->scratch, str, l->key_count);
    for (uint32_t i = 0; i < rows->len; i++) {
        if (!limit_count(l->m->cx, LIMIT_STEPS, rows->len, l->base->pos))
            return false;
        /* Both are overwritten, but the comparison goes on with the row as it was. */
        memcpy(first, row_at(l, rows, i), size);
        for (uint32_t j = 0; j < rows->len; j++) {
            if (!fill_in(l, first, row_at(l, rows, j), filled))
                continue;
            memcpy(row_at(l, rows, i), filled, size);
            memcpy(row_at(l, rows, j), filled, size);
        }
    }
    return true;
}

/* Leaves the keys that some row fills; all of them when none does. */
static void keep_used_keys(struct list_merge *l, struct rows *rows)
{
    uint32_t width = l->key_count;
    uint32_t *used = NEW_ARRAY(l->m->cx->scratch, uint32_t, width);
    uint32_t kept = 0;
    for (uint32_t k = 0; k < width; k++) {
        bool filled = false;
        for (uint32_t i = 0; i < rows->len && !filled; i++)
            filled = rows->texts[(size_t)i * width + k].len > 0;
        if (filled)
            used[kept++] = k;
    }
    if (!kept)
        return;
    for (uint32_t i = 0; i < rows->len; i++) {
        for (uint32_t k = 0; k < kept; k++)
            rows->texts[(size_t)i * kept + k] = rows->texts[(size_t)i * width + used[k]];
    }
    for (uint32_t k = 0; k < kept; k++)
        l->keys[k] = l->keys[used[k]];
    l->key_count = kept;
}

/* A field's text in a comparison: that of a null is as written, lists and maps have none. */
static str compared(const struct node *value)
{
    return node_is_scalar(value) ? value->text : S("");
}

/* The first element that has the row's texts; empty texts are not asked for, unless all are. */
static struct node *find(const struct list_merge *l, const struct node *list, const str *row)
{
    bool any = false;
    for (uint32_t k = 0; k < l->key_count; k++)
        any |= row[k].len > 0;
    for (uint32_t i = 0; list && i < list->len; i++) {
        bool found = list->items[i]->kind == NODE_MAP;
        for (uint32_t k = 0; k < l->key_count && found; k++) {
            const struct node *value = node_get(list->items[i], l->keys[k]);
            found = (any && !row[k].len) || (value && str_eq(compared(value), row[k]));
        }
        if (found)
            return list->items[i];
    }
    return NULL;
}

/* Every key must be there; an empty text matches any value, and so does one not given. */
static bool matches_loosely(const struct list_merge *l, const struct node *item, const str *texts,
                            uint32_t len)
{
    if (len > l->key_count)
        len = l->key_count;
    for (uint32_t k = 0; k < len; k++) {
        const struct node *value = node_get(item, l->keys[k]);
        if (!value || (texts[k].len && !str_eq(compared(value), texts[k])))
            return false;
    }
    return len > 0;
}

static bool refuse_scalar(const struct list_merge *l, const struct node *item)
{
    return report(l->m->cx, item->pos, "a list that merges by '%.*s' has maps, not %s",
                  STR(l->keys[0]->text), node_kind_name(item));
}

/* Puts `element` in the place of every loose match, else at the end; without an element the
 * matches are taken out. Nulls and empty maps are dropped on the way, and with no text at
 * all everything is. */
static bool set_element(const struct list_merge *l, struct node *list, const str *texts,
                        uint32_t len, struct node *element)
{
    uint32_t kept = 0;
    bool placed = false;
    if (!limit_count(l->m->cx, LIMIT_STEPS, list->len, list->pos))
        return false;
    for (uint32_t i = 0; i < list->len; i++) {
        struct node *item = list->items[i];
        if (merge_absent(item) || (item->kind == NODE_MAP && item->len == 0))
            continue;
        if (item->kind != NODE_MAP && len && !texts[0].len)
            return refuse_scalar(l, item);
        if (item->kind != NODE_MAP || !matches_loosely(l, item, texts, len)) {
            if (len)
                list->items[kept++] = item;
        } else if (element) {
            list->items[kept++] = placed ? node_copy(l->m->cx, element) : element;
            placed = true;
        }
    }
    list->len = kept;
    if (!placed && !merge_absent(element))
        node_push(l->m->cx, list, element);
    return true;
}

/* Two rows may have been filled in to the same texts; the second finds the patch's element
 * again, with its directives used up. */
static bool merge_row(const struct list_merge *l, const str *row, struct node *merged)
{
    struct node *result;
    struct node *base = find(l, l->base, row);
    struct node *patch = l->patch == l->base ? base : find(l, l->patch, row);
    if (!limit_count(l->m->cx, LIMIT_STEPS, l->base->len, l->base->pos)
        || !merge_elements(l, base, patch, &result))
        return false;
    if (patch && patch != base)
        merge_spend(patch);
    if (!result)
        return set_element(l, l->base, row, l->key_count, NULL);
    for (uint32_t k = 0; k < l->key_count; k++) {
        if (row[k].len && !node_get(result, l->keys[k]))
            node_add(l->m->cx, result, l->keys[k], node_plain(l->m->cx, row[k]));
    }
    return set_element(l, merged, row, l->key_count, result);
}

/* An element of the base takes the place of what the rows made of it, which most often is
 * the element itself. One that lacks a key is added for each that it lacks. */
static bool fold_in(const struct list_merge *l, struct node *element, str *texts,
                    struct node *merged)
{
    uint32_t len = 0;
    if (element->kind != NODE_MAP && element->kind != NODE_NULL)
        return refuse_scalar(l, element);
    for (uint32_t k = 0; k < l->key_count; k++) {
        const struct node *value = node_get(element, l->keys[k]);
        if (value)
            texts[len++] = compared(value);
        else
            node_push(l->m->cx, merged, node_copy(l->m->cx, element));
    }
    if (l->key_count > 1 && !set_element(l, merged, texts, len, NULL))
        return false;
    return set_element(l, merged, texts, len, element);
}

bool merge_irregular(struct list_merge *l)
{
    if (l->patch && l->patch != l->base)
        l->patch = node_take(l->m->cx, l->patch); /* merge_row changes it */
    struct rows rows = all_rows(l);
    assert(rows.len > 0); /* two empty lists are regular */
    if (l->key_count > 1 && !fill_in_all(l, &rows))
        return false;
    keep_used_keys(l, &rows);
    struct node *merged = node_list(l->m->cx);
    for (uint32_t i = 0; i < rows.len; i++) {
        if (!merge_row(l, row_at(l, &rows, i), merged))
            return false;
    }
    str *texts = NEW_ARRAY(l->m->cx->scratch, str, l->key_count);
    for (uint32_t i = 0; i < l->base->len; i++) {
        if (!fold_in(l, l->base->items[i], texts, merged))
            return false;
    }
    merge_give_items(l->base, merged);
    return true;
}
