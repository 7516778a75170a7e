/* ValueAddTransformer: one value into many fields, by default the name of the kustomization's
 * folder. A field that holds a file's path can take the value as one of its parts. */
#include "overlays/field_path.h"
#include "overlays/remote.h"
#include "overlays/selector.h"
#include "overlays/steps.h"

#include "render/base/number.h"
#include "render/doc/yaml_read.h"

struct target {
    const struct node *selector; /* NULL: every resource */
    struct field_path path;
    int64_t position; /* of the value in a file's path, from 1; 0 puts it alone */
};

/* An absolute path begins with an empty part; of the slashes it begins with, one is the root. */
static str *split_path(struct arena *a, str path, size_t *len)
{
    str *parts = NEW_ARRAY(a, str, path.len + 2), part;
    *len = str_eq(path, S("/"));
    if (*len || path.len == 0)
        return parts;
    if (str_starts(path, S("//")))
        path = str_skip(path, 1);
    while (str_next_field(&path, '/', &part))
        parts[(*len)++] = part;
    return parts;
}

static str join_path(struct arena *a, const str *parts, size_t len)
{
    bool absolute = parts[0].len == 0;
    size_t first = 0;
    while (first < len && parts[first].len == 0)
        first++;
    str joined = source_join(a, S(""), str_join(a, parts + first, len - first, S("/")));
    return absolute ? str_concat(a, S("/"), joined) : joined;
}

/* Beyond the last part is behind it; a path stays absolute, or not. */
static str insert_part(struct arena *a, str path, int64_t position, str value)
{
    size_t len, at = (size_t)position - 1;
    str *parts = split_path(a, path, &len);
    if (at > len)
        at = len;
    if (len && parts[0].len == 0 && at < len)
        at++;
    memmove(parts + at + 1, parts + at, (len - at) * sizeof *parts);
    parts[at] = value;
    return join_path(a, parts, len + 1);
}

static bool set_value(struct context *cx, struct resource *r, const struct target *t, str value)
{
    struct node *field;
    if (str_eq(t->path.text, S("metadata/namespace")))
        return namespace_set(cx, r, value);
    if (!field_path_get(cx, &t->path, r->node, true, &field, NULL))
        return false;
    if (!field)
        return true;
    if (t->position && node_is_scalar(field))
        value = insert_part(cx->arena, field->text, t->position, value);
    struct node *set = field;
    if (!field_set_plain(cx, &set, value))
        return false;
    node_assign(cx, field, set);
    return true;
}

static bool apply_target(struct context *cx, struct resources *all, const struct target *t,
                         str value)
{
    struct selector selector;
    if (t->selector && !selector_read(cx, t->selector, &selector))
        return false;
    for (uint32_t i = 0; i < all->len; i++) {
        struct resource *r = all->at[i];
        if ((!t->selector || selector_matches(cx, &selector, r)) && !set_value(cx, r, t, value))
            return false;
    }
    return !diag_failed(cx);
}

static bool read_target(struct context *cx, const struct node *n, struct target *t)
{
    const struct node *path = node_get(n, KEY(FIELD_PATH));
    const struct node *position = node_get(n, KEY(FILE_PATH_POSITION));
    const struct node *selector = node_get(n, KEY(SELECTOR));
    *t = (struct target){ .selector = node_is(selector, NODE_NULL) ? NULL : selector };
    if (t->selector && t->selector->kind != NODE_MAP)
        return report(cx, selector->pos, "a selector is a map, not %s", node_kind_name(selector));
    if (!node_is(path, NODE_STRING) || path->text.len == 0)
        return report(cx, path ? path->pos : n->pos, "fieldPath cannot be empty");
    t->path = field_path_slashed(cx, path->text, path->pos);
    if (!position || position->kind == NODE_NULL)
        return true;
    if (position->kind != NODE_INT || number_int(position->text, 10, 64, &t->position) != NUMBER_OK)
        return report(cx, position->pos, "filePathPosition is an integer, not %s",
                      node_kind_name(position));
    return t->position >= 0
           || report(cx, position->pos, "the value of filePathPosition (%lld) cannot be negative",
                     (long long)t->position);
}

struct targets {
    struct target *at;
    uint32_t len;
    uint32_t cap;
};

static bool add_targets(struct context *cx, const struct node *list, struct targets *out)
{
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "targets are a list, not %s", node_kind_name(list));
    for (uint32_t i = 0; i < list->len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        if (!read_target(cx, list->items[i], &out->at[out->len++]))
            return false;
    }
    return true;
}

static bool add_targets_of_file(struct context *cx, struct overlay *o, const struct node *path,
                                struct targets *out)
{
    if (!path || !node_is_scalar(path) || path->text.len == 0)
        return true;
    struct text *text = remote_read(cx, o, path->text, path->pos);
    const struct node *file = text ? yaml_read(cx, text, YAML_GO2) : NULL;
    return file && add_targets(cx, node_get(file, KEY(TARGETS)), out);
}

static str default_value(const struct overlay *o)
{
    str above, name;
    if (!str_cut_last(o->folder->real, '/', &above, &name))
        name = o->folder->real;
    return name.len ? name : S(".");
}

bool value_add_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct targets targets = { 0 };
    str value = str_trim(node_get_str(config, KEY(VALUE)));
    if (value.len == 0)
        value = default_value(o);
    if (!add_targets(cx, node_get(config, KEY(TARGETS)), &targets)
        || !add_targets_of_file(cx, o, node_get(config, KEY(TARGET_FILE_PATH)), &targets))
        return false;
    if (targets.len == 0)
        return report(cx, config->pos, "must specify at least one target");
    for (uint32_t i = 0; i < targets.len; i++) {
        if (!apply_target(cx, &o->sum->resources, &targets.at[i], value))
            return false;
    }
    resources_renamed(&o->sum->resources);
    return true;
}
