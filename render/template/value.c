/* Kinds, truth, equality and names of values, and the maps they share.
 *
 * A small map is searched from end to end, comparing addresses; a larger one has slots
 * hashed by the key's address, since a key has one address in a render. */
#include "render/template/value.h"

#include <stdlib.h>

#include "render/base/gotime.h"

enum { SEARCHED_LINEARLY = 8, MOST_COMPARED = 100 * 1000 * 1000 };

/* An empty list that is no nil slice. */
static const struct value no_items[1];

struct value value_list_of(enum value_type type, const struct value *items, uint32_t len)
{
    return (struct value){
        .kind = VALUE_LIST,
        .type = (uint8_t)type,
        .len = len,
        .items = items ? items : no_items,
    };
}

struct value value_list(const struct value *items, uint32_t len)
{
    return value_list_of(TYPE_ANY, items, len);
}

bool value_true(struct value v)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_NIL:
        return false;
    case VALUE_BOOL:
        return v.b;
    case VALUE_INT:
    case VALUE_INT32:
    case VALUE_INT64:
    case VALUE_UINT8:
    case VALUE_UINT64:
    case VALUE_DURATION:
        return v.i != 0;
    case VALUE_FLOAT:
        return v.f != 0;
    case VALUE_COMPLEX:
        return v.complex[0] != 0 || v.complex[1] != 0;
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_LIST:
        return v.len > 0;
    case VALUE_MAP:
        return v.dict && v.dict->len > 0;
    case VALUE_OBJECT:
        return v.object->plain.kind == VALUE_NIL || !strcmp(v.object->type->kind, "struct")
               || !strcmp(v.object->type->kind, "ptr") || value_true(v.object->plain);
    case VALUE_TIME:
    case VALUE_ERROR:
    case VALUE_KIND_COUNT:
        break;
    }
    return true;
}

/* How deep we are, and how much may still be compared: shared parts can multiply. */
struct effort {
    uint32_t depth;
    uint32_t left;
};

static bool equal(struct value a, struct value b, struct effort *e);

static bool lists_equal(struct value a, struct value b, struct effort *e)
{
    if (a.len != b.len || !a.items != !b.items)
        return false;
    if (a.items == b.items)
        return true;
    for (uint32_t i = 0; i < a.len; i++) {
        if (!equal(a.items[i], b.items[i], e))
            return false;
    }
    return true;
}

static bool dicts_equal(const struct dict *a, const struct dict *b, struct effort *e)
{
    if (a == b)
        return true;
    if (!a || !b || a->len != b->len)
        return false;
    for (uint32_t i = 0; i < a->len; i++) {
        const struct dict_entry *other = dict_find(b, a->entries[i].key);
        if (!other || !equal(a->entries[i].value, other->value, e))
            return false;
    }
    return true;
}

static bool objects_equal(const struct object *a, const struct object *b, struct effort *e)
{
    return a == b
           || (a->type == b->type && str_eq(a->text, b->text) && equal(a->plain, b->plain, e));
}

static bool equal_inside(struct value a, struct value b, struct effort *e)
{
    switch ((enum value_kind)a.kind) {
    case VALUE_NIL:
        return true;
    case VALUE_BOOL:
        return a.b == b.b;
    case VALUE_FLOAT:
        return a.f == b.f;
    case VALUE_COMPLEX:
        return a.complex[0] == b.complex[0] && a.complex[1] == b.complex[1];
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_ERROR:
        return str_eq(value_str(a), value_str(b));
    case VALUE_LIST:
        return lists_equal(a, b, e);
    case VALUE_MAP:
        return dicts_equal(a.dict, b.dict, e);
    case VALUE_TIME:
        return a.time->zone == b.time->zone && gotime_compare(*a.time, *b.time) == 0;
    case VALUE_OBJECT:
        return objects_equal(a.object, b.object, e);
    default:
        return a.u == b.u;
    }
}

static bool equal(struct value a, struct value b, struct effort *e)
{
    if (a.kind != b.kind || a.type != b.type || e->depth == VALUE_DEPTH || !e->left)
        return false;
    e->left--;
    e->depth++;
    bool same = equal_inside(a, b, e);
    e->depth--;
    return same;
}

bool value_equal(struct value a, struct value b)
{
    return equal(a, b, &(struct effort){ 0, MOST_COMPARED });
}

static struct value copy(struct arena *a, struct value v, uint32_t depth)
{
    if (depth > VALUE_DEPTH)
        return NIL;
    if (v.kind == VALUE_LIST && v.len) {
        struct value *items = arena_alloc(a, arena_array(v.len, sizeof *items));
        for (uint32_t i = 0; i < v.len; i++)
            items[i] = copy(a, v.items[i], depth + 1);
        v.items = items;
    }
    if (v.kind == VALUE_MAP && v.dict) {
        struct dict *made = dict_copy(a, v.dict);
        for (uint32_t i = 0; i < made->len; i++)
            made->entries[i].value = copy(a, made->entries[i].value, depth + 1);
        v.dict = made;
    }
    return v;
}

struct value value_copy(struct arena *a, struct value v)
{
    return copy(a, v, 0);
}

