/* .helmignore: which files of a chart's folder are not part of the chart. */
#ifndef HOIST_CHART_IGNORE_H
#define HOIST_CHART_IGNORE_H

#include "render/source/source.h"

struct ignore_rules;

/* The rules of the folder's .helmignore, if there is one, and that dot files in templates/
 * don't count. NULL after a report. */
struct ignore_rules *ignore_read(struct context *cx, const struct folder *folder, struct pos from);
bool ignore_matches(const struct ignore_rules *rules, str path, enum file_kind kind);

#endif
