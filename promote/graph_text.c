/* Graphs for programs that draw them: Graphviz and Mermaid, which forges show in Markdown. */
#include "promote/graph.h"
#include "render/base/encode.h"

static const char *const dot_shapes[GRAPH_KINDS] = {
    [GRAPH_ENVIRONMENT] = "oval", [GRAPH_KUSTOMIZATION] = "box", [GRAPH_COMPONENT] = "component",
    [GRAPH_PATCH] = "note",       [GRAPH_CHART] = "box3d",       [GRAPH_VALUES] = "note",
    [GRAPH_MANIFESTS] = "folder", [GRAPH_REMOTE] = "cds",
};

static void dot_text(struct buf *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (str_has_char(S("\"\\"), s.at[i]))
            buf_char(out, '\\');
        buf_char(out, s.at[i] == '\n' ? ' ' : s.at[i]);
    }
}

void graph_write_dot(struct buf *out, const struct graph *g)
{
    buf_str(out, S("digraph hoist {\n  rankdir=LR;\n  node [fontname=\"sans-serif\"];\n"));
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct graph_node *n = &g->nodes[i];
        buf_format(out, "  n%u [label=\"", i);
        dot_text(out, n->label);
        if (n->detail.len)
            buf_str(out, S("\\n"));
        dot_text(out, n->detail);
        buf_format(out, "\", shape=%s, tooltip=\"%s\"];\n", dot_shapes[n->kind],
                   graph_kind_names[n->kind]);
    }
    for (uint32_t i = 0; i < g->edge_count; i++)
        buf_format(out, "  n%u -> n%u;\n", g->edges[i].from, g->edges[i].to);
    buf_str(out, S("}\n"));
}

static const struct {
    const char *open, *close;
} mermaid_shapes[GRAPH_KINDS] = {
    [GRAPH_ENVIRONMENT] = { "([", "])" }, [GRAPH_KUSTOMIZATION] = { "[", "]" },
    [GRAPH_COMPONENT] = { "[[", "]]" },   [GRAPH_PATCH] = { ">", "]" },
    [GRAPH_CHART] = { "{{", "}}" },       [GRAPH_VALUES] = { ">", "]" },
    [GRAPH_MANIFESTS] = { "[(", ")]" },   [GRAPH_REMOTE] = { "[/", "/]" },
};

/* Mermaid takes HTML's names for what it would take for its own. */
static void mermaid_text(struct buf *out, str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (str_has_char(S("\"#<>&\n"), s.at[i]))
            buf_format(out, "#%d;", (unsigned char)s.at[i]);
        else
            buf_char(out, s.at[i]);
    }
}

void graph_write_mermaid(struct buf *out, const struct graph *g)
{
    buf_str(out, S("flowchart LR\n"));
    for (uint32_t i = 0; i < g->node_count; i++) {
        const struct graph_node *n = &g->nodes[i];
        buf_format(out, "  n%u%s\"", i, mermaid_shapes[n->kind].open);
        mermaid_text(out, n->label);
        if (n->detail.len)
            buf_str(out, S("<br>"));
        mermaid_text(out, n->detail);
        buf_format(out, "\"%s\n", mermaid_shapes[n->kind].close);
    }
    for (uint32_t i = 0; i < g->edge_count; i++)
        buf_format(out, "  n%u --> n%u\n", g->edges[i].from, g->edges[i].to);
}
