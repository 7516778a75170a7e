/* patches, patchesStrategicMerge and patchesJson6902: which documents a patch is for.
 *
 * A patch that is a list holds JSON 6902 operations and needs a target. One that looks like
 * a resource is a strategic merge: it is for the resource that it names, now or before
 * renaming, or for all that its target selects. */
#include <strings.h>

#include "overlays/documents.h"
#include "overlays/kustomization.h"
#include "overlays/patch_json.h"
#include "overlays/patch_merge.h"
#include "overlays/remote.h"
#include "overlays/selector.h"
#include "overlays/steps.h"

#include "render/doc/origin.h"
#include "render/doc/scalar.h"

struct patch {
    struct pos pos; /* the entry that asked for it */
    struct documents merges;
    const struct node *operations; /* JSON 6902, when not NULL */
    const struct node *target;     /* NULL when the patch names its resource */
    bool allow_name_change;
    bool allow_kind_change;
    bool empty_map; /* it is "{}", which is no patch of either kind */
    bool remembers; /* the target's old name is kept when operations change it */
};

/* The patch's text, from a file or from the entry itself. */
static struct text *patch_text(struct context *cx, struct overlay *o, const struct node *entry,
                               const struct key *inline_key)
{
    const struct node *path = node_get(entry, KEY(PATH));
    const struct node *inline_ = node_get(entry, inline_key);
    bool has_path = path && node_is_scalar(path) && path->text.len;
    bool has_text = inline_ && node_is_scalar(inline_) && str_trim(inline_->text).len;
    if (has_path == has_text) {
        report(cx, entry->pos,
               has_path ? "path and %.*s can't both be set" : "one of path and %.*s must be set",
               STR(inline_key->text));
        return NULL;
    }
    return has_path ? remote_read(cx, o, path->text, path->pos) : text_of_scalar(cx, inline_);
}

static bool read_target(struct context *cx, const struct node *entry, struct patch *patch)
{
    patch->target = node_get(entry, KEY(TARGET));
    if (patch->target && patch->target->kind == NODE_NULL)
        patch->target = NULL;
    if (patch->target && patch->target->kind != NODE_MAP)
        return report(cx, patch->target->pos, "a target is a map, not %s",
                      node_kind_name(patch->target));
    return true;
}

/* A list is operations, anything else documents. */
static bool read_patch(struct context *cx, struct text *text, struct patch *patch)
{
    struct documents raw = { 0 };
    bool json = str_starts(text->bytes, S("["));
    if (!json && !yaml_read_all(cx, text, YAML_GO3_FIRST, &raw))
        return false;
    if (json || (raw.len && raw.at[0]->kind == NODE_LIST)) {
        patch->operations = patch_json_read(cx, text);
        return patch->operations != NULL;
    }
    if (!documents_check(cx, &raw, &patch->merges))
        return false;
    patch->empty_map = raw.len && !patch->merges.len && raw.at[0]->kind == NODE_MAP;
    return true;
}

/* By these a patch says whom it is for; that what it is for has them is not its doing. */
static void keep_identity(struct context *cx, struct node *document)
{
    struct node *metadata = node_get(document, KEY_METADATA);
    struct entry *fields[] = { node_entry(document, KEY_API_VERSION),
                               node_entry(document, KEY_KIND), node_entry(metadata, KEY_NAME),
                               node_entry(metadata, KEY_NAMESPACE) };
    for (size_t i = 0; i < countof(fields); i++) {
        struct node *was = fields[i] ? node_was(fields[i]->value) : NULL;
        if (was && node_maker(fields[i]->value) == cx->step && node_equal(fields[i]->value, was))
            fields[i]->value = was;
    }
}

/* What a patch adds as it stands may have no key twice, though where it changes a map the first of
 * them counts. patches.cases has both. */
static const struct node *find_twice(const struct node *n)
{
    const struct node *found = n->kind == NODE_MAP && n->flags & NODE_TWICE ? n : NULL;
    for (uint32_t i = 0; !found && n->kind == NODE_LIST && i < n->len; i++)
        found = find_twice(n->items[i]);
    for (uint32_t i = 0; !found && n->kind == NODE_MAP && i < n->len; i++)
        found = find_twice(n->entries[i].value);
    return found;
}

static bool check_twice(struct context *cx, const struct node *patch, const struct node *merged)
{
    const struct node *twice = find_twice(patch) ? find_twice(merged) : NULL;
    return !twice || report(cx, twice->pos, "a key is twice in this map, which the patch adds");
}

