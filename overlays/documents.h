/* Manifest texts to resources: every document checked, lists taken apart. */
#ifndef HOIST_OVERLAYS_DOCUMENTS_H
#define HOIST_OVERLAYS_DOCUMENTS_H

#include "overlays/resources.h"
#include "render/doc/yaml_read.h"

/* All documents of a text. Each has a kind and a name; a `FooList` with items gives its items
 * instead, behind the other documents. False after a report. */
bool documents_read(struct context *cx, struct text *text, struct documents *out);
/* The same of a patch, in which a key may stand twice. */
bool documents_read_patch(struct context *cx, struct text *text, struct documents *out);
/* The same as resources without an order or an index. */
bool documents_append(struct context *cx, struct text *text, struct resources *out);
/* Documents that were read already, as from a generator's output. */
bool documents_check(struct context *cx, const struct documents *raw, struct documents *out);

#endif
