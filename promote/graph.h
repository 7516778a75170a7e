/* How environments hang together: what each is made of, down to the last base. */
#ifndef HOIST_PROMOTE_GRAPH_H
#define HOIST_PROMOTE_GRAPH_H

#include "promote/environment.h"
#include "render/base/buf.h"

enum graph_kind {
    GRAPH_ENVIRONMENT,
    GRAPH_KUSTOMIZATION,
    GRAPH_COMPONENT,
    GRAPH_PATCH,
    GRAPH_CHART,
    GRAPH_VALUES,
    GRAPH_MANIFESTS,
    GRAPH_REMOTE,
    GRAPH_KINDS
};

extern const char *const graph_kind_names[GRAPH_KINDS]; /* "environment", "component", … */

struct graph_node {
    enum graph_kind kind;
    str label;  /* a path, a name */
    str detail; /* "4 files", "1.4.0"; may be empty */
};

/* From what uses to what is used. */
struct graph_edge {
    uint32_t from;
    uint32_t to;
};

struct graph {
    struct graph_node *nodes; /* each once, however many use it */
    uint32_t node_count;
    uint32_t node_cap;
    struct graph_edge *edges;
    uint32_t edge_count;
    uint32_t edge_cap;
    struct map known; /* "kind path" to a node's number plus one */
};

struct graph *graph_new(struct context *cx);
/* An environment that was opened, with all that it reaches. False after a report. */
bool graph_add(struct context *cx, struct graph *g, const struct environment *env);

/* graph_text.c and graph_svg.c. */
void graph_write_dot(struct buf *out, const struct graph *g);
void graph_write_mermaid(struct buf *out, const struct graph *g);
void graph_write_svg(struct context *cx, struct buf *out, const struct graph *g);

#endif
