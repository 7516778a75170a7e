/* A drawing in layers, from left to right.
 *
 * A node's layer is the longest way to it, so that every edge goes to the right. An edge over several
 * layers gets a point in each, which takes room like a node and keeps it clear of others. In each
 * layer the order follows the middle of a node's neighbours, to and fro, and so do the heights. The
 * page is one file, light or dark as its reader has it; a node's title says what it is. */
#include <stdlib.h>

#include "promote/graph.h"
#include "render/base/encode.h"

enum {
    NODE_HEIGHT = 40,
    POINT_HEIGHT = 12,
    GAP = 14,
    LAYER_GAP = 64,
    MARGIN = 20,
    LETTER = 7, /* of a 12 px sans-serif letter, nearly all are narrower */
    PADDING = 24,
    SWEEPS = 8,
};

/* A node, or a point of a long edge. */
struct box {
    uint32_t node; /* UINT32_MAX for a point */
    uint32_t layer;
    double wish; /* where its neighbours are */
    double x, y, width, height;
    double right; /* of the whole layer: curves begin there, clear of wider boxes */
};

struct link {
    uint32_t from, to; /* boxes in neighbouring layers */
};

/* A layer's boxes, in their order. */
struct layer {
    uint32_t *at;
    uint32_t len;
    uint32_t cap;
};

struct drawing {
    struct context *cx;
    const struct graph *g;
    struct box *boxes;
    uint32_t box_count;
    uint32_t box_cap;
    struct link *links;
    uint32_t link_count;
    uint32_t link_cap;
    struct layer *layers;
    uint32_t layer_count;
    double width, height;
};

static double text_width(str s)
{
    return (double)(utf8_count(s) * LETTER + PADDING);
}

static uint32_t add_box(struct drawing *d, uint32_t node, uint32_t layer)
{
    ARENA_PUSH(d->cx->arena, d->boxes, d->box_count, d->box_cap);
    struct box *b = &d->boxes[d->box_count];
    *b = (struct box){ .node = node, .layer = layer, .height = POINT_HEIGHT };
    if (node != UINT32_MAX) {
        const struct graph_node *n = &d->g->nodes[node];
        double detail = text_width(n->detail);
        b->width = text_width(n->label) > detail ? text_width(n->label) : detail;
        b->height = NODE_HEIGHT;
    }
    return d->box_count++;
}

static void add_link(struct drawing *d, uint32_t from, uint32_t to)
{
    ARENA_PUSH(d->cx->arena, d->links, d->link_count, d->link_cap);
    d->links[d->link_count++] = (struct link){ from, to };
}

/* Layers by the longest way. There are no cycles; should there be, the count of nodes ends it. */
static void find_layers(struct drawing *d)
{
    const struct graph *g = d->g;
    uint32_t *layer = NEW_ARRAY(d->cx->arena, uint32_t, g->node_count + 1);
    bool moved = true;
    for (uint32_t round = 0; moved && round < g->node_count; round++) {
        moved = false;
        for (uint32_t i = 0; i < g->edge_count; i++) {
            const struct graph_edge *e = &g->edges[i];
            if (layer[e->to] > layer[e->from] || layer[e->from] + 1 >= g->node_count)
                continue;
            layer[e->to] = layer[e->from] + 1;
            moved = true;
        }
    }
    for (uint32_t i = 0; i < g->node_count; i++)
        add_box(d, i, layer[i]);
}

static void route_edges(struct drawing *d)
{
    for (uint32_t i = 0; i < d->g->edge_count; i++) {
        uint32_t from = d->g->edges[i].from, to = d->g->edges[i].to;
        uint32_t last = d->boxes[to].layer;
        for (uint32_t layer = d->boxes[from].layer + 1; layer < last; layer++) {
            uint32_t point = add_box(d, UINT32_MAX, layer);
            add_link(d, from, point);
            from = point;
        }
        add_link(d, from, to);
    }
}

