/* The built-in rows as lists, made one at a time, and lists of the user merged into them. */
#include "overlays/field_config.h"

#include "overlays/kustomization_fields.h"
#include "schema/orders.h"

struct field_config *field_config_new(struct context *cx)
{
    return NEW(cx->arena, struct field_config);
}

static struct gvk row_gvk(str group, str version, str kind)
{
    return (struct gvk){ .group = group, .version = version, .kind = kind };
}

static struct field_specs *list_from_rows(struct context *cx, unsigned use)
{
    struct field_specs *list = NEW(cx->arena, struct field_specs);
    size_t count = use < FIELD_USE_COUNT ? field_row_count((enum field_use)use) : 0;
    list->at = NEW_ARRAY(cx->arena, struct field_spec, count);
    list->cap = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        struct field_row row = field_row((enum field_use)use, i);
        if (row.since == FIELD_SINCE_5_8)
            continue;
        struct field_spec *spec = &list->at[list->len++];
        spec->gvk = row_gvk(row.of.group, row.of.version, row.of.kind);
        spec->target = row_gvk(row.target.group, row.target.version, row.target.kind);
        spec->path = row.path;
        spec->create = row.create;
    }
    return list;
}

struct field_specs *field_config_list(struct context *cx, struct field_config *config, unsigned use)
{
    if (!config->lists[use])
        config->lists[use] = list_from_rows(cx, use);
    return config->lists[use];
}

static const struct {
    str name;
    unsigned use;
} file_fields[] = {
#define ROW(name, use) { S(name), (use) },
    CONFIGURATION_LISTS(ROW)
#undef ROW
};

static str sort_text(struct context *cx, struct gvk gvk)
{
    return str_format(cx->scratch, "%.*s_%.*s_%.*s", STR(gvk.group.len ? gvk.group : S("~G")),
                      STR(gvk.version.len ? gvk.version : S("~V")),
                      STR(gvk.kind.len ? gvk.kind : S("~K")));
}

/* kustomize's order of kinds: by legacy rank, then group, version and kind as text. */
static bool is_before(struct context *cx, struct gvk a, struct gvk b)
{
    int x = legacy_rank(a.kind);
    int y = legacy_rank(b.kind);
    struct mark before = arena_mark(cx->scratch);
    bool less = x != y ? x < y : str_cmp(sort_text(cx, a), sort_text(cx, b)) < 0;
    arena_rewind(cx->scratch, before);
    return less;
}

static void sort_specs(struct context *cx, struct field_specs *list)
{
    for (uint32_t i = 1; i < list->len; i++) {
        struct field_spec spec = list->at[i];
        uint32_t j = i;
        for (; j > 0 && is_before(cx, spec.gvk, list->at[j - 1].gvk); j--)
            list->at[j] = list->at[j - 1];
        list->at[j] = spec;
    }
}

static bool merge_all(struct context *cx, struct field_specs *list, const struct field_specs *more)
{
    for (uint32_t i = 0; i < more->len; i++) {
        if (!field_specs_merge(cx, list, more->at[i]))
            return false;
    }
    return true;
}

/* One list merged into another that may stand for the built-in one, or for none at all. */
static bool merge_list(struct context *cx, struct field_config *config, unsigned use,
                       const struct field_specs *more)
{
    struct field_specs *list = NEW(cx->arena, struct field_specs);
    if (config->merged && !merge_all(cx, list, field_config_list(cx, config, use)))
        return false;
    if (!merge_all(cx, list, more))
        return false;
    sort_specs(cx, list);
    config->lists[use] = list;
    return true;
}

bool field_config_merge(struct context *cx, struct field_config *config, struct field_config *more)
{
    for (unsigned use = 0; use < FIELD_LIST_COUNT; use++) {
        if (!config->lists[use] && !more->lists[use])
            continue;
        if (!merge_list(cx, config, use, field_config_list(cx, more, use)))
            return false;
    }
    config->merged = true;
    return true;
}

bool field_config_merge_additions(struct context *cx, struct field_config *config,
                                  const struct field_additions *more, bool over_builtin)
{
    struct field_config own = { .merged = true };
    for (unsigned use = 0; use < FIELD_LIST_COUNT; use++) {
        struct field_config *into = over_builtin ? &own : config;
        if (more->lists[use] && !merge_list(cx, into, use, more->lists[use]))
            return false;
    }
    return !over_builtin || field_config_merge(cx, config, &own);
}

static struct field_specs *added_list(struct context *cx, struct field_additions *more,
                                      unsigned use)
{
    if (!more->lists[use])
        more->lists[use] = NEW(cx->arena, struct field_specs);
    return more->lists[use];
}

static bool add_references(struct context *cx, struct field_additions *more,
                           const struct node *list)
{
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        const struct node *target = list->items[i];
        struct field_specs referrers = { 0 };
        if (!field_specs_read(cx, node_get(target, KEY(FIELD_SPECS)), &referrers))
            return false;
        for (uint32_t j = 0; j < referrers.len; j++)
            referrers.at[j].target =
                row_gvk(node_get_str(target, KEY(GROUP)), node_get_str(target, KEY(VERSION)),
                        node_get_str(target, KEY_KIND));
        if (!merge_all(cx, added_list(cx, more, FIELDS_NAME_REFERENCE), &referrers))
            return false;
    }
    return true;
}

