/* Document nodes: lookups by pointer in short maps, by a hash index in long ones. */
#include "render/doc/node.h"

enum { LONG_MAP = 16 }; /* from here on a map carries an index behind its entries */

static struct node *node_new(struct context *cx, enum node_kind kind)
{
    struct node *n = arena_alloc(cx->arena, sizeof *n);
    *n = (struct node){ .kind = (uint8_t)kind, .maker = cx->step };
    return n;
}

static void set_history(struct context *cx, struct node *n, const struct step *step,
                        struct node *was)
{
    n->replaces = was != NULL;
    if (was)
        n->history =
            arena_copy(cx->arena, &(struct node_history){ step, was }, sizeof(struct node_history));
    else
        n->maker = step;
}

void node_set_maker(struct context *cx, struct node *n, const struct step *step)
{
    set_history(cx, n, step, node_was(n));
}

void node_set_was(struct context *cx, struct node *n, struct node *was)
{
    set_history(cx, n, node_maker(n), was);
}

struct node *node_map(struct context *cx)
{
    return node_new(cx, NODE_MAP);
}

struct node *node_list(struct context *cx)
{
    return node_new(cx, NODE_LIST);
}

static struct node *scalar(struct context *cx, enum node_kind kind, str text)
{
    struct node *n = node_new(cx, kind);
    n->text = text;
    return n;
}

struct node *node_null(struct context *cx)
{
    return scalar(cx, NODE_NULL, S("null"));
}

struct node *node_bool(struct context *cx, bool value)
{
    return scalar(cx, NODE_BOOL, value ? S("true") : S("false"));
}

struct node *node_int(struct context *cx, int64_t value)
{
    return scalar(cx, NODE_INT, str_format(cx->arena, "%lld", (long long)value));
}

struct node *node_string(struct context *cx, str text)
{
    return scalar(cx, NODE_STRING, text);
}

const char *node_kind_name(const struct node *n)
{
    static const char *const names[] = {
        [NODE_NULL] = "null",     [NODE_BOOL] = "a boolean",  [NODE_INT] = "an integer",
        [NODE_FLOAT] = "a float", [NODE_STRING] = "a string", [NODE_LIST] = "a list",
        [NODE_MAP] = "a map",
    };
    return n ? names[n->kind] : "nothing";
}

/* The index of a long map: twice `entries_cap` slots behind the entries, each an entry's
 * number plus one. Keys are unique pointers, so the address itself is hashed. */
static uint32_t *slots_of(const struct node *map)
{
    return (uint32_t *)(void *)(map->entries + map->entries_cap);
}

static uint32_t home_of(const struct node *map, const struct key *key)
{
    return (uint32_t)(((uintptr_t)key * 0x9e3779b97f4a7c15u) >> 32) & (map->entries_cap * 2 - 1);
}

static uint32_t slot_for(const struct node *map, const struct key *key)
{
    uint32_t mask = map->entries_cap * 2 - 1;
    const uint32_t *slots = slots_of(map);
    uint32_t at = home_of(map, key);
    while (slots[at] && map->entries[slots[at] - 1].key != key)
        at = (at + 1) & mask;
    return at;
}

/* Takes an entry's number out of the index: what was put behind it for want of a free slot moves
 * up, and the entries after it count one less. */
static void unindex(struct node *map, const struct key *key)
{
    uint32_t size = map->entries_cap * 2, mask = size - 1;
    uint32_t *slots = slots_of(map);
    uint32_t hole = slot_for(map, key), number = slots[hole];
    for (uint32_t at = (hole + 1) & mask; slots[at]; at = (at + 1) & mask) {
        uint32_t home = home_of(map, map->entries[slots[at] - 1].key);
        if (((at - home) & mask) < ((at - hole) & mask))
            continue;
        slots[hole] = slots[at];
        hole = at;
    }
    slots[hole] = 0;
    for (uint32_t i = 0; i < size; i++)
        slots[i] -= slots[i] > number;
}

static void index_all(struct node *map)
{
    memset(slots_of(map), 0, sizeof(uint32_t) * map->entries_cap * 2);
    for (uint32_t i = 0; i < map->len; i++)
        slots_of(map)[slot_for(map, map->entries[i].key)] = i + 1;
}

