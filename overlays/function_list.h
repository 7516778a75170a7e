/* What goes in and out of a function: resources as text, and text as resources. */
#ifndef HOIST_OVERLAYS_FUNCTION_LIST_H
#define HOIST_OVERLAYS_FUNCTION_LIST_H

#include "overlays/overlay.h"

/* A ResourceList of these resources, or of the configuration itself for a generator, which
 * has none (`resources` NULL). False after a report. */
bool function_list_write(struct context *cx, const struct resources *resources,
                         const struct node *config, str *out);
/* The resources as documents one after another: what plugins that know no list read. */
bool function_documents_write(struct context *cx, const struct resources *resources, str *out);

/* Takes what was printed: a ResourceList or documents. The resources of a generator are new;
 * those of a transformer replace the ones of the same identity, join, or are gone when they
 * are not printed. `name` is the plugin's, for reports. */
bool function_take(struct context *cx, struct overlay *o, str name, str printed, bool generator,
                   struct pos from);

#endif
