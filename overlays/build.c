/* The root: all levels accumulated, then what only the whole can decide. */
#include "overlays/build.h"

#include "overlays/accumulate.h"
#include "overlays/kustomization.h"
#include "overlays/metadata.h"
#include "overlays/name_ref.h"
#include "overlays/remote.h"
#include "overlays/remote_address.h"
#include "overlays/sort.h"
#include "overlays/steps.h"
#include "overlays/vars.h"

bool overlay_exists(struct context *cx, struct folder *folder)
{
    for (size_t i = 0; i < countof(kustomization_names); i++) {
        if (folder_kind(cx, folder, kustomization_names[i]) == FILE_PLAIN)
            return true;
    }
    return false;
}

struct folder *overlay_root(struct context *cx, struct source *source, str word, struct pos from)
{
    struct build build = { 0 };
    struct remote_address address;
    if (remote_address_parse(cx->arena, word, &address))
        return remote_folder(cx, &build, NULL, word, from);
    return source_folder(cx, source, word, from);
}

/* Documents that are for local use only do not come out. */
static void drop_local(struct context *cx, struct resources *all)
{
    const struct key *mark = intern(cx->keys, S("config.kubernetes.io/local-config"));
    for (uint32_t i = 0; i < all->len; i++) {
        const struct node *metadata = node_get(all->at[i]->node, KEY_METADATA);
        const struct node *local = node_get(node_get(metadata, KEY_ANNOTATIONS), mark);
        if (local && node_is_scalar(local) && !str_eq(local->text, S("false")))
            all->at[i]->node = NULL;
    }
    resources_drop_empty(all);
}

/* kustomize takes away the annotations that it has made itself: of a scalar nothing stays. */
static void drop_scalar_annotations(struct resources *all)
{
    for (uint32_t i = 0; i < all->len; i++) {
        struct node *metadata = node_get(all->at[i]->node, KEY_METADATA);
        const struct node *n = node_get(metadata, KEY_ANNOTATIONS);
        if (n && node_is_scalar(n) && n->kind != NODE_NULL)
            node_remove(metadata, KEY_ANNOTATIONS);
    }
}

static bool finish(struct context *cx, struct overlay *root)
{
    struct resources *all = &root->sum->resources;
    if (!name_hash_plugin(cx, root, root->file) || !name_ref_fix(cx, root->sum)
        || !vars_resolve(cx, root->sum))
        return false;
    drop_local(cx, all);
    drop_scalar_annotations(all);
    return sort_resources(cx, root) && metadata_finish(cx, root);
}

bool overlay_build(struct context *cx, struct folder *folder, const struct build_options *options,
                   struct resources *out)
{
    struct build build = { .options = options, .builtin = field_config_new(cx) };
    struct accumulator sum = { .config = build.builtin };
    struct overlay root = { .build = &build, .folder = folder, .sum = &sum };
    build.compat = options->compat ? options->compat : &compat_rows[0];
    build.schema = merge_schema_builtin(cx);
    if (!build.schema || !kustomization_load(cx, &root) || !metadata_read(cx, &root)
        || !accumulate_schema(cx, &root) || !accumulate(cx, &root) || !finish(cx, &root))
        return false;
    *out = sum.resources;
    return true;
}
