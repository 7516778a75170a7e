/* namePrefix and nameSuffix. Definitions, API services and namespaces keep their names;
 * name_ref.c then changes whatever refers to the names that changed. */
#include "overlays/steps.h"

struct affix {
    str text;
    bool suffix;
    struct field_specs *specs;
};

static bool set_affix(struct context *cx, struct node **slot, void *arg)
{
    const struct affix *affix = arg;
    str old = node_is_scalar(*slot) ? (*slot)->text : S("");
    return field_set_plain(cx, slot,
                           affix->suffix ? str_concat(cx->arena, old, affix->text)
                                         : str_concat(cx->arena, affix->text, old));
}

static bool keeps_its_name(struct gvk gvk, bool suffix)
{
    enum field_use use = suffix ? FIELDS_NAME_SUFFIX_SKIP : FIELDS_NAME_PREFIX_SKIP;
    for (size_t i = 0; i < field_row_count(use); i++) {
        struct field_row row = field_row(use, i);
        struct gvk skipped = { row.of.group, row.of.version, row.of.kind };
        if (gvk_selected(gvk, skipped))
            return true;
    }
    return false;
}

static bool apply_to(struct context *cx, struct resource *r, struct affix *affix)
{
    struct gvk first = resource_original(r).gvk;
    if (keeps_its_name(first, affix->suffix))
        return true;
    for (uint32_t i = 0; i < affix->specs->len; i++) {
        struct field_spec *spec = &affix->specs->at[i];
        if (!gvk_selected(first, spec->gvk))
            continue;
        if (str_eq(spec->path, S("metadata/name")) && affix->text.len) {
            strings_add(cx, affix->suffix ? &r->suffixes : &r->prefixes, affix->text);
            resource_remember(cx, r);
        }
        if (!field_spec_apply(cx, r->node, spec, NODE_STRING, set_affix, affix))
            return false;
    }
    return true;
}

static bool apply(struct context *cx, struct overlay *o, struct affix *affix)
{
    struct resources *all = &o->sum->resources;
    for (uint32_t i = 0; i < all->len; i++) {
        if (!apply_to(cx, all->at[i], affix))
            return false;
    }
    resources_renamed(all);
    return true;
}

static bool from_field(struct context *cx, struct overlay *o, const struct node *config,
                       bool suffix)
{
    struct affix affix = {
        .text = config->text,
        .suffix = suffix,
        .specs =
            field_config_list(cx, o->sum->config, suffix ? FIELDS_NAME_SUFFIX : FIELDS_NAME_PREFIX),
    };
    return affix.text.len == 0 || apply(cx, o, &affix);
}

static bool from_plugin(struct context *cx, struct overlay *o, const struct node *config,
                        bool suffix)
{
    struct field_specs specs = { 0 };
    struct affix affix = {
        .text = node_get_str(config, suffix ? KEY(SUFFIX) : KEY(PREFIX)),
        .suffix = suffix,
        .specs = &specs,
    };
    if (!node_get(config, KEY(FIELD_SPECS)))
        return report(cx, config->pos, "fieldSpecs is required here");
    return step_field_specs(cx, config, &specs) && apply(cx, o, &affix);
}

bool affix_prefix_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return from_field(cx, o, config, false);
}

bool affix_suffix_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return from_field(cx, o, config, true);
}

bool affix_prefix_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return from_plugin(cx, o, config, false);
}

bool affix_suffix_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return from_plugin(cx, o, config, true);
}

bool affix_both_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return from_plugin(cx, o, config, false) && from_plugin(cx, o, config, true);
}
