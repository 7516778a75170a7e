/* Dependencies: which of the charts below a chart take part, under which names, and which of
 * their values their parent imports. */
#ifndef HOIST_CHART_DEPEND_H
#define HOIST_CHART_DEPEND_H

#include "render/chart/chart.h"

/* Applies aliases, tags, conditions and import-values, for `said` on top of the defaults. */
bool depend_process(struct context *cx, struct chart *chart, const struct dict *said);
/* Every dependency of Chart.yaml must be below charts/. */
bool depend_check(struct context *cx, const struct chart *chart);

#endif
