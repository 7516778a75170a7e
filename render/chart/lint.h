/* What helm lint finds in a chart: rules in Helm's order and words. */
#ifndef HOIST_CHART_LINT_H
#define HOIST_CHART_LINT_H

#include "render/chart/inflate.h"

enum severity { SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_ERROR };

struct finding {
    enum severity severity;
    str path; /* what it is about: "Chart.yaml", "templates/", or "" */
    str words;
};

struct findings {
    struct finding *at;
    uint32_t len;
    uint32_t cap;
};

struct lint_options {
    const struct dict *said; /* the user's values */
    str namespace_;
    str kube_version; /* "" for Helm's own */
    bool skip_schema;
};

/* A chart's folder of a source: on disk, or in an archive. `shown` is how messages call it. False
 * after a report: it is no chart at all. Everything else is a finding. */
bool chart_lint(struct context *cx, struct source *src, str path, str shown,
                const struct lint_options *options, struct findings *out);

#endif
