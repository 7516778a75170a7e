/* Chart.lock (requirements.lock of older charts): the versions that a chart's dependencies were
 * resolved to, and a digest of both by which Helm sees that the wishes have changed. */
#ifndef HOIST_CHART_LOCK_H
#define HOIST_CHART_LOCK_H

#include "render/chart/chart.h"

struct lock {
    str digest;
    str generated;
    struct dependency *at;
    uint32_t len;
};

/* False after a report. */
bool lock_read(struct context *cx, struct text *text, struct lock *out);
/* "sha256:…" of wishes and what they were resolved to. */
str lock_digest(struct context *cx, const struct dependency *wishes, uint32_t n,
                const struct dependency *locked, uint32_t m);
/* The one that Helm 2 made of the wishes alone. */
str lock_digest_v2(struct context *cx, const struct dependency *wishes, uint32_t n);
str lock_print(struct context *cx, const struct lock *lock);

#endif
