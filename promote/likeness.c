/* Sketches: of all hashes the smallest are kept, so two sketches can be compared as their
 * trees could be. */
#include "promote/likeness.h"

#include <stdlib.h>

enum { SKETCH_MOST = 256 };

struct features {
    struct arena *arena;
    uint64_t *at;
    uint32_t len;
    uint32_t cap;
};

static uint64_t mix(uint64_t h, uint64_t more)
{
    h = (h ^ more) * 0x9e3779b97f4a7c15u;
    return h ^ (h >> 31);
}

static int compare_hashes(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts, and keeps each hash once and no more than the smallest. */
static bool settle(struct features *f)
{
    if (f->len)
        qsort(f->at, f->len, sizeof *f->at, compare_hashes);
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->len; i++) {
        if (n == 0 || f->at[n - 1] != f->at[i])
            f->at[n++] = f->at[i];
    }
    f->len = n < SKETCH_MOST ? n : SKETCH_MOST;
    return n <= SKETCH_MOST;
}

static void add(struct features *f, uint64_t hash)
{
    ARENA_PUSH(f->arena, f->at, f->len, f->cap);
    f->at[f->len++] = hash;
}

static void walk(struct features *f, const struct node *n, uint64_t path)
{
    if (n->kind == NODE_MAP) {
        for (uint32_t i = 0; i < n->len; i++)
            walk(f, n->entries[i].value, mix(path, str_hash(n->entries[i].key->text)));
    } else if (n->kind == NODE_LIST) {
        for (uint32_t i = 0; i < n->len; i++)
            walk(f, n->items[i], mix(path, '['));
    } else {
        str rest = n->text;
        for (str line; str_next_line(&rest, &line);)
            add(f, mix(path, str_hash(line) + n->kind));
    }
}

static bool names_it(const struct key *key)
{
    return key == KEY_API_VERSION || key == KEY_KIND || key == KEY_METADATA;
}

struct sketch sketch_of(struct context *cx, const struct node *n)
{
    struct features f = { .arena = cx->scratch };
    if (n->kind != NODE_MAP) {
        walk(&f, n, 1);
    } else {
        for (uint32_t i = 0; i < n->len; i++) {
            if (!names_it(n->entries[i].key))
                walk(&f, n->entries[i].value, mix(1, str_hash(n->entries[i].key->text)));
        }
    }
    bool whole = settle(&f);
    return (struct sketch){ f.at, f.len, whole };
}

double sketch_likeness(const struct sketch *a, const struct sketch *b)
{
    uint32_t i = 0, j = 0, both = 0, either = 0;
    bool whole = a->whole && b->whole;
    while ((i < a->len || j < b->len) && (whole || either < SKETCH_MOST)) {
        bool left = j == b->len || (i < a->len && a->at[i] <= b->at[j]);
        bool right = i == a->len || (j < b->len && b->at[j] <= a->at[i]);
        i += left;
        j += right;
        both += left && right;
        either++;
    }
    return either ? (double)both / either : 0;
}
