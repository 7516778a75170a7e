/* One pointer per field name: equal names are the same pointer, so finding a field
 * in a map compares addresses. Names that the code itself mentions are in keys.h. */
#ifndef HOIST_BASE_INTERN_H
#define HOIST_BASE_INTERN_H

#include "render/base/str.h"

struct arena;
struct intern;

struct key {
    str text;
};

/* The table starts with the vocabulary of keys.h and copies what is new into the arena. */
struct intern *intern_new(struct arena *a);
const struct key *intern(struct intern *table, str text);
/* The same without adding: NULL when no such key was ever seen. */
const struct key *intern_find(const struct intern *table, str text);

#endif