static const unsigned *find_use(str name)
{
    for (size_t i = 0; i < countof(file_fields); i++) {
        if (str_eq(file_fields[i].name, name))
            return &file_fields[i].use;
    }
    return NULL;
}

bool field_additions_read(struct context *cx, struct field_additions *more, struct node *file)
{
    if (file->kind == NODE_NULL)
        return true;
    if (file->kind != NODE_MAP)
        return report(cx, file->pos, "a configuration is a map of field specs, not %s",
                      node_kind_name(file));
    if (!fields_check(cx, configuration_fields, file, FIELDS_STRICT))
        return false;
    fields_settle(cx, configuration_fields, file);
    for (uint32_t i = 0; i < file->len; i++) {
        const struct entry *e = &file->entries[i];
        const unsigned *use = find_use(e->key->text);
        struct field_specs specs = { 0 };
        if (e->key == KEY(NAME_REFERENCE)) {
            if (!add_references(cx, more, e->value))
                return false;
            continue;
        }
        if (use && !field_specs_read(cx, e->value, &specs))
            return false;
        if (use && !merge_all(cx, added_list(cx, more, *use), &specs))
            return false;
    }
    return true;
}

/* CRD files: OpenAPI definitions whose properties carry marks. */

struct crd {
    struct field_additions *more;
    const struct node *definitions;
    str kind;
};

static bool add_spec(struct context *cx, const struct crd *crd, unsigned use, str path,
                     struct gvk target)
{
    struct field_spec spec = { .gvk = row_gvk(S(""), S(""), crd->kind),
                               .target = target,
                               .path = path };
    return field_specs_merge(cx, added_list(cx, crd->more, use), spec);
}

static str mark(struct context *cx, const struct node *property, str name)
{
    const struct node *n = node_get_text(cx, property, name);
    return n && n->kind == NODE_STRING ? n->text : (str){ NULL, 0 };
}

static bool add_marks(struct context *cx, const struct crd *crd, const struct node *property,
                      str path)
{
    static const struct {
        str name;
        unsigned use;
    } marks[] = {
        { S("x-kubernetes-annotation"), FIELDS_COMMON_ANNOTATIONS },
        { S("x-kubernetes-label-selector"), FIELDS_COMMON_LABELS },
        { S("x-kubernetes-identity"), FIELDS_NAME_PREFIX },
    };
    for (size_t i = 0; i < countof(marks); i++) {
        if (mark(cx, property, marks[i].name).at
            && !add_spec(cx, crd, marks[i].use, path, row_gvk(S(""), S(""), S(""))))
            return false;
    }
    str version = mark(cx, property, S("x-kubernetes-object-ref-api-version"));
    str kind = mark(cx, property, S("x-kubernetes-object-ref-kind"));
    if (!version.at || !kind.at)
        return true;
    str name = mark(cx, property, S("x-kubernetes-object-ref-name-key"));
    str full = str_format(cx->arena, "%.*s/%.*s", STR(path), STR(name.at ? name : S("name")));
    return add_spec(cx, crd, FIELDS_NAME_REFERENCE, full, row_gvk(S(""), version, kind));
}

static const struct node *properties_of(struct context *cx, const struct node *definition)
{
    const struct node *schema = node_get_text(cx, definition, S("Schema"));
    if (!schema)
        schema = node_get_text(cx, definition, S("schema"));
    return node_get_text(cx, schema, S("properties"));
}

static bool add_definition(struct context *cx, const struct crd *crd, str name, str path)
{
    const struct node *properties = properties_of(cx, node_get_text(cx, crd->definitions, name));
    if (!properties)
        return true;
    /* Each way to a definition is a path of its own, and there may be endlessly many. */
    if (!limit_count(cx, LIMIT_COPIES, 1 + path.len, properties->pos)
        || !limit_enter(cx, LIMIT_DEPTH, properties->pos))
        return false;
    bool ok = true;
    for (uint32_t i = 0; ok && properties->kind == NODE_MAP && i < properties->len; i++) {
        const struct entry *e = &properties->entries[i];
        str inner = path.len ? str_format(cx->arena, "%.*s/%.*s", STR(path), STR(e->key->text))
                             : e->key->text;
        const struct node *ref = node_get_text(cx, e->value, S("$ref"));
        ok = add_marks(cx, crd, e->value, inner)
             && (!node_is(ref, NODE_STRING) || add_definition(cx, crd, ref->text, inner));
    }
    limit_leave(cx, LIMIT_DEPTH);
    return ok;
}

bool field_additions_read_crds(struct context *cx, struct field_additions *more,
                               const struct node *definitions)
{
    for (uint32_t i = 0; definitions->kind == NODE_MAP && i < definitions->len; i++) {
        const struct entry *e = &definitions->entries[i];
        const struct node *properties = properties_of(cx, e->value);
        if (!node_get(properties, KEY_KIND) || !node_get(properties, KEY_API_VERSION)
            || !node_get(properties, KEY_METADATA))
            continue;
        struct crd crd = { more, definitions, e->key->text };
        str head;
        str_cut_last(e->key->text, '.', &head, &crd.kind);
        if (crd.kind.len == 0)
            crd.kind = e->key->text;
        if (!add_definition(cx, &crd, e->key->text, S("")))
            return false;
    }
    return true;
}
