/* The `kustomize` section of a source. Argo CD runs `kustomize edit` in the checkout for it and
 * builds what that leaves; here the edited file lies over the tree, which stays as it is. */
#include "promote/application.h"

#include "overlays/edit_file.h"
#include "overlays/kustomization.h"

struct kustomize {
    struct context *cx;
    const struct application *app;
    const struct node *source;
    const struct node *section;
    struct folder *folder;
    struct edit_file *file;
};

static const struct node *field(const struct kustomize *k, const char *name)
{
    const struct node *n = node_get_text(k->cx, k->section, str_from(name));
    return n && n->kind != NODE_NULL ? n : NULL;
}

static bool is_true(const struct kustomize *k, const char *name)
{
    return application_true(k->cx, k->section, name);
}

static void set_text(const struct kustomize *k, const char *name)
{
    const struct node *n = field(k, name);
    if (n && node_is_scalar(n) && n->text.len)
        edit_text(k->file, str_from(name), n->text);
}

static bool set_images(const struct kustomize *k)
{
    const struct node *list;
    struct strings words = { 0 };
    if (!application_texts(k->cx, k->section, "images", NODE_LIST, &list))
        return false;
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        str word;
        if (!application_expand(k->cx, k->app, k->source, list->items[i], &word))
            return false;
        strings_add(k->cx, &words, word);
    }
    return !words.len || edit_images(k->file, &words);
}

static bool set_replicas(const struct kustomize *k)
{
    const struct node *list = field(k, "replicas");
    struct strings words = { 0 };
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++)
        strings_add(k->cx, &words,
                    str_format(k->cx->arena, "%.*s=%.*s",
                               STR(application_text(k->cx, list->items[i], "name")),
                               STR(application_text(k->cx, list->items[i], "count"))));
    return !words.len || edit_replicas(k->file, &words);
}

static bool add_pairs(const struct kustomize *k, const char *name, struct edit_pairs pairs,
                      bool expand)
{
    const struct node *map;
    struct strings words = { 0 };
    if (!application_texts(k->cx, k->section, name, NODE_MAP, &map))
        return false;
    for (uint32_t i = 0; node_is(map, NODE_MAP) && i < map->len; i++) {
        const struct entry *e = &map->entries[i];
        str value = e->value->text;
        if (expand && !application_expand(k->cx, k->app, k->source, e->value, &value))
            return false;
        strings_add(k->cx, &words,
                    str_format(k->cx->arena, "%.*s:%.*s", STR(e->key->text), STR(value)));
    }
    pairs.field = str_from(name);
    pairs.words = &words;
    return !words.len || edit_add_pairs(k->file, &pairs);
}

static bool add_labels(const struct kustomize *k)
{
    return add_pairs(
               k, "commonLabels",
               (struct edit_pairs){ .noun = S("label"),
                                    .force = is_true(k, "forceCommonLabels"),
                                    .without_selector = is_true(k, "labelWithoutSelector"),
                                    .include_templates = is_true(k, "labelIncludeTemplates") },
               true)
           && add_pairs(k, "commonAnnotations",
                        (struct edit_pairs){ .noun = S("annotation"),
                                             .force = is_true(k, "forceCommonAnnotations") },
                        is_true(k, "commonAnnotationsEnvsubst"));
}

/* In another file a position means nothing. */
static struct node *without_place(struct context *cx, const struct node *n)
{
    struct node *copy = node_copy(cx, n);
    copy->pos = NOWHERE;
    for (uint32_t i = 0; copy->kind == NODE_MAP && i < copy->len; i++) {
        copy->entries[i].value = without_place(cx, copy->entries[i].value);
        copy->entries[i].pos = NOWHERE;
    }
    for (uint32_t i = 0; copy->kind == NODE_LIST && i < copy->len; i++)
        copy->items[i] = without_place(cx, copy->items[i]);
    return copy;
}

static void add_patches(const struct kustomize *k)
{
    const struct node *list = field(k, "patches");
    if (!node_is(list, NODE_LIST) || !list->len)
        return;
    struct node *own = edit_list_of(k->file, k->file->file, S("patches"));
    for (uint32_t i = 0; i < list->len; i++)
        node_push(k->cx, own, without_place(k->cx, list->items[i]));
}

static bool add_components(const struct kustomize *k)
{
    const struct node *list;
    struct strings words = { 0 };
    if (!application_texts(k->cx, k->section, "components", NODE_LIST, &list))
        return false;
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        str path = list->items[i]->text;
        if (!is_true(k, "ignoreMissingComponents")
            || folder_kind(k->cx, k->folder, path) == FILE_FOLDER)
            strings_add(k->cx, &words, path);
    }
    if (words.len)
        edit_add_paths(k->file, S("components"), S("component"), &words);
    return true;
}

/* In the order in which Argo CD makes its calls. */
static bool edit(const struct kustomize *k)
{
    set_text(k, "namePrefix");
    set_text(k, "nameSuffix");
    if (!set_images(k) || !set_replicas(k) || !add_labels(k))
        return false;
    set_text(k, "namespace");
    add_patches(k);
    return add_components(k);
}

static bool settle_build(const struct kustomize *k, struct build_options *build)
{
    const struct node *versions;
    if (!application_texts(k->cx, k->section, "apiVersions", NODE_LIST, &versions))
        return false;
    build->helm_kube_version = application_text(k->cx, k->section, "kubeVersion");
    if (!versions)
        return true;
    str *at = NEW_ARRAY(k->cx->arena, str, versions->len);
    for (uint32_t i = 0; i < versions->len; i++)
        at[i] = versions->items[i]->text;
    build->helm_api_versions = at;
    build->helm_api_version_count = versions->len;
    return true;
}

bool application_kustomize(struct context *cx, const struct application *app,
                           const struct node *source, struct environment *env,
                           struct environment_part *part)
{
    struct folder *plain = part->plain;
    struct edit_file file;
    struct kustomize k = {
        cx, app, source, node_get_text(cx, source, S("kustomize")), plain, &file
    };
    str name, bytes;
    if (!node_is(k.section, NODE_MAP) || !k.section->len)
        return true;
    if (!settle_build(&k, &part->build))
        return false;
    struct text *text = kustomization_read(cx, plain, k.section->pos, &name);
    if (!text || !edit_file_open(cx, text, &file) || !edit(&k) || !edit_file_close(&file, &bytes))
        return false;
    if (str_eq(bytes, text->bytes))
        return true;
    struct source *edited = source_edited(cx, plain->source);
    if (!source_edit(cx, edited, source_join(cx->arena, plain->path, name), bytes, k.section->pos))
        return false;
    part->path.folder = source_folder(cx, edited, plain->path, k.section->pos);
    environment_reads_from(cx, env, edited);
    return part->path.folder;
}
