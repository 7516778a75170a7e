/* Is an index of the types that Helm reads? */
#ifndef HOIST_CHART_INDEX_CHECK_H
#define HOIST_CHART_INDEX_CHECK_H

#include "render/doc/node.h"

/* A JSON text may have fields that nobody knows, a YAML text may not. False after a report of the
 * first mistake as Go finds it. */
bool index_check(struct context *cx, const struct node *index, bool json);

#endif
