/* Merge types: a row of the tables, or a node of a user's OpenAPI document.
 *
 * x-kubernetes-patch-strategy decides whether a list merges. Its keys are
 * x-kubernetes-list-map-keys, when there are any, before x-kubernetes-patch-merge-key. */
#include "schema/merge_keys.h"

#include "render/base/map.h"
#include "render/doc/path.h"
#include "schema/tables.h"

enum { REFERENCES_MAX = 64 }; /* a longer chain of $ref is a circle */

/* The words of OpenAPI that are looked for. */
struct words {
    const struct key *definitions, *properties, *additional_properties, *items, *reference;
    const struct key *paths, *get, *kinds, *strategy, *list_keys, *merge_key;
};

struct merge_schema {
    struct context *cx;
    struct words words;
    const struct node *document; /* NULL: the built-in schema */
    bool over_builtin;           /* what the document does not define is looked for there */
    struct map kinds;            /* "apps/v1 Deployment" to its definition */
    struct map scopes;           /* the same to an enum scope */
};

static struct merge_schema *schema_new(struct context *cx)
{
    struct merge_schema *s = NEW(cx->arena, struct merge_schema);
    s->cx = cx;
    s->kinds.arena = s->scopes.arena = cx->arena;
    s->words = (struct words){
        .definitions = intern(cx->keys, S("definitions")),
        .properties = intern(cx->keys, S("properties")),
        .additional_properties = intern(cx->keys, S("additionalProperties")),
        .items = intern(cx->keys, S("items")),
        .reference = intern(cx->keys, S("$ref")),
        .paths = intern(cx->keys, S("paths")),
        .get = intern(cx->keys, S("get")),
        .kinds = intern(cx->keys, S("x-kubernetes-group-version-kind")),
        .strategy = intern(cx->keys, S("x-kubernetes-patch-strategy")),
        .list_keys = intern(cx->keys, S("x-kubernetes-list-map-keys")),
        .merge_key = intern(cx->keys, S("x-kubernetes-patch-merge-key")),
    };
    return s;
}

struct merge_schema *merge_schema_builtin(struct context *cx)
{
    return schema_new(cx);
}

static str kind_name(struct arena *a, str api_version, str kind)
{
    return str_format(a, "%.*s %.*s", STR(api_version), STR(kind));
}

/* "apps/v1 Deployment" from {group: apps, version: v1, kind: Deployment}. */
static str kind_said(struct context *cx, const struct node *gvk)
{
    str group = node_get_str(gvk, KEY(GROUP));
    str version = node_get_str(gvk, KEY(VERSION));
    if (group.len)
        version = str_format(cx->arena, "%.*s/%.*s", STR(group), STR(version));
    return kind_name(cx->arena, version, node_get_str(gvk, KEY_KIND));
}

static void index_kinds(struct merge_schema *s, const struct node *definitions)
{
    for (uint32_t i = 0; i < definitions->len; i++) {
        struct node *definition = definitions->entries[i].value;
        const struct node *kinds = node_get(definition, s->words.kinds);
        for (uint32_t k = 0; node_is(kinds, NODE_LIST) && k < kinds->len; k++)
            map_put(&s->kinds, kind_said(s->cx, kinds->items[k]), definition);
    }
}

/* A kind with a path below a namespace is namespaced, whatever its other paths. */
static void index_scopes(struct merge_schema *s, const struct node *paths)
{
    for (uint32_t i = 0; i < paths->len; i++) {
        const struct node *get = node_get(paths->entries[i].value, s->words.get);
        const struct node *kind = node_get(get, s->words.kinds);
        if (!node_is(kind, NODE_MAP))
            continue;
        struct map_entry *e = map_entry(&s->scopes, kind_said(s->cx, kind));
        if (str_has(paths->entries[i].key->text, S("namespaces/{namespace}")))
            e->value = (void *)(uintptr_t)SCOPE_NAMESPACED;
        else if (!e->value)
            e->value = (void *)(uintptr_t)SCOPE_CLUSTER;
    }
}

struct merge_schema *merge_schema_from_openapi(struct context *cx, const struct node *document,
                                               bool over_builtin)
{
    if (document->kind != NODE_MAP) {
        report(cx, document->pos, "an OpenAPI document must be a map, not %s",
               node_kind_name(document));
        return NULL;
    }
    struct merge_schema *s = schema_new(cx);
    s->document = document;
    s->over_builtin = over_builtin;
    const struct node *definitions = node_get(document, s->words.definitions);
    if (definitions && definitions->kind != NODE_MAP) {
        report(cx, definitions->pos, "'definitions' must be a map, not %s",
               node_kind_name(definitions));
        return NULL;
    }
    if (definitions)
        index_kinds(s, definitions);
    const struct node *paths = node_get(document, s->words.paths);
    if (node_is(paths, NODE_MAP))
        index_scopes(s, paths);
    return s;
}

static struct merge_type type_named(str definition)
{
    for (size_t low = 0, high = definition_count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(pool_str(definition_names[middle]), definition);
        if (order == 0)
            return (struct merge_type){ .number = (uint16_t)(middle + 1) };
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct merge_type){ 0 };
}

