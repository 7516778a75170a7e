/* What a file is that should be a chart's archive. */
#ifndef HOIST_CHART_ARCHIVE_KIND_H
#define HOIST_CHART_ARCHIVE_KIND_H

#include "render/base/context.h"

/* Is it gzip's? False after a report in Helm's words, which name it by `path`. */
bool archive_check(struct context *cx, const struct text *text, str path);

#endif
