/* Charts as environments have them: hooks are printed, as Argo CD and `helm template` do, the
 * definitions below crds/ too, tests only where they are asked for. */
#include "promote/chart_settings.h"

#include "overlays/documents.h"
#include "render/chart/depend.h"
#include "render/chart/inflate.h"
#include "render/chart/values.h"
#include "schema/orders.h"

void chart_settings_add(struct context *cx, struct chart_settings *s, struct value_layer layer)
{
    ARENA_PUSH(cx->arena, s->layers, s->len, s->cap);
    s->layers[s->len++] = layer;
    s->said = NULL;
}

static bool lay_set(struct context *cx, const struct value_layer *layer, struct dict *values)
{
    str error = S("");
    uint32_t before = cx->diags.errors;
    if (set_apply(cx, values, layer->set, layer->mode, layer->files, layer->pos, &error))
        return true;
    if (cx->diags.errors > before)
        return false;
    return report(cx, layer->pos, "the setting '%.*s' can't be read: %.*s", STR(layer->set),
                  STR(error));
}

static bool lay(struct context *cx, const struct value_layer *layer, struct dict **values)
{
    struct dict *more;
    switch (layer->kind) {
    case LAYER_FILE:
        if (!values_read(cx, layer->text, &more))
            return false;
        *values = values_over(cx, *values, more);
        return true;
    case LAYER_TREE:
        if (layer->tree->kind == NODE_NULL)
            return true;
        if (layer->tree->kind != NODE_MAP)
            return report(cx, layer->tree->pos, "values must be a map, not %s",
                          node_kind_name(layer->tree));
        *values = values_over(cx, *values, value_from_node(cx, layer->tree).dict);
        return true;
    case LAYER_SET:
        return lay_set(cx, layer, *values);
    }
    return false;
}

struct dict *chart_settings_values(struct context *cx, struct chart_settings *s)
{
    struct dict *values = dict_new(cx->arena, 0);
    bool copied = false;
    if (s->said)
        return s->said;
    for (uint32_t i = 0; i < s->len; i++) {
        /* A setting changes maps where they are, which must not be those of a file. */
        if (s->layers[i].kind == LAYER_SET && !copied)
            values = value_copy(cx->arena, value_map(values)).dict;
        copied = s->layers[i].kind == LAYER_SET;
        if (!lay(cx, &s->layers[i], &values))
            return NULL;
    }
    s->said = values;
    return values;
}

const struct node *value_layer_tree(struct context *cx, struct value_layer *layer)
{
    if (layer->kind == LAYER_FILE && !layer->tree) {
        struct documents all = { 0 };
        if (!yaml_read_all(cx, layer->text, YAML_GO2, &all) || all.len != 1)
            return NULL;
        layer->tree = all.at[0];
    }
    return node_is(layer->tree, NODE_MAP) ? layer->tree : NULL;
}

bool value_layer_takes(struct context *cx, struct value_layer *layer)
{
    if (layer->kind == LAYER_SET)
        return false;
    if (value_layer_tree(cx, layer))
        return true;
    struct documents all = { 0 };
    return layer->kind == LAYER_FILE && yaml_read_all(cx, layer->text, YAML_GO2, &all)
           && all.len == 0;
}

struct chart *chart_at(struct context *cx, const struct chart_place *place)
{
    struct chart *chart;
    if (place->fetched)
        chart = chart_load_archive(cx, place->fetched, NOWHERE);
    else if (place->archive.len)
        chart = chart_load(cx, place->folder->source,
                           source_join(cx->arena, place->folder->path, place->archive), NOWHERE);
    else
        chart = chart_load_folder(cx, place->folder, NOWHERE);
    if (!chart || !depend_check(cx, chart))
        return NULL;
    if (!chart->library)
        return chart;
    report(cx, chart->metadata->pos, "library charts are not installable");
    return NULL;
}

/* Loaded for it alone: aliases and conditions change a chart. */
struct dict *chart_values(struct context *cx, const struct chart_place *place,
                          struct chart_settings *s)
{
    struct dict *said = chart_settings_values(cx, s);
    struct chart *chart = said ? chart_at(cx, place) : NULL;
    if (!chart || !depend_process(cx, chart, said))
        return NULL;
    return values_coalesce(cx, chart, said, false);
}

/* With the end of its last line, as it stands in what `helm template` prints: a block of text
 * that ends a document ends so. */
static struct text *printed(struct context *cx, const struct manifest *m)
{
    struct text *text = text_add(cx, m->text->name, str_concat(cx->arena, m->text->bytes, S("\n")));
    text->pieces = m->text->pieces;
    text->piece_count = m->text->piece_count;
    text->cut_from = m->text->cut_from;
    return text;
}

bool chart_documents(struct context *cx, const struct chart_place *place,
                     const struct chart_settings *s, const struct dict *values,
                     struct documents *out)
{
    struct inflate_options options = {
        .release.name = s->release.len ? s->release : helm_default(S("releaseName")),
        .release.namespace_ = s->namespace_.len ? s->namespace_ : S("default"),
        .release.kube_version = s->kube_version,
        .release.api_versions = s->api_versions,
        .release.api_version_count = s->api_version_count,
        .skip_schema = s->skip_schema,
        .include_crds = !s->skip_crds,
    };
    struct manifests all = { 0 };
    str failure;
    if (!release_check_name(cx, options.release.name, NOWHERE))
        return false;
    struct chart *chart = chart_at(cx, place);
    if (!chart || !inflate(cx, chart, values, &options, &all, &failure))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < all.len; i++) {
        if (!all.at[i].test || s->keep_tests)
            ok = documents_read(cx, printed(cx, &all.at[i]), out) && ok;
    }
    return ok;
}
