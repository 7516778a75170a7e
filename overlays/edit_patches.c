/* Edits of `patches`. A patch is the same only when all that it says is the same, an empty
 * target and none being two things. */
#include "overlays/edit_file.h"

struct target_field {
    str name;
    size_t at;
};

static const struct target_field target_fields[] = {
    { S("group"), offsetof(struct edit_patch, group) },
    { S("version"), offsetof(struct edit_patch, version) },
    { S("kind"), offsetof(struct edit_patch, kind) },
    { S("name"), offsetof(struct edit_patch, name) },
    { S("namespace"), offsetof(struct edit_patch, namespace_) },
    { S("annotationSelector"), offsetof(struct edit_patch, annotation_selector) },
    { S("labelSelector"), offsetof(struct edit_patch, label_selector) },
};

static str wanted(const struct edit_patch *patch, const struct target_field *field)
{
    return *(const str *)((const char *)patch + field->at);
}

static bool has_target(const struct edit_patch *patch)
{
    for (size_t i = 0; i < countof(target_fields); i++) {
        if (wanted(patch, &target_fields[i]).len)
            return true;
    }
    return false;
}

static str text_at(struct context *cx, const struct node *map, str field)
{
    const struct node *value = node_get_text(cx, map, field);
    return node_is(value, NODE_STRING) ? value->text : S("");
}

static bool same_target(struct context *cx, const struct node *target,
                        const struct edit_patch *patch)
{
    if (!node_is(target, NODE_MAP) || !has_target(patch))
        return node_is(target, NODE_MAP) == has_target(patch);
    for (size_t i = 0; i < countof(target_fields); i++) {
        str is = text_at(cx, target, target_fields[i].name);
        if (!str_eq(is, wanted(patch, &target_fields[i])))
            return false;
    }
    return true;
}

static bool same(struct context *cx, const struct node *item, const struct edit_patch *patch)
{
    return str_eq(text_at(cx, item, S("path")), patch->path)
           && str_eq(text_at(cx, item, S("patch")), patch->patch)
           && !node_is(node_get(item, KEY(OPTIONS)), NODE_MAP)
           && same_target(cx, node_get_text(cx, item, S("target")), patch);
}

void edit_add_patch(struct edit_file *f, const struct edit_patch *patch)
{
    struct node *patches = edit_list_of(f, f->file, S("patches"));
    for (uint32_t i = 0; i < patches->len; i++) {
        if (same(f->cx, patches->items[i], patch)) {
            warn(f->cx, patches->items[i]->pos, "patch already in kustomization file");
            return;
        }
    }
    struct node *item = node_map(f->cx);
    edit_put(f, item, S("path"), patch->path);
    edit_put(f, item, S("patch"), patch->patch);
    if (has_target(patch)) {
        struct node *target = edit_map_of(f, item, S("target"));
        for (size_t i = 0; i < countof(target_fields); i++)
            edit_put(f, target, target_fields[i].name, wanted(patch, &target_fields[i]));
    }
    node_push(f->cx, patches, item);
}

void edit_remove_patch(struct edit_file *f, const struct edit_patch *patch)
{
    struct node *patches = node_get_text(f->cx, f->file, S("patches"));
    bool found = false;
    for (uint32_t i = node_is(patches, NODE_LIST) ? patches->len : 0; i-- > 0;) {
        if (same(f->cx, patches->items[i], patch)) {
            node_remove_at(patches, i);
            found = true;
        }
    }
    if (!found)
        warn(f->cx, NOWHERE, "patch %.*s doesn't exist in kustomization file", STR(patch->patch));
    edit_drop_empty(f, f->file, S("patches"));
}