/* Of each kind, by type: the row's own name, and what reflect calls the kind. */
static const struct {
    const char *types[TYPE_WEEKDAY + 1];
    const char *kind;
} names[] = {
    [VALUE_NIL] = { { "<nil>" }, "invalid" },
    [VALUE_BOOL] = { { "bool" }, "bool" },
    [VALUE_INT] = { { "int", [TYPE_MONTH] = "time.Month", [TYPE_WEEKDAY] = "time.Weekday" },
                    "int" },
    [VALUE_INT32] = { { "int32" }, "int32" },
    [VALUE_INT64] = { { "int64" }, "int64" },
    [VALUE_UINT8] = { { "uint8" }, "uint8" },
    [VALUE_UINT64] = { { "uint64" }, "uint64" },
    [VALUE_DURATION] = { { "time.Duration" }, "int64" },
    [VALUE_FLOAT] = { { "float64" }, "float64" },
    [VALUE_COMPLEX] = { { "complex128" }, "complex128" },
    [VALUE_STRING] = { { "string" }, "string" },
    [VALUE_BYTES] = { { "[]uint8" }, "slice" },
    [VALUE_LIST] = { { "[]interface {}", "[]string", "[]int", "[][]interface {}",
                       "[]map[string]interface {}" },
                     "slice" },
    [VALUE_MAP] = { { "map[string]interface {}",
                      "map[string]string", [TYPE_VALUES] = "common.Values" },
                    "map" },
    [VALUE_TIME] = { { "time.Time" }, "struct" },
    [VALUE_ERROR] = { { "*errors.errorString" }, "ptr" },
    [VALUE_OBJECT] = { { NULL }, NULL },
};
_Static_assert(countof(names) == VALUE_KIND_COUNT, "every kind has its names");

str value_type_name(struct value v)
{
    if (v.kind == VALUE_OBJECT)
        return str_from(v.object->type->name);
    return str_from(names[v.kind].types[v.type]);
}

str value_kind_name(struct value v)
{
    return str_from(v.kind == VALUE_OBJECT ? v.object->type->kind : names[v.kind].kind);
}

static uint32_t key_hash(const struct key *key)
{
    return (uint32_t)(((uintptr_t)key >> 4) * 0x9E3779B97F4A7C15u >> 32);
}

static void slots_put(struct dict *d, uint32_t entry)
{
    uint32_t at = key_hash(d->entries[entry].key) & d->slot_mask;
    while (d->slots[at])
        at = (at + 1) & d->slot_mask;
    d->slots[at] = entry + 1;
}

static void slots_fill(struct dict *d)
{
    memset(d->slots, 0, (d->slot_mask + 1) * sizeof *d->slots);
    for (uint32_t i = 0; i < d->len; i++)
        slots_put(d, i);
}

static void slots_make(struct arena *a, struct dict *d)
{
    uint32_t count = 32;
    while (count < d->cap * 2)
        count *= 2;
    d->slots = arena_alloc(a, arena_array(count, sizeof *d->slots));
    d->slot_mask = count - 1;
    slots_fill(d);
}

struct dict *dict_new(struct arena *a, uint32_t room)
{
    struct dict *d = NEW(a, struct dict);
    d->cap = room;
    if (room)
        d->entries = arena_alloc(a, arena_array(room, sizeof *d->entries));
    return d;
}

struct dict_entry *dict_find(const struct dict *d, const struct key *key)
{
    if (!d || !key)
        return NULL;
    if (!d->slots) {
        for (uint32_t i = 0; i < d->len; i++) {
            if (d->entries[i].key == key)
                return &d->entries[i];
        }
        return NULL;
    }
    uint32_t at = key_hash(key) & d->slot_mask;
    for (; d->slots[at]; at = (at + 1) & d->slot_mask) {
        struct dict_entry *e = &d->entries[d->slots[at] - 1];
        if (e->key == key)
            return e;
    }
    return NULL;
}

struct value dict_get(const struct dict *d, const struct key *key)
{
    const struct dict_entry *e = dict_find(d, key);
    return e ? e->value : NIL;
}

struct value dict_get_text(const struct context *cx, const struct dict *d, str key)
{
    return dict_get(d, intern_find(cx->keys, key));
}

void dict_set_at(struct arena *a, struct dict *d, const struct key *key, struct value v,
                 struct pos pos)
{
    v.boxed = false;
    struct dict_entry *e = dict_find(d, key);
    if (e) {
        e->value = v;
        e->pos = pos;
        return;
    }
    uint32_t cap = d->cap;
    ARENA_PUSH(a, d->entries, d->len, d->cap);
    d->entries[d->len++] = (struct dict_entry){ key, v, pos };
    d->sorted = false;
    if (!d->slots && d->len <= SEARCHED_LINEARLY)
        return;
    if (!d->slots || cap != d->cap)
        slots_make(a, d);
    else
        slots_put(d, d->len - 1);
}

void dict_set(struct arena *a, struct dict *d, const struct key *key, struct value v)
{
    dict_set_at(a, d, key, v, NOWHERE);
}

void dict_set_text(struct context *cx, struct dict *d, str key, struct value v)
{
    dict_set_at(cx->arena, d, intern(cx->keys, key), v, NOWHERE);
}

bool dict_remove(struct dict *d, const struct key *key)
{
    struct dict_entry *e = dict_find(d, key);
    if (!e)
        return false;
    *e = d->entries[--d->len];
    d->sorted = false;
    if (d->slots)
        slots_fill(d);
    return true;
}

static int by_key(const void *x, const void *y)
{
    const struct dict_entry *a = x, *b = y;
    return str_cmp(a->key->text, b->key->text);
}

const struct dict_entry *dict_sorted(struct dict *d)
{
    if (!d->sorted && !d->fixed) {
        if (d->len > 1)
            qsort(d->entries, d->len, sizeof *d->entries, by_key);
        d->sorted = true;
        if (d->slots)
            slots_fill(d);
    }
    return d->entries;
}

struct dict *dict_copy(struct arena *a, const struct dict *d)
{
    struct dict *copy = NEW(a, struct dict);
    *copy = *d;
    copy->cap = d->len;
    copy->entries = arena_copy(a, d->entries, d->len * sizeof *d->entries);
    if (d->slots)
        slots_make(a, copy);
    return copy;
}
