/* Anchored patterns, by which selectors say groups, versions, kinds, names and namespaces. */
#ifndef HOIST_OVERLAYS_PATTERN_H
#define HOIST_OVERLAYS_PATTERN_H

#include "render/doc/node.h"

struct expression;

/* Most are plain names, which need no machine at all. */
struct pattern {
    str literal; /* when `expression` is NULL; empty matches anything */
    struct expression *expression;
};

/* The pattern under a key, which may be absent. False after a report. */
bool pattern_read(struct context *cx, const struct node *map, const struct key *key,
                  struct pattern *out);
bool pattern_matches(struct context *cx, struct pattern *p, str s);

#endif