static void fill_layers(struct drawing *d)
{
    for (uint32_t i = 0; i < d->box_count; i++) {
        if (d->boxes[i].layer >= d->layer_count)
            d->layer_count = d->boxes[i].layer + 1;
    }
    d->layers = NEW_ARRAY(d->cx->arena, struct layer, d->layer_count + 1);
    for (uint32_t i = 0; i < d->box_count; i++) {
        struct layer *l = &d->layers[d->boxes[i].layer];
        ARENA_PUSH(d->cx->arena, l->at, l->len, l->cap);
        l->at[l->len++] = i;
    }
}

/* Heights. */

static void stack(struct drawing *d, const struct layer *l)
{
    double y = MARGIN;
    for (uint32_t i = 0; i < l->len; i++) {
        struct box *b = &d->boxes[l->at[i]];
        if (b->y < y)
            b->y = y;
        y = b->y + b->height + GAP;
    }
}

static double middle(const struct box *b)
{
    return b->y + b->height / 2;
}

/* The mean of a box's neighbours, to its left or to its right; its own middle without any. */
static void wish_all(struct drawing *d, bool left)
{
    double *sum = NEW_ARRAY(d->cx->scratch, double, d->box_count + 1);
    uint32_t *count = NEW_ARRAY(d->cx->scratch, uint32_t, d->box_count + 1);
    for (uint32_t i = 0; i < d->link_count; i++) {
        uint32_t at = left ? d->links[i].to : d->links[i].from;
        uint32_t other = left ? d->links[i].from : d->links[i].to;
        sum[at] += middle(&d->boxes[other]);
        count[at]++;
    }
    for (uint32_t i = 0; i < d->box_count; i++)
        d->boxes[i].wish = count[i] ? sum[i] / count[i] : middle(&d->boxes[i]);
}

/* Layers are short, and nearly in order after the first sweep. */
static void order(struct drawing *d, struct layer *l)
{
    for (uint32_t i = 1; i < l->len; i++) {
        uint32_t moving = l->at[i], k = i;
        for (; k > 0 && d->boxes[l->at[k - 1]].wish > d->boxes[moving].wish; k--)
            l->at[k] = l->at[k - 1];
        l->at[k] = moving;
    }
}

/* As near to its wish as its neighbours in the layer let it. */
static void settle(struct drawing *d, struct layer *l)
{
    double total = 0, wishes = 0;
    for (uint32_t i = 0; i < l->len; i++) {
        const struct box *b = &d->boxes[l->at[i]];
        total += b->height + GAP;
        wishes += b->wish;
    }
    double y = l->len ? wishes / l->len - (total - GAP) / 2 : 0;
    for (uint32_t i = 0; i < l->len; i++) {
        struct box *b = &d->boxes[l->at[i]];
        double at = b->wish - b->height / 2;
        b->y = l->len == 1 ? at : y;
        y += b->height + GAP;
    }
    stack(d, l);
}

static void sweep(struct drawing *d, bool left)
{
    for (uint32_t i = 0; i < d->layer_count; i++) {
        struct layer *l = &d->layers[left ? i : d->layer_count - 1 - i];
        struct mark before = arena_mark(d->cx->scratch);
        wish_all(d, left);
        order(d, l);
        settle(d, l);
        arena_rewind(d->cx->scratch, before);
    }
}

static void place(struct drawing *d)
{
    double x = MARGIN;
    for (uint32_t i = 0; i < d->layer_count; i++)
        stack(d, &d->layers[i]);
    for (int round = 0; round < SWEEPS; round++)
        sweep(d, round % 2 == 0);
    double top = 1e9;
    for (uint32_t i = 0; i < d->layer_count; i++) {
        double widest = 0;
        for (uint32_t k = 0; k < d->layers[i].len; k++) {
            struct box *b = &d->boxes[d->layers[i].at[k]];
            widest = b->width > widest ? b->width : widest;
            top = b->y < top ? b->y : top;
            b->x = x;
        }
        for (uint32_t k = 0; k < d->layers[i].len; k++) {
            struct box *b = &d->boxes[d->layers[i].at[k]];
            b->width = b->node == UINT32_MAX ? widest : b->width;
            b->right = x + widest;
        }
        x += widest + LAYER_GAP;
    }
    d->width = x - LAYER_GAP + MARGIN;
    for (uint32_t i = 0; i < d->box_count; i++) {
        struct box *b = &d->boxes[i];
        b->y -= top - MARGIN;
        d->height = b->y + b->height + MARGIN > d->height ? b->y + b->height + MARGIN : d->height;
    }
}