static bool is_empty(const struct resource *r)
{
    return !node_is(r->node, NODE_MAP) || r->node->len == 0;
}

static bool merge_into(struct context *cx, struct overlay *o, struct resource *r,
                       const struct patch *patch, struct node *document)
{
    struct identity id = resource_id(r);
    if (patch->allow_name_change || patch->allow_kind_change)
        resource_remember(cx, r);
    o->build->schema_loaded = true;
    resource_call_again(r);
    if (!patch_merge(cx, o->build->schema, &r->node, document))
        return false;
    if (!is_empty(r) && !check_twice(cx, document, r->node))
        return false;
    if (is_empty(r)) {
        r->node = NULL;
        return true;
    }
    if (!patch->allow_kind_change && !str_eq(node_get_str(r->node, KEY_KIND), id.gvk.kind))
        node_set(cx, r->node, KEY_KIND, node_string(cx, id.gvk.kind));
    struct node *metadata = node_get_map(cx, r->node, KEY_METADATA);
    if (!metadata)
        return report(cx, document->pos, "this patch leaves no metadata");
    if (!patch->allow_name_change && !str_eq(node_get_str(metadata, KEY_NAME), id.name))
        node_set(cx, metadata, KEY_NAME, node_string(cx, id.name));
    if (!str_eq(node_get_str(metadata, KEY_NAMESPACE), id.namespace_)) {
        if (id.namespace_.len)
            node_set(cx, metadata, KEY_NAMESPACE, node_string(cx, id.namespace_));
        else
            node_remove(metadata, KEY_NAMESPACE);
    }
    keep_identity(cx, r->node);
    return true;
}

/* A patch with a target has the version of whatever it is laid over. */
static struct node *with_version_of(struct context *cx, struct node *patch,
                                    const struct node *target)
{
    const struct node *version = node_get(target, KEY_API_VERSION);
    const struct node *own = node_get(patch, KEY_API_VERSION);
    if (!version || (own && node_equal(own, version)))
        return patch;
    struct node *copy = node_map(cx);
    copy->pos = patch->pos;
    for (uint32_t i = 0; i < patch->len; i++)
        node_add(cx, copy, patch->entries[i].key, patch->entries[i].value);
    copy->flags = patch->flags;
    struct entry *e = node_entry(copy, KEY_API_VERSION);
    if (e)
        e->value = node_copy(cx, version);
    else
        node_add(cx, copy, KEY_API_VERSION, node_copy(cx, version));
    return copy;
}

/* Names may have changed, documents may have gone. */
static bool settle(struct context *cx, struct overlay *o, const struct patch *patch, bool emptied)
{
    struct resources *all = &o->sum->resources;
    if (emptied)
        resources_drop_empty(all);
    if (!patch->allow_name_change && !patch->allow_kind_change)
        return true;
    resources_renamed(all);
    return resources_check_unique(cx, all, patch->pos);
}

/* The one resource that the patch's own kind and name say, now or before. */
static bool merge_by_name(struct context *cx, struct overlay *o, const struct patch *patch,
                          struct node *document, bool *emptied)
{
    struct resources *all = &o->sum->resources;
    struct resource self = { .node = document };
    struct identity id = resource_id(&self);
    id.namespace_ = resource_namespace(&self);
    struct found f = resources_any(cx, all, id);
    if (f.count == 1) {
        bool ok = merge_into(cx, o, f.first, patch, document);
        *emptied |= is_empty(f.first);
        return ok;
    }
    str name = identity_print(cx->arena, resource_id(&self));
    if (f.count) {
        report(cx, document->pos, "%u resources match the patch '%.*s'", f.count, STR(name));
        note(cx, f.first->node->pos, "one is here");
        note(cx, f.second->node->pos, "another is here");
        return false;
    }
    report(cx, document->pos, "no resource matches strategic merge patch '%.*s'", STR(name));
    resources_hint(cx, all, id.gvk.kind, id.name);
    return false;
}

/* Strictly, a target that selects nothing is a mistake. */
static bool check_selected(struct context *cx, struct resources *all, const struct patch *patch,
                           uint32_t selected)
{
    if (selected || !cx->switches.strict)
        return true;
    const struct node *name = node_get(patch->target, KEY_NAME);
    report(cx, name ? name->pos : patch->target->pos, "no resource matches this patch's target");
    if (name && node_is_scalar(name))
        resources_hint(cx, all, node_get_str(patch->target, KEY_KIND), name->text);
    return false;
}

