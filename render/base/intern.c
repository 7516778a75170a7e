/* Interned field names: a hash table of pointers that begins with the known keys. */
#include "render/base/intern.h"

#include "render/base/arena.h"
#include "render/base/keys.h"

const struct key known_keys[KNOWN_KEY_COUNT] = {
#define X(identifier, literal) [KNOWN_##identifier] = { { literal, sizeof(literal) - 1 } },
    KEY_LIST(X)
#undef X
};

struct slot {
    const struct key *key;
    uint32_t hash;
};

struct intern {
    struct arena *arena;
    struct slot *slots;
    uint32_t mask;
    uint32_t len;
};

static struct slot *slot_of(const struct intern *table, str text, uint32_t hash)
{
    uint32_t at = hash & table->mask;
    while (table->slots[at].key
           && (table->slots[at].hash != hash || !str_eq(table->slots[at].key->text, text)))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static void grow(struct intern *table, uint32_t count)
{
    struct slot *old = table->slots;
    uint32_t old_count = old ? table->mask + 1 : 0;
    table->slots = NEW_ARRAY(table->arena, struct slot, count);
    table->mask = count - 1;
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i].key)
            *slot_of(table, old[i].key->text, old[i].hash) = old[i];
    }
}

struct intern *intern_new(struct arena *a)
{
    struct intern *table = NEW(a, struct intern);
    table->arena = a;
    grow(table, 1024);
    for (size_t i = 0; i < countof(known_keys); i++) {
        uint32_t hash = str_hash(known_keys[i].text);
        *slot_of(table, known_keys[i].text, hash) = (struct slot){ &known_keys[i], hash };
    }
    table->len = countof(known_keys);
    return table;
}

const struct key *intern_find(const struct intern *table, str text)
{
    return slot_of(table, text, str_hash(text))->key;
}

const struct key *intern(struct intern *table, str text)
{
    uint32_t hash = str_hash(text);
    struct slot *slot = slot_of(table, text, hash);
    if (slot->key)
        return slot->key;
    if (table->len * 2 > table->mask) {
        grow(table, (table->mask + 1) * 2);
        slot = slot_of(table, text, hash);
    }
    struct key *key = arena_alloc(table->arena, sizeof *key);
    key->text = str_dup(table->arena, text);
    *slot = (struct slot){ key, hash };
    table->len++;
    return key;
}