/* Drawing. */

static const char style[] =
    "<style>\n"
    "svg{background:#fff}text{font:12px system-ui,sans-serif;fill:#1f2328}"
    ".d{fill:#656d76;font-size:11px}rect{fill:#f6f8fa;stroke:#8c959f}"
    "path{fill:none;stroke:#8c959f}.a{fill:#8c959f;stroke:none}\n"
    ".environment rect{fill:#ddf4ff;stroke:#0969da}.component rect{fill:#fbefff;stroke:#8250df}"
    ".chart rect{fill:#dafbe1;stroke:#1a7f37}.patch rect,.values rect{fill:#fff8c5;stroke:#9a6700}"
    ".remote rect{stroke-dasharray:4 3}\n"
    "@media (prefers-color-scheme:dark){svg{background:#0d1117}text{fill:#e6edf3}.d{fill:#8d96a0}"
    "rect{fill:#161b22;stroke:#6e7681}path{stroke:#6e7681}.a{fill:#6e7681}"
    ".environment rect{fill:#0c2d6b;stroke:#4493f8}.component rect{fill:#271052;stroke:#ab7df8}"
    ".chart rect{fill:#04260f;stroke:#3fb950}.patch rect,.values rect{fill:#341a00;stroke:#d29922}}\n"
    "</style>\n";

static void draw_box(struct buf *out, const struct graph_node *n, const struct box *b)
{
    double text = b->y + (n->detail.len ? 17 : 24);
    buf_format(out, "<g class=\"%s\"><title>%s ", graph_kind_names[n->kind],
               graph_kind_names[n->kind]);
    encode_html(out, n->label);
    buf_format(out,
               "</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>",
               b->x, b->y, b->width, b->height, n->kind == GRAPH_ENVIRONMENT ? 20 : 5);
    buf_format(out, "<text x=\"%.1f\" y=\"%.1f\">", b->x + PADDING / 2, text);
    encode_html(out, n->label);
    buf_str(out, S("</text>"));
    if (n->detail.len) {
        buf_format(out, "<text class=\"d\" x=\"%.1f\" y=\"%.1f\">", b->x + PADDING / 2, text + 15);
        encode_html(out, n->detail);
        buf_str(out, S("</text>"));
    }
    buf_str(out, S("</g>\n"));
}

/* From the right side of one to the left of the other; a point is passed straight through. */
static void draw_link(struct buf *out, const struct box *from, const struct box *to)
{
    double x1 = from->x + from->width, y1 = middle(from), x2 = to->x, y2 = middle(to);
    bool arrow = to->node != UINT32_MAX;
    double end = arrow ? x2 - 7 : x2, bend = (end - from->right) / 2;
    buf_format(out, "<path d=\"M%.1f %.1fH%.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x1, y1, from->right,
               from->right + bend, y1, end - bend, y2, end, y2);
    if (!arrow)
        buf_format(out, "H%.1f", x2 + to->width);
    buf_str(out, S("\"/>\n"));
    if (arrow)
        buf_format(out, "<path class=\"a\" d=\"M%.1f %.1fl-8 -4v8z\"/>\n", x2, y2);
}

void graph_write_svg(struct context *cx, struct buf *out, const struct graph *g)
{
    struct drawing d = { .cx = cx, .g = g };
    find_layers(&d);
    route_edges(&d);
    fill_layers(&d);
    place(&d);
    buf_format(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
               "width=\"%.0f\" height=\"%.0f\" role=\"img\">\n<title>How environments hang "
               "together</title>\n%s",
               d.width, d.height, d.width, d.height, style);
    for (uint32_t i = 0; i < d.link_count; i++)
        draw_link(out, &d.boxes[d.links[i].from], &d.boxes[d.links[i].to]);
    for (uint32_t i = 0; i < g->node_count; i++)
        draw_box(out, &g->nodes[i], &d.boxes[i]);
    buf_str(out, S("</svg>\n"));
}