/* What is neither documents nor operations. kustomize v5.7.1 takes it for operations. */
static bool apply_nothing(struct context *cx, const struct overlay *o, const struct patch *patch)
{
    if (o->build->compat->empty_patches)
        return true;
    if (!patch->target)
        return report(cx, patch->pos, "must specify a target for a JSON patch");
    return !patch->empty_map || report(cx, patch->pos, "an empty map is no patch");
}

static bool apply_merges(struct context *cx, struct overlay *o, const struct patch *patch)
{
    struct resources *all = &o->sum->resources;
    const struct documents *merges = &patch->merges;
    bool emptied = false;
    if (!merges->len)
        return apply_nothing(cx, o, patch);
    if (!patch->target) {
        for (uint32_t i = 0; i < merges->len; i++) {
            if (!merge_by_name(cx, o, patch, merges->at[i], &emptied))
                return false;
        }
        return settle(cx, o, patch, emptied);
    }
    if (merges->len > 1)
        return report(cx, patch->pos, "several strategic merge patches cannot have one target");
    struct selector selector;
    struct selected selected = { 0 };
    if (!selector_read(cx, patch->target, &selector)
        || (merges->len && !selector_select(cx, &selector, all, &selected)))
        return false;
    for (uint32_t i = 0; i < selected.len; i++) {
        struct resource *r = selected.at[i];
        if (!merge_into(cx, o, r, patch, with_version_of(cx, merges->at[0], r->node)))
            return false;
        emptied |= is_empty(r);
    }
    return check_selected(cx, all, patch, selected.len) && settle(cx, o, patch, emptied);
}

/* Operations may do anything, but a resource keeps a kind and a name. */
static bool check_named(struct context *cx, const struct resource *r, const struct patch *patch)
{
    struct identity id = resource_id(r);
    if (id.gvk.kind.len == 0)
        return report(cx, patch->operations->pos, "this patch leaves no kind");
    return id.name.len || report(cx, patch->operations->pos, "this patch leaves no metadata.name");
}

static bool apply_operations(struct context *cx, struct overlay *o, const struct patch *patch)
{
    struct resources *all = &o->sum->resources;
    if (!patch->target)
        return (patch->operations->len == 0 && o->build->compat->empty_patches)
               || report(cx, patch->pos, "must specify a target for a JSON patch");
    struct selector selector;
    struct selected selected;
    bool renamed = false;
    if (!selector_read(cx, patch->target, &selector)
        || !selector_select(cx, &selector, all, &selected))
        return false;
    for (uint32_t i = 0; i < selected.len; i++) {
        struct resource *r = selected.at[i];
        struct identity before = resource_id(r);
        if (patch->remembers)
            resource_remember(cx, r);
        resource_call_again(r);
        if (!patch_json_apply(cx, r->node, patch->operations) || !check_named(cx, r, patch))
            return false;
        renamed |= !identity_equal(before, resource_id(r));
    }
    if (renamed)
        resources_renamed(all);
    return check_selected(cx, all, patch, selected.len);
}

static bool apply(struct context *cx, struct overlay *o, const struct patch *patch)
{
    return patch->operations ? apply_operations(cx, o, patch) : apply_merges(cx, o, patch);
}

static bool is_true(const struct node *map, const struct key *key)
{
    const struct node *n = node_get(map, key);
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

bool patch_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    const struct node *options = node_get(config, KEY(OPTIONS));
    struct patch patch = {
        .pos = config->pos,
        .allow_name_change = is_true(options, KEY(ALLOW_NAME_CHANGE)),
        .allow_kind_change = is_true(options, KEY(ALLOW_KIND_CHANGE)),
        .remembers = true,
    };
    struct text *text = patch_text(cx, o, config, KEY(PATCH_TEXT));
    return text && read_target(cx, config, &patch) && read_patch(cx, text, &patch)
           && apply(cx, o, &patch);
}

static bool each(struct context *cx, struct overlay *o, const struct node *config, step_fn *one)
{
    resources_ask_again(&o->sum->resources);
    for (uint32_t i = 0; i < config->len; i++) {
        const struct node *entry = config->items[i];
        diag_enter(cx, entry->pos, "in this patch");
        step_enter_entry(cx, entry->pos);
        bool ok = one(cx, o, entry);
        step_leave(cx);
        diag_leave(cx);
        if (!ok)
            return false;
    }
    return true;
}

