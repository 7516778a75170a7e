/* The key-value pairs that a ConfigMap or Secret is generated from. */
#ifndef HOIST_OVERLAYS_ENV_FILE_H
#define HOIST_OVERLAYS_ENV_FILE_H

#include "overlays/overlay.h"

struct pair {
    str key;
    str value;
    struct pos pos;      /* of the entry or line that says it */
    struct pos value_at; /* of the value: in the file, when it is a whole file */
};

struct pairs {
    struct pair *at;
    uint32_t len;
    uint32_t cap;
};

/* The pairs of `envs`, `literals` and `files` of a generator, in this order. A key that
 * repeats is reported; with --strict also one that a cluster would not take. */
bool pairs_read(struct context *cx, struct overlay *o, const struct node *generator,
                struct pairs *out);

#endif
