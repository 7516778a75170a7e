/* The values that templates see are laid by the chart's own code; here each of them is looked for in
 * the layers again, from the last to the first, to know who said it and who said it before. */
#include "promote/explain_values.h"

#include "promote/field.h"
#include "render/base/buf.h"
#include "render/chart/depend.h"
#include "render/chart/values.h"
#include "render/doc/origin.h"

static void push(struct context *cx, struct values_layers *out, const struct node *tree,
                 const struct step *step)
{
    if (!node_is(tree, NODE_MAP))
        return;
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = (struct values_layer){ tree, step };
}

/* The defaults of a chart below others stand under their names. */
static const struct node *wrapped(struct context *cx, const struct chart *chart,
                                  const struct node *tree)
{
    for (; chart->parent; chart = chart->parent) {
        struct node *outer = node_map(cx);
        node_add(cx, outer, intern(cx->keys, chart->name), (struct node *)tree);
        tree = outer;
    }
    return tree;
}

static bool add_defaults(struct context *cx, const struct chart *chart, struct values_layers *out)
{
    struct documents all = { 0 };
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (!add_defaults(cx, chart->charts[i], out))
            return false;
    }
    if (!chart->values_text)
        return true;
    if (!yaml_read_all(cx, chart->values_text, YAML_GO2, &all))
        return false;
    for (uint32_t i = 0; i < all.len; i++)
        push(cx, out, node_is(all.at[i], NODE_MAP) ? wrapped(cx, chart, all.at[i]) : NULL, NULL);
    return true;
}

static void place_all(struct node *n, struct pos pos)
{
    n->pos = pos;
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++)
        place_all(n->kind == NODE_MAP ? n->entries[i].value : n->items[i], pos);
}

/* A setting as the tree that it makes of nothing. */
static const struct node *tree_of_setting(struct context *cx, const struct value_layer *layer)
{
    struct dict *values = dict_new(cx->arena, 0);
    str error = S(""), why;
    diag_mute(cx);
    bool ok = set_apply(cx, values, layer->set, layer->mode, layer->files, layer->pos, &error);
    diag_unmute(cx);
    struct node *n = ok ? value_to_node(cx, value_map(values), &why) : NULL;
    if (n)
        place_all(n, layer->value ? layer->value->pos : layer->pos);
    return n;
}

static void add_layer(struct context *cx, struct value_layer *layer, struct values_layers *out)
{
    bool set = layer->kind == LAYER_SET;
    struct step *step = step_new(cx, set ? S("set") : S("values"), layer->pos);
    push(cx, out, set ? tree_of_setting(cx, layer) : value_layer_tree(cx, layer), step);
}

static struct chart *load(struct context *cx, const struct environment_part *part)
{
    const struct render_path *path = &part->path;
    if (!path->archive.len)
        return chart_load_folder(cx, path->folder, NOWHERE);
    return chart_load(cx, path->folder->source,
                      source_join(cx->arena, path->folder->path, path->archive), NOWHERE);
}

static bool take_layers(struct context *cx, const struct environment_part *part,
                        const struct chart *chart, struct values_layers *out)
{
    *out = (struct values_layers){ 0 };
    if (!add_defaults(cx, chart, out))
        return false;
    struct chart_settings *s = part->path.chart;
    for (uint32_t i = 0; s && i < s->len; i++)
        add_layer(cx, &s->layers[i], out);
    return true;
}

/* Aliases and conditions are applied: the layers are those of the charts that take part. */
static struct chart *open_chart(struct context *cx, const struct environment_part *part,
                                const struct dict **said)
{
    struct chart *chart = load(cx, part);
    *said = part->path.chart ? chart_settings_values(cx, part->path.chart) : dict_new(cx->arena, 0);
    return chart && *said && depend_check(cx, chart) && depend_process(cx, chart, *said) ? chart
                                                                                         : NULL;
}

bool values_layers_of(struct context *cx, const struct environment *env,
                      const struct environment_part *part, struct values_layers *out)
{
    const struct dict *said;
    if (part->path.renderer != RENDER_CHART || part->path.file)
        return report(cx, NOWHERE, "'%.*s' is no chart, so it has no values", STR(env->name));
    struct chart *chart = open_chart(cx, part, &said);
    return chart && take_layers(cx, part, chart, out);
}

/* The history of one value. */

struct history {
    struct context *cx;
    const struct values_layers *layers;
};

/* Gives a value the place and the step of the last layer that says it, and the older ones as its
 * history. False when no layer says it. */
static bool attach_from(struct history *h, const struct field *f, struct node *n)
{
    bool found = false;
    for (uint32_t i = h->layers->len; i-- > 0;) {
        const struct node *said = field_find(h->layers->at[i].tree, f);
        if (!said)
            continue;
        if (found) {
            node_set_was(h->cx, n, node_copy(h->cx, said));
            n = node_was(n);
        }
        if (node_is_scalar(n) && node_is_scalar(said)) {
            n->text = said->text; /* as the file has it, not as Helm reads it */
            n->style = said->style;
            n->kind = said->kind;
        }
        n->pos = said->pos;
        node_set_was(h->cx, n, NULL);
        node_set_maker(h->cx, n, h->layers->at[i].step);
        found = true;
    }
    return found;
}

/* What a chart has below `global` and no layer says there is its parent's. */
static void attach(void *who, const struct field *f, const struct node *value)
{
    struct history *h = who;
    struct node *n = (struct node *)value; /* of the tree that is being made */
    const struct key *global = intern(h->cx->keys, S("global"));
    if (attach_from(h, f, n))
        return;
    for (uint32_t i = f->len; i-- > 1;) {
        const struct field above = { f->at + i, f->len - i, 0 };
        if (f->at[i].key == global && attach_from(h, &above, n))
            return;
    }
}

static void forget_places(struct context *cx, struct node *n)
{
    n->pos = NOWHERE;
    node_set_maker(cx, n, NULL);
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++)
        forget_places(cx, n->kind == NODE_MAP ? n->entries[i].value : n->items[i]);
}

const struct node *explain_values(struct context *cx, const struct environment *env)
{
    const struct environment_part *part = env->part_count ? &env->parts[0] : NULL;
    for (uint32_t i = 0; i < env->part_count; i++) {
        if (env->parts[i].path.renderer == RENDER_CHART && !env->parts[i].path.file)
            part = &env->parts[i];
    }
    struct values_layers layers;
    const struct dict *said;
    str why = S("");
    if (!part || !values_layers_of(cx, env, part, &layers))
        return NULL;
    struct chart *chart = open_chart(cx, part, &said);
    struct dict *values = chart ? values_coalesce(cx, chart, said, false) : NULL;
    struct node *tree = values ? value_to_node(cx, value_map(values), &why) : NULL;
    if (!tree && values)
        report(cx, NOWHERE, "the values can't be shown: %.*s", STR(why));
    if (!tree)
        return NULL;
    struct history h = { cx, &layers };
    forget_places(cx, tree);
    field_each(cx, tree, attach, &h);
    return tree;
}
