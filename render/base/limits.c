/* Counters, and a look at the clock once in a while. */
#include "render/base/limits.h"

#include <time.h>

#include "render/base/context.h"

enum { TICKS_BETWEEN_LOOKS = 4096 };

static const struct {
    const char *what;
    uint64_t max;
} table[] = {
    [LIMIT_DEPTH] = { "levels of nesting", 1000 },
    [LIMIT_NODES] = { "document nodes", 200 * 1000 * 1000 },
    [LIMIT_STEPS] = { "steps", 1000 * 1000 * 1000 },
    [LIMIT_OUTPUT] = { "bytes of output", 2048ull * 1024 * 1024 },
    [LIMIT_FILES] = { "files", 1000 * 1000 },
    [LIMIT_COPIES] = { "copied document nodes", 5 * 1000 * 1000 },
    [LIMIT_BUILDS] = { "kustomizations, counted as often as they are built", 50 * 1000 },
};
_Static_assert(countof(table) == LIMIT_COUNT, "every limit has a row");

void limits_default(struct limits *l)
{
    *l = (struct limits){ 0 };
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        l->max[i] = table[i].max;
}

static uint64_t monotonic_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void limits_timeout(struct limits *l, uint64_t ns)
{
    l->deadline_ns = monotonic_ns() + ns;
}

bool limit_is_late(const struct context *cx)
{
    return cx->limits.deadline_ns && monotonic_ns() > cx->limits.deadline_ns;
}

bool limit_time(struct context *cx, struct pos pos)
{
    if (!limit_is_late(cx))
        return true;
    cx->limits.deadline_ns = 0;
    return report_surroundings(cx, pos.text ? pos : diag_here(cx), "the time limit is over");
}

static bool refuse(struct context *cx, enum limit which, struct pos pos)
{
    return report(cx, pos.text ? pos : diag_here(cx),
                  "more than %llu %s: this limit stops what would not end",
                  (unsigned long long)cx->limits.max[which], table[which].what);
}

bool limit_count(struct context *cx, enum limit which, uint64_t n, struct pos pos)
{
    struct limits *l = &cx->limits;
    bool refused = l->used[which] > l->max[which];
    l->used[which] += n;
    if (l->used[which] > l->max[which])
        return refused ? false : refuse(cx, which, pos);
    return ++l->ticks % TICKS_BETWEEN_LOOKS != 0 || limit_time(cx, pos);
}

bool limit_enter(struct context *cx, enum limit which, struct pos pos)
{
    if (cx->limits.used[which] >= cx->limits.max[which])
        return refuse(cx, which, pos);
    cx->limits.used[which]++;
    return true;
}

void limit_leave(struct context *cx, enum limit which)
{
    cx->limits.used[which]--;
}
