/* How much two trees have in common, from sketches of a fixed size: what is compared with
 * many others costs no more for being large. */
#ifndef HOIST_PROMOTE_LIKENESS_H
#define HOIST_PROMOTE_LIKENESS_H

#include "render/doc/node.h"

struct sketch {
    uint64_t *at; /* the smallest hashes of its features, sorted, each once */
    uint32_t len;
    bool whole; /* there are no other features */
};

/* Features are fields with their values, and the lines of texts. What names a document (its
 * kind, version, name and namespace) is none. */
struct sketch sketch_of(struct context *cx, const struct node *n);

/* From 0 to 1: the share of what either has that both have. */
double sketch_likeness(const struct sketch *a, const struct sketch *b);

#endif
