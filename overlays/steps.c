/* The order of the steps, and how a field or a plugin's document sets one going. */
#include "overlays/steps.h"

#include "overlays/metadata.h"
#include "render/doc/origin.h"

#define LAST                                                                                       \
    {                                                                                              \
        { NULL, 0 }, { NULL, 0 }, NULL, NULL                                                       \
    }

const struct step_row generator_steps[] = {
    { S("configMapGenerator"), S("ConfigMapGenerator"), config_maps_field, config_maps_plugin },
    { S("secretGenerator"), S("SecretGenerator"), secrets_field, secrets_plugin },
    { S("helmCharts"), S("HelmChartInflationGenerator"), helm_charts_field, helm_charts_plugin },
    { S(""), S("IAMPolicyGenerator"), NULL, iam_policy_plugin },
    LAST,
};

/* A patch sees the names as they are written; an image sees every patch. */
const struct step_row transformer_steps[] = {
    { S("patchesStrategicMerge"), S("PatchStrategicMergeTransformer"), patches_merge_field,
      patch_merge_plugin },
    { S("patches"), S("PatchTransformer"), patches_field, patch_plugin },
    { S("namespace"), S("NamespaceTransformer"), namespace_field, namespace_plugin },
    { S("namePrefix"), S("PrefixTransformer"), affix_prefix_field, affix_prefix_plugin },
    { S("nameSuffix"), S("SuffixTransformer"), affix_suffix_field, affix_suffix_plugin },
    { S("labels"), S("LabelTransformer"), labels_field, labels_plugin },
    { S("commonLabels"), S("LabelTransformer"), common_labels_field, labels_plugin },
    { S("commonAnnotations"), S("AnnotationsTransformer"), annotations_field, annotations_plugin },
    { S("patchesJson6902"), S("PatchJson6902Transformer"), patches_json_field, patch_json_plugin },
    { S("replicas"), S("ReplicaCountTransformer"), replicas_field, replicas_plugin },
    { S("images"), S("ImageTagTransformer"), images_field, images_plugin },
    { S("replacements"), S("ReplacementTransformer"), replacements_field, replacements_plugin },
    { S(""), S("ValueAddTransformer"), NULL, value_add_plugin },
    { S(""), S("PrefixSuffixTransformer"), NULL, affix_both_plugin },
    { S(""), S("HashTransformer"), NULL, name_hash_plugin },
    LAST,
};

const struct step_row *step_find(const struct step_row *rows, str plugin)
{
    for (const struct step_row *row = rows; row->plugin.at; row++) {
        if (str_eq(row->plugin, plugin))
            return row;
    }
    return NULL;
}

/* How many transformers of kustomize's a field is: one for each entry of a list, and for
 * `labels` one more that stands for commonLabels, also when there are none. */
static uint32_t times_of(const struct overlay *o, const struct step_row *row,
                         const struct node *config)
{
    bool single = config->kind != NODE_LIST || str_eq(row->field, S("patchesStrategicMerge"))
                  || str_eq(row->field, S("replacements"));
    if (single)
        return 1;
    bool labels = str_eq(row->field, S("labels")) && !node_get(o->file, KEY(COMMON_LABELS));
    return config->len + labels;
}

static bool run_fields(struct context *cx, struct overlay *o, const struct step_row *rows)
{
    for (const struct step_row *row = rows; row->plugin.at; row++) {
        const struct node *config = row->field.len ? node_get_text(cx, o->file, row->field) : NULL;
        if (!config || config->kind == NODE_NULL)
            continue;
        step_enter(cx, row->field, config->pos);
        bool ok = row->from_field(cx, o, config);
        step_leave(cx);
        if (!ok)
            return false;
        metadata_after_step(cx, o, row->plugin, rows == generator_steps, times_of(o, row, config));
    }
    return true;
}

bool steps_generate(struct context *cx, struct overlay *o)
{
    return run_fields(cx, o, generator_steps);
}

bool steps_transform(struct context *cx, struct overlay *o)
{
    return run_fields(cx, o, transformer_steps);
}

bool step_field_specs(struct context *cx, const struct node *config, struct field_specs *out)
{
    return field_specs_read(cx, node_get(config, KEY(FIELD_SPECS)), out);
}
