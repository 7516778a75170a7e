/* A chart's archive to a registry, as Helm has it there. */
#ifndef HOIST_CHART_PUSH_H
#define HOIST_CHART_PUSH_H

#include "render/chart/pull.h"

struct chart_push {
    str path;        /* of the archive; NAME.prov beside it goes along */
    str remote;      /* "oci://HOST/PATH": the chart's name and version are put behind */
    int64_t created; /* seconds since 1970; the archive's own time */
    struct access access;
};

/* What there is to say of it is added to p->said. False after a report in Helm's words. */
bool chart_push(struct puller *p, const struct chart_push *push);

#endif