/* What "#/definitions/NAME" means: a place in the user's document, or a built-in definition. */
static struct merge_type dereference(const struct merge_schema *s, str reference)
{
    str pointer = str_trim_prefix(reference, S("#"));
    str name = str_trim_prefix(pointer, S("/definitions/"));
    struct merge_type builtin =
        name.len < pointer.len ? type_named(name) : (struct merge_type){ 0 };
    if (!s->document)
        return builtin;
    struct path path;
    struct mark before = arena_mark(s->cx->scratch);
    const struct node *at = s->document;
    if (!path_pointer(s->cx->scratch, pointer, &path))
        at = NULL;
    for (uint32_t i = 0; at && i < path.len; i++)
        at = node_get_text(s->cx, at, path.parts[i]);
    arena_rewind(s->cx->scratch, before);
    return at || !s->over_builtin ? (struct merge_type){ .said = at } : builtin;
}

/* Follows a $ref, and those it leads to; unknown when one leads nowhere. */
static struct merge_type resolve(const struct merge_schema *s, struct merge_type t)
{
    for (int i = 0; t.said; i++) {
        str reference = node_get_str(t.said, s->words.reference);
        if (!reference.len)
            return t;
        if (i == REFERENCES_MAX)
            return (struct merge_type){ 0 };
        t = dereference(s, reference);
    }
    return t;
}

struct merge_type merge_type_of_kind(const struct merge_schema *s, str api_version, str kind)
{
    const struct node *definition = NULL;
    if (s->document) {
        struct mark before = arena_mark(s->cx->scratch);
        definition = map_get(&s->kinds, kind_name(s->cx->scratch, api_version, kind));
        arena_rewind(s->cx->scratch, before);
        if (definition || !s->over_builtin)
            return (struct merge_type){ .said = definition };
    }
    const struct kind_row *row = ROW_FIND(kind_rows, kind_count, kind, api_version);
    return (struct merge_type){ .number = row ? row->type : 0 };
}

static struct merge_type field_said(const struct merge_schema *s, const struct node *said,
                                    const struct key *name)
{
    const struct node *field = node_get(node_get(said, s->words.properties), name);
    if (!field)
        field = node_get(said, s->words.additional_properties);
    return resolve(s, (struct merge_type){ .said = node_is(field, NODE_MAP) ? field : NULL });
}

struct merge_type merge_type_field(const struct merge_schema *s, struct merge_type map,
                                   const struct key *name)
{
    if (map.said)
        return field_said(s, map.said, name);
    const struct type_row *type = &type_rows[map.number];
    if (type->form == TYPE_MAP)
        return (struct merge_type){ .number = type->first };
    if (type->form != TYPE_OBJECT)
        return (struct merge_type){ 0 };
    const struct type_field_row *field =
        ROW_FIND(type_field_rows + type->first, type->len, name->text);
    return (struct merge_type){ .number = field ? field->type : 0 };
}

/* {type: array} or {type: [array]}; a list of several types has no element. */
static bool says_array(const struct node *said)
{
    const struct node *type = node_get(said, KEY(TYPE));
    if (node_is(type, NODE_LIST))
        type = type->len == 1 ? type->items[0] : NULL;
    return type && node_is_scalar(type) && str_eq(type->text, S("array"));
}

struct merge_type merge_type_element(const struct merge_schema *s, struct merge_type list)
{
    const struct type_row *type = &type_rows[list.number];
    if (!list.said)
        return (struct merge_type){ .number = type->form == TYPE_LIST ? type->first : 0 };
    const struct node *items = says_array(list.said) ? node_get(list.said, s->words.items) : NULL;
    return resolve(s, (struct merge_type){ .said = node_is(items, NODE_MAP) ? items : NULL });
}

struct merge_type merge_type_said(const struct merge_schema *s, const struct node *object)
{
    struct merge_type t = { .said = object };
    struct merge_type resolved = resolve(s, t);
    return merge_type_known(resolved) ? resolved : t;
}

/* A strategy may name several, as in "merge,retainKeys". */
static bool strategy_merges(str strategies)
{
    for (str one; str_next_field(&strategies, ',', &one);) {
        if (str_eq(one, S("merge")))
            return true;
    }
    return false;
}

struct merge_list merge_type_list(const struct merge_schema *s, struct merge_type list)
{
    if (list.said) {
        struct merge_list l = { .merges = false };
        l.merges = strategy_merges(node_get_str(list.said, s->words.strategy));
        const struct node *keys = node_get(list.said, s->words.list_keys);
        l.said = keys ? keys : node_get(list.said, s->words.merge_key);
        if (l.said)
            l.len = (uint16_t)(l.said->kind == NODE_LIST ? l.said->len : 1);
        return l;
    }
    uint8_t merge = type_rows[list.number].merge;
    return (struct merge_list){ merge > 0, merge_rows[merge].len, merge_rows[merge].keys, NULL };
}

str merge_list_key(struct merge_list list, size_t at)
{
    if (!list.said)
        return pool_str(list.rows[at]);
    const struct node *key = list.said->kind == NODE_LIST ? list.said->items[at] : list.said;
    return node_is_scalar(key) ? key->text : S("");
}

enum scope merge_schema_scope(const struct merge_schema *s, str api_version, str kind)
{
    enum scope scope = kind_scope(api_version, kind);
    if (scope != SCOPE_UNKNOWN || s->scopes.len == 0)
        return scope;
    struct mark before = arena_mark(s->cx->scratch);
    str name = kind_name(s->cx->scratch, api_version, kind);
    scope = (enum scope)(uintptr_t)map_get(&s->scopes, name);
    arena_rewind(s->cx->scratch, before);
    return scope;
}
