/* Are the fields of index.yaml, Chart.yaml and Chart.lock of the types that Helm reads? */
#ifndef HOIST_CHART_FIELD_TYPES_H
#define HOIST_CHART_FIELD_TYPES_H

#include "render/doc/node.h"

/* A JSON text may have fields that nobody knows, a YAML text may not. False after a report of the
 * first mistake as Go finds it. */
bool index_types_check(struct context *cx, const struct node *index, bool json);
/* The same for a map of Chart.yaml's fields, which may have others, too. */
bool definition_types_check(struct context *cx, const struct node *document);
/* The same, and others are a mistake. */
bool definition_types_check_strict(struct context *cx, const struct node *document);
bool lock_types_check(struct context *cx, const struct node *lock);

#endif