static bool is_called(const struct key *key, str name)
{
    return key->text.len == name.len && strncasecmp(key->text.at, name.at, name.len) == 0;
}

/* Names are compared without regard to case, as all names of a kustomization are. */
static bool check_options(struct context *cx, struct node *options)
{
    const struct key *known[] = { KEY(ALLOW_NAME_CHANGE), KEY(ALLOW_KIND_CHANGE) };
    for (uint32_t i = 0; node_is(options, NODE_MAP) && i < options->len; i++) {
        struct entry *e = &options->entries[i];
        size_t k = 0;
        while (k < countof(known) && !is_called(known[k], e->key->text))
            k++;
        if (k == countof(known))
            return report(cx, e->pos, "unknown field '%.*s'", STR(e->key->text));
        e->key = known[k];
    }
    return true;
}

bool patches_field(struct context *cx, struct overlay *o, const struct node *config)
{
    for (uint32_t i = 0; o->build->compat->known_patch_options && i < config->len; i++) {
        if (!check_options(cx, node_get(config->items[i], KEY(OPTIONS))))
            return false;
    }
    return each(cx, o, config, patch_plugin);
}

static bool apply_json(struct context *cx, struct overlay *o, const struct node *entry,
                       const struct key *inline_key)
{
    struct patch patch = { .pos = entry->pos };
    struct text *text = patch_text(cx, o, entry, inline_key);
    if (!text || !read_target(cx, entry, &patch) || !read_patch(cx, text, &patch))
        return false;
    if (node_get_str(patch.target, KEY_NAME).len == 0)
        return report(cx, entry->pos, "must specify the target name");
    if (!patch.operations || patch.operations->len == 0)
        return report(cx, (struct pos){ text->id, 0 }, "patch appears to be empty");
    return apply(cx, o, &patch);
}

static bool json_entry(struct context *cx, struct overlay *o, const struct node *entry)
{
    return apply_json(cx, o, entry, KEY(PATCH_TEXT));
}

bool patches_json_field(struct context *cx, struct overlay *o, const struct node *config)
{
    return each(cx, o, config, json_entry);
}

bool patch_json_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return apply_json(cx, o, config, KEY(JSON_OP));
}

/* An entry of patchesStrategicMerge is a patch itself, or else the path of a file of them. */
static bool read_entry(struct context *cx, struct overlay *o, const struct node *entry,
                       struct patch *patch)
{
    struct documents raw = { 0 };
    uint32_t errors = cx->diags.errors;
    diag_mute(cx);
    bool is_text = str_has_char(entry->text, '\n') || str_has_char(entry->text, ':');
    is_text = is_text && yaml_read_all(cx, text_of_scalar(cx, entry), YAML_GO3_FIRST, &raw)
              && documents_check(cx, &raw, &patch->merges);
    diag_unmute(cx);
    cx->diags.errors = errors;
    if (is_text)
        return true;
    struct text *text = remote_read(cx, o, entry->text, entry->pos);
    return text && documents_read_patch(cx, text, &patch->merges);
}

static bool apply_all(struct context *cx, struct overlay *o, struct patch *patch)
{
    if (patch->merges.len == 0)
        return report(cx, patch->pos, "patch appears to be empty");
    return apply(cx, o, patch);
}

bool patches_merge_field(struct context *cx, struct overlay *o, const struct node *config)
{
    struct patch patch = { .pos = config->pos };
    if (config->len == 0)
        return true;
    for (uint32_t i = 0; i < config->len; i++) {
        if (node_is(config->items[i], NODE_STRING) && !read_entry(cx, o, config->items[i], &patch))
            return false;
    }
    return apply_all(cx, o, &patch);
}

bool patch_merge_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct patch patch = { .pos = config->pos };
    const struct node *paths = node_get(config, KEY(PATHS));
    const struct node *inline_ = node_get(config, KEY(PATCHES));
    for (uint32_t i = 0; node_is(paths, NODE_LIST) && i < paths->len; i++) {
        if (!read_entry(cx, o, paths->items[i], &patch))
            return false;
    }
    if (node_is(inline_, NODE_STRING) && inline_->text.len
        && !documents_read_patch(cx, text_of_scalar(cx, inline_), &patch.merges))
        return false;
    return apply_all(cx, o, &patch);
}
