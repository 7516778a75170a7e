/* Strategic merge: lists.
 *
 * Elements with the same key texts are one. Those that the patch names come first, in its
 * order, then the base's others. With two keys in use it is the other way round for what
 * both have: only the patch's new elements come first.
 *
 * That is said of lists in which every element has the same keys. Elsewhere kustomize's
 * order of finding, taking out and folding in shows through (a patch can be lost, a list
 * can be emptied), so merge_list_irregular.c repeats it step by step. */
#include "overlays/merge_list.h"

#include "render/base/buf.h"
#include "render/base/map.h"

/* The elements that share their key texts. */
struct row {
    struct node *base;      /* the first one of the base */
    struct node *base_last; /* a list with duplicates keeps the last */
    const struct node *patch;
    struct node *result; /* NULL: deleted */
};

str merge_key_text(const struct node *element, const struct key *key)
{
    const struct node *value = node_get(element, key);
    return value && node_is_scalar(value) && value->kind != NODE_NULL ? value->text : S("");
}

/* Do all elements of both lists have text under the same keys? Then these are the ones in use. */
static bool regular(const struct list_merge *l, uint32_t *used)
{
    uint32_t elements = 0;
    for (int side = 0; side < 2; side++) {
        const struct node *list = side ? l->patch : l->base;
        if (!list || (side && l->patch == l->base))
            continue;
        elements += list->len;
        for (uint32_t i = 0; i < list->len; i++) {
            if (list->items[i]->kind != NODE_MAP)
                return false;
            for (uint32_t k = 0; k < l->key_count; k++)
                used[k] += merge_key_text(list->items[i], l->keys[k]).len > 0;
        }
    }
    uint32_t in_use = 0;
    for (uint32_t k = 0; k < l->key_count; k++) {
        if (used[k] && used[k] != elements)
            return false;
        in_use += used[k] > 0;
    }
    return in_use || !elements;
}

/* One text for all keys in use; lengths keep "a" "bc" apart from "ab" "c". */
str merge_row_name(const struct list_merge *l, const struct node *element)
{
    if (l->key_count == 1)
        return merge_key_text(element, l->keys[0]);
    struct buf b;
    buf_init(&b, l->m->cx->scratch, 64);
    for (uint32_t k = 0; k < l->key_count; k++) {
        str text = merge_key_text(element, l->keys[k]);
        buf_format(&b, "%zu:", text.len);
        buf_str(&b, text);
    }
    return buf_take(&b);
}

static struct row *row_of(const struct list_merge *l, struct map *rows, const struct node *element)
{
    struct map_entry *e = map_entry(rows, merge_row_name(l, element));
    if (!e->value)
        e->value = NEW(l->m->cx->scratch, struct row);
    return e->value;
}

static void collect_rows(const struct list_merge *l, struct map *rows)
{
    for (uint32_t i = 0; l->patch && i < l->patch->len; i++) {
        struct row *row = row_of(l, rows, l->patch->items[i]);
        if (!row->patch)
            row->patch = l->patch->items[i];
    }
    for (uint32_t i = 0; i < l->base->len; i++) {
        struct row *row = row_of(l, rows, l->base->items[i]);
        if (!row->base)
            row->base = l->base->items[i];
        row->base_last = l->base->items[i];
    }
}

/* The keys by which a patch finds an element say nothing new: they stay the element's own. */
static void keep_keys(const struct list_merge *l, struct node *element)
{
    for (uint32_t k = 0; k < l->key_count; k++) {
        struct entry *e = node_entry(element, l->keys[k]);
        if (e && node_was(e->value) && node_maker(e->value) == l->m->cx->step
            && node_equal(e->value, node_was(e->value)))
            e->value = node_was(e->value);
    }
}

bool merge_elements(const struct list_merge *l, struct node *base, const struct node *patch,
                    struct node **out)
{
    if (!merge_nodes(l->m, l->element, base, patch, out))
        return false;
    if (*out == base && patch && patch != base)
        keep_keys(l, base);
    if (merge_absent(*out) || ((*out)->kind == NODE_MAP && (*out)->len == 0))
        *out = NULL;
    return true;
}

