/* Plugin documents are collected as resources are, then each runs its step. */
#include "overlays/plugin.h"

#include "overlays/documents.h"
#include "overlays/field_names.h"
#include "overlays/function.h"
#include "overlays/kustomization_fields.h"
#include "overlays/kustomization.h"
#include "overlays/metadata.h"
#include "overlays/steps.h"
#include "render/doc/origin.h"

/* Is the entry documents, be it none, and not a path? */
static bool take_inline(struct context *cx, const struct node *entry, struct resources *out)
{
    if (entry->kind == NODE_NULL)
        return true;
    struct documents all = { 0 };
    uint32_t errors = cx->diags.errors;
    diag_mute(cx);
    bool ok = documents_read(cx, text_of_scalar(cx, entry), &all);
    diag_unmute(cx);
    cx->diags.errors = errors;
    for (uint32_t i = 0; ok && i < all.len; i++)
        ok = resources_append(cx, out, resource_new(cx, all.at[i]));
    return ok;
}

static bool collect_all(struct context *cx, struct overlay *o, const struct key *field,
                        collect_fn *collect, struct resources *out)
{
    struct accumulator sum = { .config = o->build->builtin };
    const struct node *list = node_get(o->file, field);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        const struct node *entry = list->items[i];
        uint32_t before = sum.resources.len;
        if (take_inline(cx, entry, &sum.resources)) {
            metadata_mark_inline(cx, o, &sum.resources, before);
            continue;
        }
        if (diag_failed(cx) || !collect(cx, o, entry, &sum))
            return false;
    }
    *out = sum.resources;
    return true;
}

static bool run_plugin(struct context *cx, struct overlay *o, struct resource *plugin,
                       const struct step_row *rows)
{
    struct identity id = resource_id(plugin);
    const struct step_row *row = NULL;
    bool builtin = id.gvk.group.len == 0 && str_eq(id.gvk.version, S("builtin"));
    if (builtin && !(row = step_find(rows, id.gvk.kind)))
        return report(cx, plugin->node->pos, "unable to load builtin '%.*s'", STR(id.gvk.kind));
    const struct field *fields = builtin ? plugin_fields(id.gvk.kind) : NULL;
    if (builtin)
        field_names_fold(cx, plugin->node);
    if (fields && !fields_check(cx, fields, plugin->node, FIELDS_OF_PLUGIN))
        return false;
    if (fields) {
        fields_settle(cx, fields, plugin->node);
        fields_settle(cx, metadata_fields, node_get(plugin->node, KEY_METADATA));
    }
    resources_ask_again(&o->sum->resources);
    step_enter(cx, id.gvk.kind, plugin->node->pos);
    bool ok = builtin ? row->from_plugin(cx, o, plugin->node)
                      : function_run(cx, o, plugin, rows == generator_steps);
    step_leave(cx);
    return ok;
}

static bool run_all(struct context *cx, struct overlay *o, const struct key *field,
                    const struct step_row *rows, collect_fn *collect)
{
    struct resources plugins = { 0 };
    if (!collect_all(cx, o, field, collect, &plugins))
        return false;
    for (uint32_t i = 0; i < plugins.len; i++) {
        if (!run_plugin(cx, o, plugins.at[i], rows))
            return false;
        metadata_after_plugin(cx, o, plugins.at[i], rows == generator_steps);
        resources_drop_empty(&o->sum->resources);
    }
    return true;
}

bool plugins_generate(struct context *cx, struct overlay *o, collect_fn *collect)
{
    return run_all(cx, o, KEY(GENERATORS), generator_steps, collect);
}

bool plugins_transform(struct context *cx, struct overlay *o, collect_fn *collect)
{
    return run_all(cx, o, KEY(TRANSFORMERS), transformer_steps, collect);
}

static bool is_unchanged(struct context *cx, struct node *now, struct node *before)
{
    const struct key *mark = intern(cx->keys, S("validated-by"));
    struct node *labels = node_get(node_get(now, KEY_METADATA), KEY_LABELS);
    if (node_get(labels, mark)) {
        node_remove(labels, mark);
        if (labels->len == 0)
            node_remove(node_get(now, KEY_METADATA), KEY_LABELS);
    }
    return node_equal(now, before);
}

bool plugins_validate(struct context *cx, struct overlay *o, collect_fn *collect)
{
    struct resources *all = &o->sum->resources;
    const struct node *list = node_get(o->file, KEY(VALIDATORS));
    if (!node_is(list, NODE_LIST) || list->len == 0)
        return true;
    uint32_t count = all->len;
    struct node **before = NEW_ARRAY(cx->arena, struct node *, count);
    for (uint32_t i = 0; i < count; i++)
        before[i] = node_copy(cx, all->at[i]->node);
    if (!run_all(cx, o, KEY(VALIDATORS), transformer_steps, collect))
        return false;
    bool same = all->len == count;
    for (uint32_t i = 0; same && i < count; i++)
        same = is_unchanged(cx, node_copy(cx, all->at[i]->node), before[i]);
    return same || report(cx, list->pos, "a validator changed the resources");
}
