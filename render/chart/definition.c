/* Tables of fields, and one walk that reads a document by them. */
#include "render/chart/definition.h"

#include <assert.h>

#include "render/base/map.h"
#include "render/base/number.h"
#include "render/base/semver.h"
#include "render/base/unicode.h"
#include "render/chart/field_types.h"
#include "render/doc/json_write.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_write.h"

enum field_type {
    FIELD_TEXT,
    FIELD_CLEAN,
    FIELD_BOOL,
    FIELD_TEXTS,
    FIELD_MAP,
    FIELD_STRUCTS,
    FIELD_ANY
};

struct field {
    str name;
    enum field_type type;
    const struct field *of; /* of structs in a list */
    bool always;            /* there though it be empty */
};

static const struct field maintainer_fields[] = {
    { S("name"), FIELD_CLEAN, NULL },
    { S("email"), FIELD_CLEAN, NULL },
    { S("url"), FIELD_CLEAN, NULL },
    { .name = { NULL, 0 } },
};

static const struct field dependency_fields[] = {
    { S("name"), FIELD_CLEAN, NULL, true },
    { S("version"), FIELD_CLEAN, NULL },
    { S("repository"), FIELD_CLEAN, NULL, true },
    { S("condition"), FIELD_CLEAN, NULL },
    { S("tags"), FIELD_TEXTS, NULL },
    { S("enabled"), FIELD_BOOL, NULL },
    { S("import-values"), FIELD_ANY, NULL },
    { S("alias"), FIELD_TEXT, NULL },
    { .name = { NULL, 0 } },
};

static const struct field chart_fields[] = {
    { S("name"), FIELD_CLEAN, NULL },
    { S("home"), FIELD_CLEAN, NULL },
    { S("sources"), FIELD_TEXTS, NULL },
    { S("version"), FIELD_TEXT, NULL },
    { S("description"), FIELD_CLEAN, NULL },
    { S("keywords"), FIELD_TEXTS, NULL },
    { S("maintainers"), FIELD_STRUCTS, maintainer_fields },
    { S("icon"), FIELD_CLEAN, NULL },
    { S("apiVersion"), FIELD_TEXT, NULL },
    { S("condition"), FIELD_CLEAN, NULL },
    { S("tags"), FIELD_CLEAN, NULL },
    { S("appVersion"), FIELD_CLEAN, NULL },
    { S("deprecated"), FIELD_BOOL, NULL },
    { S("annotations"), FIELD_MAP, NULL },
    { S("kubeVersion"), FIELD_CLEAN, NULL },
    { S("dependencies"), FIELD_STRUCTS, dependency_fields },
    { S("type"), FIELD_TEXT, NULL },
    { .name = { NULL, 0 } },
};

static str clean(struct context *cx, str s)
{
    struct buf b;
    buf_init(&b, cx->arena, s.len + 1);
    for (size_t i = 0; i < s.len;) {
        uint32_t rune = utf8_next(s, &i);
        if (rune_is_space(rune))
            buf_char(&b, ' ');
        else if (rune_is_print(rune))
            buf_rune(&b, rune);
    }
    return buf_take(&b);
}

static str read_text(struct context *cx, const struct node *n, bool cleaned)
{
    assert(node_is_scalar(n)); /* field_types.c lets nothing else through */
    if (n->kind == NODE_NULL)
        return S("");
    if (n->kind == NODE_STRING)
        return cleaned ? clean(cx, n->text) : n->text;
    if (n->kind != NODE_FLOAT)
        return scalar_canonical(cx, n);
    /* %g: 1.10 is "1.1". */
    struct buf b;
    buf_init(&b, cx->arena, 24);
    number_print_float(&b, scalar_float(n->text), 'g', -1, 64);
    return buf_take(&b);
}

static struct node *text_node(struct context *cx, const struct node *from, str text)
{
    struct node *n = node_string(cx, text);
    n->pos = from->pos;
    return n;
}

