/* Which document of one render is which of the other, and who was renamed. */
#ifndef HOIST_PROMOTE_MATCH_H
#define HOIST_PROMOTE_MATCH_H

#include "render/base/map.h"
#include "render/doc/yaml_read.h"

struct matches {
    const struct node **from; /* for each document of the new side, or NULL */
    const struct node **left; /* those of the old side that nothing matches, in their order */
    uint32_t left_len;
    struct map renamed; /* old name to new name (str) */
};

void matches_find(struct context *cx, const struct documents *from, const struct documents *to,
                  struct matches *out);

/* Is it a document's name on both sides? */
bool matches_renamed(const struct matches *m, str old, str new_);
/* The new name of what was called so, else the same. */
str matches_new_name(const struct matches *m, str old);

/* A generated name without the ten letters that kustomize adds from the content. */
str name_without_hash(str name);

#endif
