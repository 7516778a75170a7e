/* A chart to the archive that Helm would make of it. */
#ifndef HOIST_CHART_SAVE_H
#define HOIST_CHART_SAVE_H

#include "render/chart/chart.h"

/* Chart.yaml and Chart.lock are written anew from what is known of them, all other files as they
 * were read; subcharts are folders. *file is "NAME-VERSION.tgz". False after a report. */
bool chart_save(struct context *cx, const struct chart *chart, str *file, str *bytes);

#endif
