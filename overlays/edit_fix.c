/* Legacy fields of a kustomization, brought up to date.
 *
 * Where only the legacy field is there, it gets the present one's name and keeps everything
 * else; where both are, its items go behind the others. */
#include "overlays/edit_file.h"

static void rename_field(struct edit_file *f, struct node *map, str legacy, str present)
{
    struct entry old = *node_entry(map, intern(f->cx->keys, legacy));
    node_remove(map, old.key);
    node_remove(map, intern(f->cx->keys, present));
    node_add(f->cx, map, intern(f->cx->keys, present), old.value)->pos = old.pos;
}

void edit_follow_lists(struct edit_file *f, str legacy, str present)
{
    struct node *from = node_get_text(f->cx, f->file, legacy);
    struct node *to = node_get_text(f->cx, f->file, present);
    if (!node_is(from, NODE_LIST) || !from->len) {
        node_remove(f->file, intern(f->cx->keys, legacy));
        return;
    }
    if (!node_is(to, NODE_LIST) || !to->len) {
        rename_field(f, f->file, legacy, present);
        return;
    }
    for (uint32_t i = 0; i < from->len; i++)
        node_push(f->cx, to, from->items[i]);
    node_remove(f->file, intern(f->cx->keys, legacy));
}

void edit_follow_env(struct edit_file *f, struct node *generator)
{
    const struct node *env = node_get(generator, KEY(ENV));
    if (node_is(env, NODE_STRING) && env->text.len)
        node_push(f->cx, edit_list_of(f, generator, S("envs")), node_string(f->cx, env->text));
    if (env)
        node_remove(generator, KEY(ENV));
}

static void follow_envs(struct edit_file *f, str field)
{
    const struct node *list = node_get_text(f->cx, f->file, field);
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++)
        edit_follow_env(f, list->items[i]);
}

/* Charts. */

static const struct {
    str legacy, present;
} chart_fields[] = {
    { S("chartName"), S("name") },           { S("chartVersion"), S("version") },
    { S("chartRepoUrl"), S("repo") },        { S("values"), S("valuesFile") },
    { S("valuesLocal"), S("valuesInline") }, { S("valuesMerge"), S("valuesMerge") },
    { S("releaseName"), S("releaseName") },
};

static struct node *new_chart(struct edit_file *f, const struct node *old)
{
    struct node *chart = node_map(f->cx);
    for (size_t i = 0; i < countof(chart_fields); i++) {
        struct node *value = node_get_text(f->cx, old, chart_fields[i].legacy);
        if (value)
            node_add(f->cx, chart, intern(f->cx->keys, chart_fields[i].present), value);
    }
    return chart;
}

/* What is said last of the places counts for all. */
static void follow_charts(struct edit_file *f)
{
    const struct key *legacy = intern(f->cx->keys, S("helmChartInflationGenerator"));
    const struct node *from = node_get(f->file, legacy);
    str chart_home = S(""), config_home = S("");
    for (uint32_t i = 0; node_is(from, NODE_LIST) && i < from->len; i++) {
        const struct node *old = from->items[i];
        const struct node *home = node_get_text(f->cx, old, S("chartHome"));
        const struct node *helm = node_get_text(f->cx, old, S("helmHome"));
        if (node_is(home, NODE_STRING) && home->text.len)
            chart_home = home->text;
        if (node_is(helm, NODE_STRING) && helm->text.len)
            config_home = helm->text;
        node_push(f->cx, edit_list_of(f, f->file, S("helmCharts")), new_chart(f, old));
    }
    node_remove(f->file, legacy);
    if ((!chart_home.len && !config_home.len)
        || node_is(node_get(f->file, KEY(HELM_GLOBALS)), NODE_MAP))
        return;
    struct node *globals = edit_map_of(f, f->file, S("helmGlobals"));
    edit_put(f, globals, S("chartHome"), chart_home);
    edit_put(f, globals, S("configHome"), config_home);
}

/* Patches. */

static void follow_merges(struct edit_file *f, const struct folder *inside)
{
    const struct key *legacy = intern(f->cx->keys, S("patchesStrategicMerge"));
    const struct node *from = node_get(f->file, legacy);
    for (uint32_t i = 0; node_is(from, NODE_LIST) && i < from->len; i++) {
        const struct node *old = from->items[i];
        str text = old->kind == NODE_STRING ? old->text : S("");
        bool file = !str_has_char(text, '\n') && folder_kind(f->cx, inside, text) == FILE_PLAIN;
        struct node *patch = node_map(f->cx);
        edit_put(f, patch, file ? S("path") : S("patch"), text);
        node_push(f->cx, edit_list_of(f, f->file, S("patches")), patch);
    }
    node_remove(f->file, legacy);
}

/* Labels. */

static bool no_label_twice(struct edit_file *f, const struct node *common)
{
    const struct node *labels = node_get(f->file, KEY_LABELS);
    for (uint32_t i = 0; node_is(labels, NODE_LIST) && i < labels->len; i++) {
        const struct node *pairs = node_get_text(f->cx, labels->items[i], S("pairs"));
        for (uint32_t k = 0; node_is(pairs, NODE_MAP) && k < pairs->len; k++) {
            const struct entry *e = &pairs->entries[k];
            if (node_get(common, e->key))
                return report(f->cx, e->pos,
                              "label name '%.*s' exists in both commonLabels and labels",
                              STR(e->key->text));
        }
    }
    return true;
}

static bool follow_labels(struct edit_file *f)
{
    struct node *common = node_get(f->file, KEY(COMMON_LABELS));
    if (!node_is(common, NODE_MAP) || !common->len)
        return true;
    if (!no_label_twice(f, common))
        return false;
    struct node *label = node_map(f->cx);
    node_add(f->cx, label, KEY(INCLUDE_SELECTORS), node_bool(f->cx, true));
    node_add(f->cx, label, intern(f->cx->keys, S("pairs")), common);
    node_push(f->cx, edit_list_of(f, f->file, S("labels")), label);
    node_remove(f->file, KEY(COMMON_LABELS));
    return true;
}

bool edit_fix(struct edit_file *f, const struct folder *inside)
{
    bool component = str_eq(node_get_str(f->file, KEY_KIND), S("Component"));
    if (!node_get_str(f->file, KEY_API_VERSION).len)
        edit_put(f, f->file, S("apiVersion"),
                 component ? S("kustomize.config.k8s.io/v1alpha1")
                           : S("kustomize.config.k8s.io/v1beta1"));
    if (!node_get_str(f->file, KEY_KIND).len)
        edit_put(f, f->file, S("kind"), S("Kustomization"));
    edit_follow_lists(f, S("bases"), S("resources"));
    edit_follow_lists(f, S("imageTags"), S("images"));
    follow_envs(f, S("configMapGenerator"));
    follow_envs(f, S("secretGenerator"));
    follow_charts(f);
    edit_follow_lists(f, S("patchesJson6902"), S("patches"));
    follow_merges(f, inside);
    return follow_labels(f);
}