static struct node *read_texts(struct context *cx, const struct node *n)
{
    struct node *list = node_list(cx);
    list->pos = n->pos;
    for (uint32_t i = 0; i < n->len; i++)
        node_push(cx, list, text_node(cx, n->items[i], read_text(cx, n->items[i], true)));
    return list;
}

static struct node *read_map(struct context *cx, const struct node *n)
{
    struct node *map = node_map(cx);
    map->pos = n->pos;
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        node_set(cx, map, e->key, text_node(cx, e->value, read_text(cx, e->value, false)));
    }
    return map;
}

static struct node *read_struct(struct context *cx, const struct node *n,
                                const struct field *fields);

/* Items that are null stay so. */
static struct node *read_structs(struct context *cx, const struct node *n,
                                 const struct field *fields)
{
    struct node *list = node_list(cx);
    list->pos = n->pos;
    for (uint32_t i = 0; i < n->len; i++) {
        const struct node *item = n->items[i];
        node_push(cx, list,
                  item->kind == NODE_NULL ? node_copy(cx, item) : read_struct(cx, item, fields));
    }
    return list;
}

/* A null node is left out. */
static struct node *read_field(struct context *cx, const struct node *n, const struct field *f)
{
    str text;
    switch (f->type) {
    case FIELD_TEXT:
    case FIELD_CLEAN:
        text = read_text(cx, n, f->type == FIELD_CLEAN);
        return text.len ? text_node(cx, n, text) : node_null(cx);
    case FIELD_BOOL:
        return scalar_true(n->text) ? node_copy(cx, n) : node_null(cx);
    case FIELD_TEXTS:
        return n->len ? read_texts(cx, n) : node_null(cx);
    case FIELD_MAP:
        return n->len ? read_map(cx, n) : node_null(cx);
    case FIELD_STRUCTS:
        return read_structs(cx, n, f->of);
    case FIELD_ANY:
        break;
    }
    return node_copy(cx, n);
}

static struct node *read_struct(struct context *cx, const struct node *n,
                                const struct field *fields)
{
    struct node *out = node_map(cx);
    out->pos = n->pos;
    for (const struct field *f = fields; f->name.len; f++) {
        const struct node *value = node_get_text(cx, n, f->name);
        bool there = value && value->kind != NODE_NULL;
        struct node *read = there ? read_field(cx, value, f) : node_null(cx);
        if (read->kind == NODE_NULL && f->always)
            read = node_string(cx, S(""));
        if (read->kind != NODE_NULL)
            node_set(cx, out, intern(cx->keys, f->name), read);
    }
    return out;
}

struct node *definition_read(struct context *cx, const struct node *document)
{
    return definition_types_check(cx, document) ? read_struct(cx, document, chart_fields) : NULL;
}

bool definition_dependencies(struct context *cx, const struct node *document, struct node **out)
{
    const struct node *list = node_get_text(cx, document, S("dependencies"));
    *out = NULL;
    if (!definition_types_check(cx, document))
        return false;
    if (list && list->kind != NODE_NULL)
        *out = read_structs(cx, list, dependency_fields);
    return true;
}

static str field_text(struct context *cx, const struct node *map, str name)
{
    const struct node *n = node_get_text(cx, map, name);
    return n ? n->text : S("");
}

static bool check_alias(struct context *cx, const struct node *dependency, str alias)
{
    for (size_t i = 0; i < alias.len; i++) {
        char c = alias.at[i];
        bool word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_'
                    || c == '-';
        if (!word)
            return report(cx, dependency->pos,
                          "validation: dependency \"%.*s\" has disallowed characters in the alias",
                          STR(field_text(cx, dependency, S("name"))));
    }
    return true;
}

