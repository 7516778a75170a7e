/* Selectors: which resources a patch or a replacement is for.
 *
 * Group, version, kind, name and namespace are regular expressions that must match the
 * whole; name and namespace match either what they are now or what they were at first.
 * Labels and annotations are Kubernetes' selector expressions: "a=b,c!=d,e in (f,g),!h". */
#ifndef HOIST_OVERLAYS_SELECTOR_H
#define HOIST_OVERLAYS_SELECTOR_H

#include "overlays/pattern.h"
#include "overlays/resources.h"

struct label_selector;

struct selector {
    struct pattern group, version, kind, name, namespace_;
    struct label_selector *labels;
    struct label_selector *annotations;
};

struct selected {
    struct resource **at;
    uint32_t len;
    uint32_t cap;
};

/* From a map with group, version, kind, name, namespace, labelSelector and
 * annotationSelector, all optional. False after a report. */
bool selector_read(struct context *cx, const struct node *n, struct selector *out);
bool selector_matches(struct context *cx, struct selector *s, struct resource *r);
/* All of a set that it matches, in their order. A kind and a name that are no patterns are looked up;
 * else what a resource is called is only read once between two calls of resources_renamed. False
 * after a report. */
bool selector_select(struct context *cx, struct selector *s, struct resources *set,
                     struct selected *out);

/* A Kubernetes label selector over the map of labels or annotations; NULL after a report. */
struct label_selector *label_selector_read(struct context *cx, str text, struct pos pos);
bool label_selector_matches(const struct label_selector *s, const struct node *labels);

#endif