/* Entries and index for `cap` places; above LONG_MAP a power of two. */
static void set_capacity(struct context *cx, struct node *map, uint32_t cap)
{
    size_t size = arena_array(cap, sizeof(struct entry));
    if (cap > LONG_MAP)
        size += arena_array((size_t)cap * 2, sizeof(uint32_t));
    struct entry *moved = arena_alloc(cx->arena, size);
    if (map->len)
        memcpy(moved, map->entries, map->len * sizeof(struct entry));
    map->entries = moved;
    map->entries_cap = cap;
    if (cap > LONG_MAP)
        index_all(map);
}

static uint32_t rounded_capacity(uint32_t n)
{
    if (n <= LONG_MAP)
        return n;
    uint32_t cap = LONG_MAP * 2;
    while (cap < n)
        cap *= 2;
    return cap;
}

void node_reserve(struct context *cx, struct node *map, uint32_t n)
{
    if (n)
        set_capacity(cx, map, rounded_capacity(n));
}

struct entry *node_entry(const struct node *map, const struct key *key)
{
    if (!map || map->kind != NODE_MAP || map->len == 0)
        return NULL;
    if (map->entries_cap > LONG_MAP) {
        uint32_t number = slots_of(map)[slot_for(map, key)];
        return number ? &map->entries[number - 1] : NULL;
    }
    for (uint32_t i = 0; i < map->len; i++) {
        if (map->entries[i].key == key)
            return &map->entries[i];
    }
    return NULL;
}

struct node *node_get(const struct node *map, const struct key *key)
{
    const struct entry *e = node_entry(map, key);
    return e ? e->value : NULL;
}

struct node *node_get_text(struct context *cx, const struct node *map, str key)
{
    const struct key *known = intern_find(cx->keys, key);
    return known ? node_get(map, known) : NULL;
}

str node_get_str(const struct node *map, const struct key *key)
{
    const struct node *n = node_get(map, key);
    return n && node_is_scalar(n) ? n->text : S("");
}

void node_replace(struct context *cx, struct node **slot, struct node *value)
{
    if (*slot && *slot != value && !node_was(value))
        node_set_was(cx, value, *slot);
    *slot = value;
}

struct entry *node_add(struct context *cx, struct node *map, const struct key *key,
                       struct node *value)
{
    if (map->len == map->entries_cap)
        set_capacity(cx, map, rounded_capacity(map->entries_cap ? map->entries_cap * 2 : 4));
    if (map->entries_cap > LONG_MAP)
        slots_of(map)[slot_for(map, key)] = map->len + 1;
    struct entry *e = &map->entries[map->len++];
    *e = (struct entry){ key, value, value->pos };
    return e;
}

void node_set(struct context *cx, struct node *map, const struct key *key, struct node *value)
{
    struct entry *e = node_entry(map, key);
    if (e)
        node_replace(cx, &e->value, value);
    else
        node_add(cx, map, key, value);
}

bool node_remove(struct node *map, const struct key *key)
{
    struct entry *e = node_entry(map, key);
    if (!e)
        return false;
    if (map->entries_cap > LONG_MAP)
        unindex(map, key);
    size_t after = (size_t)(map->entries + map->len - (e + 1));
    memmove(e, e + 1, after * sizeof *e);
    map->len--;
    return true;
}

void node_sweep(struct node *map)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < map->len; i++) {
        if (map->entries[i].value)
            map->entries[kept++] = map->entries[i];
    }
    map->len = kept;
    if (map->entries_cap > LONG_MAP)
        index_all(map);
}

struct node *node_get_map(struct context *cx, struct node *map, const struct key *key)
{
    struct node *inner = node_get(map, key);
    if (inner && inner->kind == NODE_MAP)
        return inner;
    if (inner && inner->kind != NODE_NULL)
        return NULL;
    inner = node_map(cx);
    node_set(cx, map, key, inner);
    return inner;
}

void node_push(struct context *cx, struct node *list, struct node *item)
{
    ARENA_PUSH(cx->arena, list->items, list->len, list->items_cap);
    list->items[list->len++] = item;
}

