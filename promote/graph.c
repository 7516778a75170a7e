/* Read from the files that say it; nothing is rendered, so that a base which does not build can
 * still be seen. Addresses are shown and not followed. */
#include "promote/graph.h"

#include "overlays/kustomization.h"
#include "overlays/remote.h"
#include "render/chart/chart.h"

const char *const graph_kind_names[GRAPH_KINDS] = {
    [GRAPH_ENVIRONMENT] = "environment",
    [GRAPH_KUSTOMIZATION] = "kustomization",
    [GRAPH_COMPONENT] = "component",
    [GRAPH_PATCH] = "patch",
    [GRAPH_CHART] = "chart",
    [GRAPH_VALUES] = "values",
    [GRAPH_MANIFESTS] = "manifests",
    [GRAPH_REMOTE] = "remote",
};

struct graph *graph_new(struct context *cx)
{
    struct graph *g = NEW(cx->arena, struct graph);
    g->known.arena = cx->arena;
    return g;
}

/* The node of this kind and name; *is_new when it was not there. */
static uint32_t node_at(struct context *cx, struct graph *g, enum graph_kind kind, str key,
                        str label, bool *is_new)
{
    struct map_entry *e =
        map_entry(&g->known, str_format(cx->arena, "%d %.*s", (int)kind, STR(key)));
    *is_new = !e->value;
    if (e->value)
        return (uint32_t)((uintptr_t)e->value - 1);
    ARENA_PUSH(cx->arena, g->nodes, g->node_count, g->node_cap);
    g->nodes[g->node_count] = (struct graph_node){ kind, label, S("") };
    e->value = (void *)((uintptr_t)g->node_count + 1);
    return g->node_count++;
}

static void connect(struct context *cx, struct graph *g, uint32_t from, uint32_t to)
{
    for (uint32_t i = 0; i < g->edge_count; i++) {
        if (g->edges[i].from == from && g->edges[i].to == to)
            return;
    }
    ARENA_PUSH(cx->arena, g->edges, g->edge_count, g->edge_cap);
    g->edges[g->edge_count++] = (struct graph_edge){ from, to };
}

static void connect_leaf(struct context *cx, struct graph *g, uint32_t from, enum graph_kind kind,
                         str label)
{
    bool is_new;
    connect(cx, g, from, node_at(cx, g, kind, label, label, &is_new));
}

static str path_in(struct context *cx, const struct folder *folder, str path)
{
    return str_concat(cx->arena, folder->source->name, source_join(cx->arena, folder->path, path));
}

/* Charts. */

static void add_subcharts(struct context *cx, struct graph *g, uint32_t node, str path,
                          const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        const struct chart *below = chart->charts[i];
        str name = str_format(cx->arena, "%.*s/charts/%.*s", STR(path), STR(below->name));
        bool is_new;
        uint32_t child = node_at(cx, g, GRAPH_CHART, name, below->name, &is_new);
        g->nodes[child].detail = below->version;
        connect(cx, g, node, child);
        if (is_new)
            add_subcharts(cx, g, child, name, below);
    }
}

static bool add_chart(struct context *cx, struct graph *g, uint32_t from,
                      const struct folder *folder, str path, struct pos pos)
{
    str name = path_in(cx, folder, path);
    bool is_new;
    uint32_t node = node_at(cx, g, GRAPH_CHART, name, name, &is_new);
    connect(cx, g, from, node);
    if (!is_new)
        return true;
    struct chart *chart =
        chart_load(cx, folder->source, source_join(cx->arena, folder->path, path), pos);
    if (!chart)
        return false;
    g->nodes[node].detail = chart->version;
    add_subcharts(cx, g, node, name, chart);
    return true;
}

static bool add_helm_chart(struct context *cx, struct graph *g, uint32_t from,
                           const struct overlay *o, const struct node *entry)
{
    const struct node *globals = node_get_text(cx, o->file, S("helmGlobals"));
    const struct node *home = node_get_text(cx, globals, S("chartHome"));
    const struct node *values = node_get_text(cx, entry, S("valuesFile"));
    str name = node_get_str(entry, KEY_NAME);
    str path = source_join(cx->arena, home && home->text.len ? home->text : S("charts"), name);
    if (values && node_is_scalar(values) && values->text.len)
        connect_leaf(cx, g, from, GRAPH_VALUES, path_in(cx, o->folder, values->text));
    if (folder_kind(cx, o->folder, path) != FILE_NONE)
        return add_chart(cx, g, from, o->folder, path, entry->pos);
    connect_leaf(cx, g, from, GRAPH_REMOTE, name);
    return true;
}

/* Kustomizations. */

static bool add_kustomization(struct context *cx, struct graph *g, uint32_t from,
                              struct folder *folder, struct pos pos);

/* An address may hold a password. */
static str without_user(struct context *cx, str address)
{
    ptrdiff_t scheme = str_find(address, S("://"));
    if (scheme < 0)
        return address;
    str rest = str_skip(address, (size_t)scheme + 3), host, path, user, name;
    str_cut(rest, '/', &host, &path);
    if (!str_cut_last(host, '@', &user, &name))
        return address;
    return str_concat(cx->arena, str_slice(address, 0, (size_t)scheme + 3),
                      str_skip(rest, user.len + 1));
}

