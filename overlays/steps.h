/* The steps of a kustomization: a row for each generator and transformer.
 *
 * A step is asked for by a field of the kustomization, or by a file of its own whose kind is
 * the plugin's name (`generators`, `transformers`). Each row's file knows only its subject;
 * steps.c knows the order. */
#ifndef HOIST_OVERLAYS_STEPS_H
#define HOIST_OVERLAYS_STEPS_H

#include "overlays/overlay.h"

/* `config` is the field's value, or the plugin's whole document; it is never null. */
typedef bool step_fn(struct context *cx, struct overlay *o, const struct node *config);

struct step_row {
    str field;  /* of a kustomization; empty when only a plugin asks for it */
    str plugin; /* "PrefixTransformer" */
    step_fn *from_field;
    step_fn *from_plugin;
};

/* In the order in which kustomize runs them; the last has no plugin. */
extern const struct step_row generator_steps[];
extern const struct step_row transformer_steps[];

bool steps_generate(struct context *cx, struct overlay *o);
bool steps_transform(struct context *cx, struct overlay *o);
/* The row of a plugin's kind, or NULL. */
const struct step_row *step_find(const struct step_row *rows, str plugin);

/* The rows' functions, by file. */
step_fn affix_prefix_field, affix_prefix_plugin, affix_suffix_field, affix_suffix_plugin;
step_fn affix_both_plugin;
step_fn annotations_field, annotations_plugin;
step_fn config_maps_field, config_maps_plugin, secrets_field, secrets_plugin;
step_fn helm_charts_field, helm_charts_plugin;
step_fn iam_policy_plugin;
step_fn images_field, images_plugin;
step_fn labels_field, common_labels_field, labels_plugin;
step_fn name_hash_plugin;
step_fn namespace_field, namespace_plugin;
step_fn patches_field, patch_plugin;
step_fn patches_json_field, patch_json_plugin;
step_fn patches_merge_field, patch_merge_plugin;
step_fn replacements_field, replacements_plugin;
step_fn replicas_field, replicas_plugin;
step_fn value_add_plugin;

/* The namespace of one resource, as the namespace step sets it: for who sets it among others. */
bool namespace_set(struct context *cx, struct resource *r, str namespace_);

/* A plugin's own `fieldSpecs`; without any, false after a report when they are required. */
bool step_field_specs(struct context *cx, const struct node *config, struct field_specs *out);

#endif
