/* Walking a field spec through a document. */
#include "overlays/field_spec.h"

#include "render/base/number.h"
#include "render/doc/path.h"
#include "render/doc/scalar.h"

struct walk {
    struct context *cx;
    const struct field_spec *spec;
    enum node_kind leaf;
    field_fn *set;
    void *arg;
};

/* Words that kustomize takes for an item of a list: "*", "-", "[name=web]" and numbers. */
static bool names_item(str name)
{
    if (str_eq(name, S("*")) || str_eq(name, S("-")))
        return true;
    if (str_starts(name, S("[")) && str_ends(name, S("]")))
        return true;
    int64_t index;
    bool sign = name.len > 1 && name.at[0] == '+';
    return number_int(sign ? str_skip(name, 1) : name, 10, 64, &index) == NUMBER_OK;
}

void field_spec_compile(struct context *cx, struct field_spec *spec)
{
    if (spec->parts)
        return;
    struct path path = path_slashed(cx->arena, str_trim_prefix(spec->path, S("/")));
    spec->parts = NEW_ARRAY(cx->arena, struct field_part, path.len);
    spec->part_len = path.len;
    for (uint32_t i = 0; i < path.len; i++) {
        str name = str_trim_suffix(path.parts[i], S("[]"));
        spec->parts[i].list = name.len != path.parts[i].len;
        spec->parts[i].item = names_item(name);
        spec->parts[i].key = intern(cx->keys, name);
    }
}

static bool walk(struct walk *w, struct node **slot, uint32_t at);

static bool check_part(const struct walk *w, const struct field_part *part, const struct node *map)
{
    if (part->key->text.len && !part->item)
        return true;
    if (part->key->text.len == 0)
        return report(w->cx, w->spec->pos, "the path '%.*s' has an empty field name",
                      STR(w->spec->path));
    report(w->cx, w->spec->pos, "'%.*s' in the path '%.*s' stands for items of a list",
           STR(part->key->text), STR(w->spec->path));
    note(w->cx, map->pos, "here it leads to a map");
    hint(w->cx, NOWHERE, "a path goes into every item of a list by itself");
    return false;
}

static struct node *new_empty(struct context *cx, enum node_kind kind)
{
    if (kind == NODE_MAP)
        return node_map(cx);
    if (kind == NODE_LIST)
        return node_list(cx);
    return node_string(cx, S(""));
}

static bool walk_map(struct walk *w, struct node *map, uint32_t at)
{
    const struct field_part *part = &w->spec->parts[at];
    if (!check_part(w, part, map))
        return false;
    bool last = at + 1 == w->spec->part_len;
    bool creates = w->spec->create && w->leaf != NODE_NULL && !part->list;
    enum node_kind kind = part->list ? NODE_LIST : last ? w->leaf : NODE_MAP;
    struct entry *e = node_entry(map, part->key);
    if (!e && !creates)
        return true;
    if (!e)
        e = node_add(w->cx, map, part->key, new_empty(w->cx, kind));
    else if (e->value->kind == NODE_NULL && (creates || part->list))
        node_replace(w->cx, &e->value, new_empty(w->cx, kind));
    return walk(w, &e->value, at + 1);
}

static bool walk_list(struct walk *w, struct node *list, uint32_t at)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (!walk(w, &list->items[i], at))
            return false;
    }
    return true;
}

/* What stands here leads on; a path may be as long as a kustomization likes. */
static bool walk_on(struct walk *w, struct node *n, uint32_t at)
{
    if (!limit_enter(w->cx, LIMIT_DEPTH, w->spec->pos))
        return false;
    bool ok = n->kind == NODE_MAP ? walk_map(w, n, at) : walk_list(w, n, at);
    limit_leave(w->cx, LIMIT_DEPTH);
    return ok;
}

