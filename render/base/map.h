/* A hash table from strings to pointers that remembers the order of insertion.
 * Keys are views: their bytes must live as long as the table. */
#ifndef HOIST_BASE_MAP_H
#define HOIST_BASE_MAP_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct map_entry {
    str key;
    void *value;
    uint32_t hash;
};

/* Zeroed but for `arena`, a map is empty and ready. Entries stand in order of insertion. */
struct map {
    struct arena *arena;
    struct map_entry *entries;
    uint32_t *slots;
    uint32_t len;
    uint32_t cap;
    uint32_t slot_mask;
};

void *map_get(const struct map *m, str key); /* NULL when absent */
struct map_entry *map_find(const struct map *m, str key);
/* Sets the value of a key; an existing key keeps its place. Gives what stood there before. */
void *map_put(struct map *m, str key, void *value);
/* The entry of a key, made with a NULL value when absent. */
struct map_entry *map_entry(struct map *m, str key);

#endif