static bool add_entry(struct context *cx, struct graph *g, uint32_t node, const struct overlay *o,
                      const struct node *entry, uint32_t *files)
{
    if (!node_is(entry, NODE_STRING))
        return true;
    enum file_kind kind = folder_kind(cx, o->folder, entry->text);
    if (kind == FILE_NONE && remote_is(cx, entry->text)) {
        connect_leaf(cx, g, node, GRAPH_REMOTE, without_user(cx, entry->text));
        return true;
    }
    if (kind != FILE_FOLDER) {
        ++*files;
        return true;
    }
    struct folder *below = folder_enter(cx, o->folder, entry->text, entry->pos);
    return below && add_kustomization(cx, g, node, below, entry->pos);
}

static bool add_list(struct context *cx, struct graph *g, uint32_t node, const struct overlay *o,
                     const struct key *field, uint32_t *files)
{
    const struct node *list = node_get(o->file, field);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        if (!add_entry(cx, g, node, o, list->items[i], files))
            return false;
    }
    return true;
}

/* Patches in files of their own; the others are seen in the kustomization itself. */
static void add_patches(struct context *cx, struct graph *g, uint32_t node, const struct overlay *o,
                        const struct key *field)
{
    const struct node *list = node_get(o->file, field);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        const struct node *n = list->items[i];
        str path = n->kind == NODE_MAP           ? node_get_str(n, KEY(PATH))
                   : str_has_char(n->text, '\n') ? S("")
                                                 : n->text;
        if (path.len)
            connect_leaf(cx, g, node, GRAPH_PATCH, path_in(cx, o->folder, path));
    }
}

static bool add_charts(struct context *cx, struct graph *g, uint32_t node, const struct overlay *o)
{
    const struct node *list = node_get(o->file, KEY(HELM_CHARTS));
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        if (node_is(list->items[i], NODE_MAP) && !add_helm_chart(cx, g, node, o, list->items[i]))
            return false;
    }
    return true;
}

static bool add_all(struct context *cx, struct graph *g, uint32_t node, const struct overlay *o)
{
    const struct key *const patches[] = { KEY(PATCHES), KEY(PATCHES_MERGE), KEY(PATCHES_JSON) };
    uint32_t files = 0;
    if (!add_list(cx, g, node, o, KEY(RESOURCES), &files)
        || !add_list(cx, g, node, o, KEY(COMPONENTS), &files) || !add_charts(cx, g, node, o))
        return false;
    for (size_t i = 0; i < countof(patches); i++)
        add_patches(cx, g, node, o, patches[i]);
    if (files)
        g->nodes[node].detail = str_format(cx->arena, files == 1 ? "%u file" : "%u files", files);
    return true;
}

static bool add_kustomization(struct context *cx, struct graph *g, uint32_t from,
                              struct folder *folder, struct pos pos)
{
    struct overlay o = { .folder = folder };
    if (!limit_enter(cx, LIMIT_DEPTH, pos))
        return false;
    bool is_new, ok = kustomization_load(cx, &o);
    if (ok) {
        enum graph_kind kind = o.component ? GRAPH_COMPONENT : GRAPH_KUSTOMIZATION;
        str name = str_concat(cx->arena, folder->source->name, folder->path);
        uint32_t node = node_at(cx, g, kind, name, name, &is_new);
        connect(cx, g, from, node);
        ok = !is_new || add_all(cx, g, node, &o);
    }
    limit_leave(cx, LIMIT_DEPTH);
    return ok;
}

/* Environments. */

static void add_layers(struct context *cx, struct graph *g, uint32_t node,
                       const struct chart_settings *s)
{
    for (uint32_t i = 0; s && i < s->len; i++) {
        if (s->layers[i].kind == LAYER_FILE)
            connect_leaf(cx, g, node, GRAPH_VALUES, s->layers[i].text->name);
    }
}

static bool add_part(struct context *cx, struct graph *g, uint32_t node,
                     const struct environment_part *part)
{
    const struct render_path *path = &part->path;
    struct folder *folder = part->plain ? part->plain : path->folder;
    if (path->file) {
        connect_leaf(cx, g, node, GRAPH_MANIFESTS, path->file->name);
        return true;
    }
    add_layers(cx, g, node, path->chart);
    if (path->renderer == RENDER_CHART)
        return add_chart(cx, g, node, folder, path->archive.len ? path->archive : S("."), NOWHERE);
    if (path->renderer == RENDER_KUSTOMIZATION)
        return add_kustomization(cx, g, node, folder, NOWHERE);
    connect_leaf(cx, g, node, GRAPH_MANIFESTS, path_in(cx, folder, S(".")));
    return true;
}

bool graph_add(struct context *cx, struct graph *g, const struct environment *env)
{
    bool is_new;
    uint32_t node = node_at(cx, g, GRAPH_ENVIRONMENT, env->name, env->name, &is_new);
    for (uint32_t i = 0; is_new && i < env->part_count; i++) {
        if (!add_part(cx, g, node, &env->parts[i]))
            return false;
    }
    return true;
}
