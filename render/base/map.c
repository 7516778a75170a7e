/* Open addressing over an array of entries; a slot holds an entry's number plus one. */
#include "render/base/map.h"

static uint32_t slot_of(const struct map *m, str key, uint32_t hash)
{
    uint32_t at = hash & m->slot_mask;
    for (; m->slots[at]; at = (at + 1) & m->slot_mask) {
        const struct map_entry *e = &m->entries[m->slots[at] - 1];
        if (e->hash == hash && str_eq(e->key, key))
            break;
    }
    return at;
}

static void rebuild(struct map *m)
{
    uint32_t count = m->slot_mask ? (m->slot_mask + 1) * 2 : 16;
    m->slots = NEW_ARRAY(m->arena, uint32_t, count);
    m->slot_mask = count - 1;
    for (uint32_t i = 0; i < m->len; i++)
        m->slots[slot_of(m, m->entries[i].key, m->entries[i].hash)] = i + 1;
}

struct map_entry *map_find(const struct map *m, str key)
{
    if (m->len == 0)
        return NULL;
    uint32_t number = m->slots[slot_of(m, key, str_hash(key))];
    return number ? &m->entries[number - 1] : NULL;
}

void *map_get(const struct map *m, str key)
{
    const struct map_entry *e = map_find(m, key);
    return e ? e->value : NULL;
}

struct map_entry *map_entry(struct map *m, str key)
{
    if (m->len * 2 >= m->slot_mask)
        rebuild(m);
    uint32_t hash = str_hash(key);
    uint32_t at = slot_of(m, key, hash);
    if (m->slots[at])
        return &m->entries[m->slots[at] - 1];
    ARENA_PUSH(m->arena, m->entries, m->len, m->cap);
    m->entries[m->len] = (struct map_entry){ key, NULL, hash };
    m->slots[at] = ++m->len;
    return &m->entries[m->len - 1];
}

void *map_put(struct map *m, str key, void *value)
{
    struct map_entry *e = map_entry(m, key);
    void *old = e->value;
    e->value = value;
    return old;
}
