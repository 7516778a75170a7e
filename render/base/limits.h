/* What hostile input may use up, counted here and stopped here. */
#ifndef HOIST_BASE_LIMITS_H
#define HOIST_BASE_LIMITS_H

#include "render/base/text.h"

struct context;

enum limit {
    LIMIT_DEPTH,  /* nesting of documents, includes, bases; entered and left */
    LIMIT_NODES,  /* document nodes, aliases expanded */
    LIMIT_STEPS,  /* evaluations of a template, questions of a selector */
    LIMIT_OUTPUT, /* bytes printed */
    LIMIT_FILES,  /* files read or fetched */
    LIMIT_COPIES, /* document nodes that a patch, a replacement or an alias puts a second time */
    LIMIT_BUILDS, /* kustomizations, each as often as it is built */
    LIMIT_COUNT
};

struct limits {
    uint64_t max[LIMIT_COUNT];
    uint64_t used[LIMIT_COUNT];
    uint64_t deadline_ns; /* on the monotonic clock; 0 for none */
    uint32_t ticks;
};

void limits_default(struct limits *l);
/* From now on, no longer than this. */
void limits_timeout(struct limits *l, uint64_t ns);

/* Counts n more and is true while the limit holds; else reports it, once, at `pos`.
 * LIMIT_STEPS and LIMIT_NODES also look at the clock now and then. Without a place it is reported
 * where the work stands: at the innermost frame. */
bool limit_count(struct context *cx, enum limit which, uint64_t n, struct pos pos);
/* For work that can't report in its midst: whether its deadline has passed; and a look at the clock
 * right now that reports it. */
bool limit_is_late(const struct context *cx);
bool limit_time(struct context *cx, struct pos pos);
/* For LIMIT_DEPTH: one level more, and one less. A refused enter must not be left. */
bool limit_enter(struct context *cx, enum limit which, struct pos pos);
void limit_leave(struct context *cx, enum limit which);

#endif
