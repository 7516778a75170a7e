/* What a render of a chart says about values that do not do what their author meant. */
#ifndef HOIST_CHART_UNREAD_H
#define HOIST_CHART_UNREAD_H

#include "render/chart/chart.h"
#include "render/template/template.h"
#include "render/template/watch.h"

/* After a render by a set that is watched: warns of the values that the user said and that no
 * template, condition or tag reads, with the nearest name that is read, and of integers that were
 * printed as floats. `values` are those that the chart's templates saw. False after a report,
 * which strict runs make of it. */
bool unread_say(struct context *cx, struct watch *w, const struct template_set *set,
                const struct chart *chart, struct dict *values);

#endif
