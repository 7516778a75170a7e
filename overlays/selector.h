/* Selectors: which resources a patch or a replacement is for.
 *
 * Group, version, kind, name and namespace are regular expressions that must match the
 * whole; name and namespace match either what they are now or what they were at first.
 * Labels and annotations are Kubernetes' selector expressions: "a=b,c!=d,e in (f,g),!h". */
#ifndef HOIST_OVERLAYS_SELECTOR_H
#define HOIST_OVERLAYS_SELECTOR_H

#include "overlays/resources.h"

struct selector;

/* From a map with group, version, kind, name, namespace, labelSelector and
 * annotationSelector, all optional. NULL after a report. */
struct selector *selector_read(struct context *cx, const struct node *n);
bool selector_matches(struct context *cx, const struct selector *s, struct resource *r);

/* A Kubernetes label selector over the map of labels or annotations; NULL after a report. */
struct label_selector;
struct label_selector *label_selector_read(struct context *cx, str text, struct pos pos);
bool label_selector_matches(const struct label_selector *s, const struct node *labels);

#endif
