/* labels, commonLabels and commonAnnotations: the same pairs set in many maps. */
#include "overlays/steps.h"

#include "render/doc/scalar.h"

static bool set_pairs(struct context *cx, struct node **slot, void *arg)
{
    const struct node *pairs = arg;
    struct node *map = *slot;
    if (map->kind != NODE_MAP)
        return report(cx, map->pos, "labels and annotations are a map, not %s",
                      node_kind_name(map));
    for (uint32_t i = 0; i < pairs->len; i++) {
        const struct entry *pair = &pairs->entries[i];
        struct entry *e = node_entry(map, pair->key);
        str text = pair->value->kind == NODE_NULL ? S("") : pair->value->text;
        struct node *value = node_string(cx, text);
        value->pos = pair->value->pos;
        if (!e) {
            node_add(cx, map, pair->key, value);
            /* A new key is written without quotes: 2 becomes a number, no is a boolean. */
            if (scalar_resolve(pair->key->text, YAML_GO3).kind != NODE_STRING)
                map->flags |= NODE_ODD_KEYS;
            continue;
        }
        value->style = node_is_scalar(e->value) ? e->value->style : (uint8_t)STYLE_PLAIN;
        node_replace(cx, &e->value, value);
    }
    return true;
}

static bool apply(struct context *cx, struct overlay *o, const struct node *pairs,
                  struct field_specs *specs)
{
    struct resources *all = &o->sum->resources;
    if (!node_is(pairs, NODE_MAP) || pairs->len == 0)
        return true;
    for (uint32_t i = 0; i < all->len; i++) {
        if (!field_specs_apply(cx, all->at[i]->node, specs, NODE_MAP, set_pairs, (void *)pairs))
            return false;
    }
    return true;
}

static bool is_true(const struct node *map, const struct key *key)
{
    const struct node *n = node_get(map, key);
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

static bool merge_list(struct context *cx, struct overlay *o, unsigned use,
                       struct field_specs *specs)
{
    const struct field_specs *more = field_config_list(cx, o->sum->config, use);
    for (uint32_t i = 0; i < more->len; i++) {
        if (!field_specs_merge(cx, specs, more->at[i]))
            return false;
    }
    return true;
}

/* The specs of one entry of `labels`: its own fields, those of a configuration, then the
 * selectors, or the templates, or the metadata alone. */
static bool specs_of(struct context *cx, struct overlay *o, const struct node *label,
                     struct field_specs *specs)
{
    static const struct field_spec metadata = { .path = { "metadata/labels", 15 }, .create = true };
    if (!field_specs_read(cx, node_get(label, KEY(FIELDS)), specs)
        || !merge_list(cx, o, FIELDS_LABELS, specs))
        return false;
    if (is_true(label, KEY(INCLUDE_SELECTORS)))
        return merge_list(cx, o, FIELDS_COMMON_LABELS, specs);
    if (is_true(label, KEY(INCLUDE_TEMPLATES)) && !merge_list(cx, o, FIELDS_TEMPLATE_LABELS, specs))
        return false;
    return field_specs_merge(cx, specs, metadata);
}

bool labels_field(struct context *cx, struct overlay *o, const struct node *config)
{
    for (uint32_t i = 0; i < config->len; i++) {
        struct field_specs specs = { 0 };
        const struct node *label = config->items[i];
        if (label->kind == NODE_NULL)
            continue;
        if (!specs_of(cx, o, label, &specs) || !apply(cx, o, node_get(label, KEY(PAIRS)), &specs))
            return false;
    }
    return true;
}

bool common_labels_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return apply(cx, o, config, field_config_list(cx, o->sum->config, FIELDS_COMMON_LABELS));
}

bool annotations_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return apply(cx, o, config, field_config_list(cx, o->sum->config, FIELDS_COMMON_ANNOTATIONS));
}

bool labels_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct field_specs specs = { 0 };
    return step_field_specs(cx, config, &specs)
           && apply(cx, o, node_get(config, KEY_LABELS), &specs);
}

bool annotations_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct field_specs specs = { 0 };
    return step_field_specs(cx, config, &specs)
           && apply(cx, o, node_get(config, KEY_ANNOTATIONS), &specs);
}
