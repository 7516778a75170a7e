/* Where the path of a JSON patch leads: a map or list, and a key or index in it. */
#ifndef HOIST_OVERLAYS_JSON_PLACE_H
#define HOIST_OVERLAYS_JSON_PLACE_H

#include "render/doc/node.h"

struct json_place {
    struct node *holder;
    str key;        /* "~1" and "~0" undone */
    uint32_t depth; /* how many levels above the value */
    str text;       /* the path as written */
    struct pos pos;
};

/* All are false after a report at the path, which names the nearest field there is. */
bool json_place_find(struct context *cx, struct node *target, const struct node *path,
                     struct json_place *out);
/* An absent field of a map is NULL and no mistake. */
bool json_place_get(struct context *cx, const struct json_place *at, struct node **out);
/* Before the list's item of that index, behind the last for "-"; a map's field is set. */
bool json_place_add(struct context *cx, const struct json_place *at, struct node *value);
bool json_place_set(struct context *cx, const struct json_place *at, struct node *value);
bool json_place_remove(struct context *cx, const struct json_place *at);
/* Would the document be too deep with the value there? */
bool json_place_fits(struct context *cx, const struct json_place *at, const struct node *value);

#endif