static bool check_dependencies(struct context *cx, const struct node *list, bool unique)
{
    struct map names = { .arena = cx->arena };
    for (uint32_t i = 0; list && i < list->len; i++) {
        struct node *d = list->items[i];
        if (d->kind == NODE_NULL)
            return report(cx, d->pos,
                          "validation: dependencies must not contain empty or null nodes");
        str alias = field_text(cx, d, S("alias"));
        str name = alias.len ? alias : field_text(cx, d, S("name"));
        if (!check_alias(cx, d, alias))
            return false;
        if (map_put(&names, name, d) && unique)
            return report(cx, d->pos,
                          "validation: more than one dependency with name or alias \"%.*s\"",
                          STR(name));
    }
    return true;
}

bool definition_check(struct context *cx, const struct node *n, bool unique)
{
    str name = field_text(cx, n, S("name"));
    str version = field_text(cx, n, S("version"));
    str type = field_text(cx, n, S("type"));
    struct semver parsed;
    str error;
    if (name.len == 0)
        return report(cx, n->pos, "validation: chart.metadata.name is required");
    if (str_eq(name, S(".")) || str_eq(name, S("..")))
        return report(cx, n->pos, "validation: chart.metadata.name \"%.*s\" is not allowed",
                      STR(name));
    if (str_has_char(name, '/'))
        return report(cx, n->pos, "validation: chart.metadata.name \"%.*s\" is invalid", STR(name));
    if (version.len == 0)
        return report(cx, n->pos, "validation: chart.metadata.version is required");
    if (!semver_parse(cx->arena, version, &parsed, &error))
        return report(cx, n->pos, "validation: chart.metadata.version \"%.*s\" is invalid",
                      STR(version));
    if (type.len && !str_eq(type, S("application")) && !str_eq(type, S("library")))
        return report(cx, n->pos, "validation: chart.metadata.type must be application or library");
    const struct node *people = node_get_text(cx, n, S("maintainers"));
    for (uint32_t i = 0; people && i < people->len; i++) {
        if (people->items[i]->kind == NODE_NULL)
            return report(cx, people->items[i]->pos,
                          "validation: maintainers must not contain empty or null nodes");
    }
    return check_dependencies(cx, node_get_text(cx, n, S("dependencies")), unique);
}

static bool is_empty(const struct node *n)
{
    return n->kind == NODE_LIST && n->len == 0;
}

bool definition_write(struct context *cx, struct buf *out, const struct node *metadata,
                      bool with_dependencies)
{
    struct node *copy = node_map(cx);
    for (uint32_t i = 0; i < metadata->len; i++) {
        const struct entry *e = &metadata->entries[i];
        bool wishes = str_eq(e->key->text, S("dependencies"));
        if (is_empty(e->value) || (wishes && !with_dependencies))
            continue;
        node_add(cx, copy, e->key, e->value);
    }
    return yaml_write(cx, out, copy);
}

static const struct field *field_of(const struct field *fields, str name)
{
    while (fields->name.len && !str_eq(fields->name, name))
        fields++;
    return fields;
}

static bool put_struct(struct context *cx, struct buf *out, const struct node *n,
                       const struct field *fields)
{
    const char *before = "";
    buf_char(out, '{');
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        const struct field *f = field_of(fields, e->key->text);
        if (is_empty(e->value))
            continue;
        buf_format(out, "%s\"%.*s\":", before, STR(e->key->text));
        before = ",";
        if (f->type != FIELD_STRUCTS) {
            if (!json_write(cx, out, e->value, (struct json_style){ 0 }))
                return false;
            continue;
        }
        for (uint32_t k = 0; k < e->value->len; k++) {
            buf_char(out, k ? ',' : '[');
            if (!put_struct(cx, out, e->value->items[k], f->of))
                return false;
        }
        buf_char(out, ']');
    }
    buf_char(out, '}');
    return true;
}

bool definition_write_json(struct context *cx, struct buf *out, const struct node *metadata)
{
    return put_struct(cx, out, metadata, chart_fields);
}