static bool walk(struct walk *w, struct node **slot, uint32_t at)
{
    struct node *n = *slot;
    if (at == w->spec->part_len)
        return w->set(w->cx, slot, w->arg);
    if (n->kind == NODE_NULL)
        return true;
    if (!node_is_scalar(n))
        return walk_on(w, n, at);
    report(w->cx, n->pos, "the path '%.*s' leads through %s, not a map or a list",
           STR(w->spec->path), node_kind_name(n));
    if (w->spec->pos.text)
        note(w->cx, w->spec->pos, "the path is asked for here");
    return false;
}

bool field_spec_selects(const struct field_spec *spec, const struct node *document)
{
    struct gvk gvk = spec->gvk;
    if (gvk.kind.len && !str_eq(gvk.kind, node_get_str(document, KEY_KIND)))
        return false;
    if (gvk.group.len == 0 && gvk.version.len == 0)
        return true;
    str group, version;
    api_version_split(node_get_str(document, KEY_API_VERSION), &group, &version);
    return (gvk.group.len == 0 || str_eq(gvk.group, group))
           && (gvk.version.len == 0 || str_eq(gvk.version, version));
}

bool field_spec_apply(struct context *cx, struct node *document, struct field_spec *spec,
                      enum node_kind leaf, field_fn *set, void *arg)
{
    if (!field_spec_selects(spec, document))
        return true;
    field_spec_compile(cx, spec);
    struct walk w = { cx, spec, leaf, set, arg };
    return walk(&w, &document, 0);
}

bool field_specs_apply(struct context *cx, struct node *document, struct field_specs *specs,
                       enum node_kind leaf, field_fn *set, void *arg)
{
    for (uint32_t i = 0; i < specs->len; i++) {
        if (!field_spec_apply(cx, document, &specs->at[i], leaf, set, arg))
            return false;
    }
    return true;
}

static bool set_scalar(struct context *cx, struct node **slot, struct node *value)
{
    const struct node *old = *slot;
    if (!node_is_scalar(old))
        return report(cx, old->pos, "a scalar is set here, but %s stands here",
                      node_kind_name(old));
    value->style = old->style;
    value->pos = old->pos;
    node_replace(cx, slot, value);
    return true;
}

bool field_set_string(struct context *cx, struct node **slot, str text)
{
    return set_scalar(cx, slot, node_string(cx, text));
}

bool field_set_plain(struct context *cx, struct node **slot, str text)
{
    bool quoted = node_is_scalar(*slot) && (*slot)->style != STYLE_PLAIN;
    return set_scalar(cx, slot, quoted ? node_string(cx, text) : node_plain(cx, text));
}

bool field_specs_merge(struct context *cx, struct field_specs *list, struct field_spec spec)
{
    for (uint32_t i = 0; i < list->len; i++) {
        const struct field_spec *s = &list->at[i];
        if (!str_eq(s->path, spec.path) || !gvk_selected(s->gvk, spec.gvk)
            || !str_eq(s->target.kind, spec.target.kind)
            || !str_eq(s->target.group, spec.target.group)
            || !str_eq(s->target.version, spec.target.version))
            continue;
        if (s->create == spec.create)
            return true;
        return report(cx, spec.pos, "conflicting field specs for '%.*s': one creates, one does not",
                      STR(spec.path));
    }
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = spec;
    return true;
}

static bool is_true(const struct node *n)
{
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

bool field_specs_read(struct context *cx, const struct node *list, struct field_specs *out)
{
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "field specs are a list, not %s", node_kind_name(list));
    for (uint32_t i = 0; i < list->len; i++) {
        const struct node *n = list->items[i];
        if (n->kind != NODE_MAP)
            return report(cx, n->pos, "a field spec is a map with a path, not %s",
                          node_kind_name(n));
        struct field_spec spec = { .pos = n->pos };
        spec.gvk.group = node_get_str(n, KEY(GROUP));
        spec.gvk.version = node_get_str(n, KEY(VERSION));
        spec.gvk.kind = node_get_str(n, KEY_KIND);
        spec.path = node_get_str(n, KEY(PATH));
        spec.create = is_true(node_get(n, KEY(CREATE)));
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = spec;
    }
    return true;
}