static bool merge_regular(const struct list_merge *l, bool several_keys)
{
    struct map rows = { .arena = l->m->cx->scratch };
    collect_rows(l, &rows);
    for (uint32_t i = 0; i < rows.len; i++) {
        struct row *row = rows.entries[i].value;
        if (!merge_elements(l, row->base, row->patch, &row->result))
            return false;
    }
    struct node *merged = node_list(l->m->cx);
    for (uint32_t i = 0; i < rows.len; i++) {
        const struct row *row = rows.entries[i].value;
        if (row->result && (!row->base || !several_keys))
            node_push(l->m->cx, merged, row->base ? row->base_last : row->result);
    }
    for (uint32_t i = 0; several_keys && i < l->base->len; i++) {
        const struct row *row = row_of(l, &rows, l->base->items[i]);
        if (row->result && row->base_last == l->base->items[i])
            node_push(l->m->cx, merged, row->base_last);
    }
    merge_give_items(l->base, merged);
    return true;
}

static bool merge_keyed(struct list_merge *l)
{
    uint32_t *used = NEW_ARRAY(l->m->cx->scratch, uint32_t, l->key_count);
    if (!regular(l, used))
        return merge_irregular(l);
    uint32_t in_use = 0;
    for (uint32_t k = 0; k < l->key_count; k++) {
        if (used[k])
            l->keys[in_use++] = l->keys[k];
    }
    l->key_count = in_use;
    return in_use == 0 || merge_regular(l, in_use > 1);
}

/* The first element with a `$patch` decides, and only when it holds nothing else. */
static bool list_directive(struct merge *m, const struct node *patch, enum directive *out,
                           const struct node **value)
{
    *out = DIRECTIVE_NONE;
    for (uint32_t i = 0; patch && i < patch->len; i++) {
        *value = node_get(patch->items[i], KEY(PATCH));
        if (*value)
            return patch->items[i]->len > 1 || merge_directive(m, *value, out);
    }
    return true;
}

static bool is_directive(const struct node *element, str text)
{
    const struct node *value = node_get(element, KEY(PATCH));
    return value && node_is_scalar(value) && str_eq(value->text, text);
}

/* Takes out all elements that have the same directive, and the empty ones with them. */
static void drop_directives(struct node *list, str text)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < list->len; i++) {
        struct node *item = list->items[i];
        bool empty = merge_absent(item) || (item->kind == NODE_MAP && item->len == 0);
        if (!empty && !is_directive(item, text))
            list->items[kept++] = item;
    }
    list->len = kept;
}

/* The patch's list without its directive; its elements stay the patch's own. */
static struct node *without_directives(struct merge *m, const struct node *patch, str text)
{
    struct node *list = node_list(m->cx);
    for (uint32_t i = 0; i < patch->len; i++)
        node_push(m->cx, list, patch->items[i]);
    drop_directives(list, text);
    return list;
}

/* The merge key names, interned; in the scratch arena. */
static void read_keys(struct list_merge *l, struct merge_list how)
{
    struct context *cx = l->m->cx;
    l->key_count = how.len;
    l->keys = NEW_ARRAY(cx->scratch, const struct key *, how.len);
    for (uint32_t k = 0; k < l->key_count; k++)
        l->keys[k] = intern(cx->keys, merge_list_key(how, k));
}

static bool merge_present(struct merge *m, struct merge_type type, struct node *base,
                          const struct node *patch)
{
    struct mark before = arena_mark(m->cx->scratch);
    struct list_merge l = { .m = m, .base = base, .patch = patch };
    l.element = merge_type_element(m->schema, type);
    read_keys(&l, merge_type_list(m->schema, type));
    bool ok = l.key_count ? merge_keyed(&l) : merge_set(&l);
    arena_rewind(m->cx->scratch, before);
    return ok;
}

bool merge_lists(struct merge *m, struct merge_type type, struct node *base,
                 const struct node *patch, struct node **out)
{
    if (merge_absent(base)) {
        *out = node_take(m->cx, patch);
        return merge_present(m, type, *out, *out);
    }
    *out = NULL;
    if (node_is(patch, NODE_NULL))
        return true;
    enum directive d;
    const struct node *said;
    if (!list_directive(m, patch, &d, &said))
        return false;
    if (d == DIRECTIVE_DELETE)
        return true;
    *out = base;
    if (d && patch == base)
        drop_directives(base, said->text);
    else if (d)
        patch = without_directives(m, patch, said->text);
    if (d == DIRECTIVE_REPLACE)
        *out = patch == base ? base : node_take(m->cx, patch);
    return merge_present(m, type, *out, d == DIRECTIVE_REPLACE ? *out : patch);
}
