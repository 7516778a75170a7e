/* hoist graph: what environments are made of. */
#include "cli/commands.h"
#include "promote/graph.h"

struct graph_flags {
    str output;
};

static const struct option options[] = {
    { 'o', "output", "dot|mermaid|svg", "Graphviz's language, Mermaid's, or a drawing",
      OPTION_CHOICE, offsetof(struct graph_flags, output) },
    { 0 },
};

static bool add(struct context *cx, struct graph *g, str word)
{
    struct environment *env = environment_open_named(cx, word);
    return env && graph_add(cx, g, env);
}

static bool add_project(struct context *cx, struct graph *g)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct project *p = folder ? project_read(cx, folder) : NULL;
    for (uint32_t i = 0; p && i < p->environment_count; i++) {
        if (!add(cx, g, p->environments[i].name))
            return false;
    }
    return p != NULL;
}

static bool run(struct context *cx, struct call *call)
{
    str output = ((const struct graph_flags *)call->options)->output;
    struct graph *g = graph_new(cx);
    for (uint32_t i = 0; i < call->operands.len; i++) {
        if (!add(cx, g, call->operands.at[i]))
            return false;
    }
    if (!call->operands.len && !add_project(cx, g))
        return false;
    if (str_eq(output, S("svg")))
        graph_write_svg(cx, call->out, g);
    else if (str_eq(output, S("mermaid")))
        graph_write_mermaid(call->out, g);
    else
        graph_write_dot(call->out, g);
    return true;
}

const struct command cmd_graph = {
    .name = "graph",
    .operands = "[PATH]...",
    .summary = "how bases, components, patches and charts hang together",
    .about = "PATH may be the name of an environment; without any, all environments are drawn.",
    .options = options,
    .options_size = sizeof(struct graph_flags),
    .run = run,
};