void node_put(struct context *cx, struct node *list, uint32_t at, struct node *item)
{
    node_replace(cx, &list->items[at], item);
}

void node_insert(struct context *cx, struct node *list, uint32_t at, struct node *item)
{
    ARENA_PUSH(cx->arena, list->items, list->len, list->items_cap);
    memmove(list->items + at + 1, list->items + at, (list->len - at) * sizeof *list->items);
    list->items[at] = item;
    list->len++;
}

void node_remove_at(struct node *list, uint32_t at)
{
    list->len--;
    memmove(list->items + at, list->items + at + 1, (list->len - at) * sizeof *list->items);
}

void node_assign(struct context *cx, struct node *n, const struct node *value)
{
    struct node *was = arena_copy(cx->arena, n, sizeof *n);
    *n = *value;
    set_history(cx, n, cx->step, was);
}

static struct node *copy_map(struct context *cx, struct node *copy, const struct node *n)
{
    copy->entries = NULL;
    copy->entries_cap = 0;
    if (n->len == 0)
        return copy;
    size_t size = arena_array(n->entries_cap, sizeof(struct entry));
    if (n->entries_cap > LONG_MAP)
        size += arena_array((size_t)n->entries_cap * 2, sizeof(uint32_t));
    copy->entries = arena_alloc(cx->arena, size);
    copy->entries_cap = n->entries_cap;
    for (uint32_t i = 0; i < n->len; i++) {
        copy->entries[i] = n->entries[i];
        copy->entries[i].value = node_copy(cx, n->entries[i].value);
    }
    if (n->entries_cap > LONG_MAP)
        memcpy(slots_of(copy), slots_of(n), sizeof(uint32_t) * n->entries_cap * 2);
    return copy;
}

struct node *node_copy(struct context *cx, const struct node *n)
{
    struct node *copy = arena_copy(cx->arena, n, sizeof *n);
    if (n->kind == NODE_MAP)
        return copy_map(cx, copy, n);
    if (n->kind == NODE_LIST) {
        copy->items = arena_alloc(cx->arena, arena_array(n->len, sizeof *n->items));
        copy->items_cap = n->len;
        for (uint32_t i = 0; i < n->len; i++)
            copy->items[i] = node_copy(cx, n->items[i]);
    }
    return copy;
}

static void stamp(struct context *cx, struct node *n, const struct step *step)
{
    node_set_maker(cx, n, step);
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++)
        stamp(cx, n->items[i], step);
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++)
        stamp(cx, n->entries[i].value, step);
}

struct node *node_take(struct context *cx, const struct node *n)
{
    struct node *copy = node_copy(cx, n);
    stamp(cx, copy, cx->step);
    return copy;
}

/* Itself, all below, and one more for every so many bytes of text: they are printed again. */
static uint64_t weight(const struct node *n)
{
    enum { BYTES = 64 };
    uint64_t sum = node_is_scalar(n) ? 1 + n->text.len / BYTES : 1;
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++)
        sum += weight(n->items[i]);
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++)
        sum += weight(n->entries[i].value);
    return sum;
}

bool node_may_copy(struct context *cx, const struct node *n, struct pos pos)
{
    return limit_count(cx, LIMIT_COPIES, weight(n), pos);
}

static bool maps_equal(const struct node *a, const struct node *b)
{
    for (uint32_t i = 0; i < a->len; i++) {
        const struct node *other = node_get(b, a->entries[i].key);
        if (!other || !node_equal(a->entries[i].value, other))
            return false;
    }
    return true;
}

bool node_equal(const struct node *a, const struct node *b)
{
    if (a == b)
        return true;
    if (!a || !b || a->kind != b->kind || (!node_is_scalar(a) && a->len != b->len))
        return false;
    if (a->kind == NODE_NULL)
        return true;
    if (node_is_scalar(a))
        return str_eq(a->text, b->text);
    if (a->kind == NODE_MAP)
        return maps_equal(a, b);
    for (uint32_t i = 0; i < a->len; i++) {
        if (!node_equal(a->items[i], b->items[i]))
            return false;
    }
    return true;
}
