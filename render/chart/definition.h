/* Chart.yaml as Helm holds it: the fields that it knows, each with its type.
 *
 * Go's YAML makes texts of numbers and booleans where a text is wanted; what can't be printed
 * falls out of most texts; a null, an empty text and an empty list are not there. */
#ifndef HOIST_CHART_DEFINITION_H
#define HOIST_CHART_DEFINITION_H

#include "render/base/buf.h"
#include "render/doc/node.h"

/* The fields of a document that may hold more. `dependencies` may be an empty list. NULL after a
 * report: a field of another type. */
struct node *definition_read(struct context *cx, const struct node *document);
/* `dependencies` alone, as in requirements.yaml; NULL when there are none. False after a report. */
bool definition_dependencies(struct context *cx, const struct node *document, struct node **out);
/* What Helm demands of one that was read: name, version, type, and, if `unique`, that no two
 * dependencies have the same name or alias. */
bool definition_check(struct context *cx, const struct node *definition, bool unique);
/* As Helm writes it into an archive: dependencies of a chart of version 1 stand elsewhere. */
bool definition_write(struct context *cx, struct buf *out, const struct node *metadata,
                      bool with_dependencies);
/* As JSON, its fields in Helm's order and the rest sorted: what registries keep beside a chart. */
bool definition_write_json(struct context *cx, struct buf *out, const struct node *metadata);

#endif
