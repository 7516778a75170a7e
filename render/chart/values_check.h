/* Values held against the values.schema.json of each chart in a tree. */
#ifndef HOIST_CHART_VALUES_CHECK_H
#define HOIST_CHART_VALUES_CHECK_H

#include "render/chart/chart.h"

/* False after a report; *words is then what Helm says of all charts together. */
bool values_check(struct context *cx, const struct chart *chart, struct dict *values, str *words);

#endif
