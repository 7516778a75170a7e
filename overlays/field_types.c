/* Checking is one walk over a table of fields.
 *
 * Types are strict, as Go's JSON decoder has them: a number is no string, so `newTag: 1.10` is
 * refused. What configures a plugin goes through a YAML decoder, to which every scalar is a string
 * where one is wanted, and which passes over what it does not know. */
#include <strings.h>

#include "overlays/kustomization_fields.h"
#include "render/base/suggest.h"
#include "render/doc/scalar.h"

struct check {
    struct context *cx;
    enum field_strictness strictness;
};

static const struct field *find_field(const struct field *fields, str name)
{
    for (const struct field *f = fields; f->name.at; f++) {
        if (str_eq(f->name, name))
            return f;
    }
    for (const struct field *f = fields; f->name.at; f++) {
        if (f->name.len == name.len && strncasecmp(f->name.at, name.at, name.len) == 0)
            return f;
    }
    return NULL;
}

static bool unknown_field(struct context *cx, const struct field *fields, const struct entry *e)
{
    str names[64];
    size_t n = 0;
    for (const struct field *f = fields; f->name.at && n < countof(names); f++)
        names[n++] = f->name;
    report(cx, e->pos, "unknown field '%.*s'", STR(e->key->text));
    ptrdiff_t near = suggest(e->key->text, names, n);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    return false;
}

static bool wrong_type(struct context *cx, const struct node *n, str name, const char *wanted)
{
    report(cx, n->pos, "'%.*s' must be %s, not %s", STR(name), wanted, node_kind_name(n));
    if (node_is_scalar(n) && strcmp(wanted, "a string") == 0)
        hint(cx, NOWHERE, "put it in quotes: \"%.*s\"", STR(n->text));
    return false;
}

static bool is_string(const struct check *c, const struct node *n)
{
    return n->kind == NODE_STRING || n->kind == NODE_NULL
           || (c->strictness == FIELDS_OF_PLUGIN && node_is_scalar(n));
}

static bool check_map(const struct check *c, const struct field *fields, struct node *map);

static bool check_strings(const struct check *c, const struct node *n, str name)
{
    if (n->kind != NODE_LIST)
        return wrong_type(c->cx, n, name, "a list of strings");
    for (uint32_t i = 0; i < n->len; i++) {
        if (!is_string(c, n->items[i]))
            return wrong_type(c->cx, n->items[i], name, "a string");
    }
    return true;
}

static bool check_entries(const struct check *c, const struct node *n, str name, bool flags)
{
    if (n->kind != NODE_MAP)
        return wrong_type(c->cx, n, name, flags ? "a map" : "a map of strings");
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        bool fits = flags ? e->value->kind == NODE_BOOL || e->value->kind == NODE_NULL
                          : is_string(c, e->value);
        if (!fits)
            return wrong_type(c->cx, e->value, e->key->text, flags ? "true or false" : "a string");
    }
    return true;
}

static bool check_maps(const struct check *c, const struct field *field, const struct node *n)
{
    if (n->kind != NODE_LIST)
        return wrong_type(c->cx, n, field->name, "a list");
    for (uint32_t i = 0; i < n->len; i++) {
        struct node *item = n->items[i];
        if (item->kind == NODE_NULL)
            continue;
        if (item->kind != NODE_MAP)
            return wrong_type(c->cx, item, field->name, "a list of maps");
        if (!check_map(c, field->fields, item))
            return false;
    }
    return true;
}

static bool check_value(const struct check *c, const struct field *field, struct node *n)
{
    if (n->kind == NODE_NULL)
        return true;
    switch (field->type) {
    case TYPE_STRING:
        return is_string(c, n) || wrong_type(c->cx, n, field->name, "a string");
    case TYPE_BOOL:
        return n->kind == NODE_BOOL || wrong_type(c->cx, n, field->name, "true or false");
    case TYPE_INT:
        return n->kind == NODE_INT || wrong_type(c->cx, n, field->name, "an integer");
    case TYPE_STRINGS:
        return check_strings(c, n, field->name);
    case TYPE_TEXTS:
    case TYPE_FLAGS:
        return check_entries(c, n, field->name, field->type == TYPE_FLAGS);
    case TYPE_MAPS:
        return check_maps(c, field, n);
    case TYPE_MAP:
        if (n->kind != NODE_MAP)
            return wrong_type(c->cx, n, field->name, "a map");
        return check_map(c, field->fields, n);
    case TYPE_ANY:
        return n->kind == NODE_MAP || wrong_type(c->cx, n, field->name, "a map");
    }
    return true;
}

/* Unknown fields are all reported; then each value must have its type. */
static bool check_map(const struct check *c, const struct field *fields, struct node *map)
{
    bool ok = true;
    for (uint32_t i = 0; i < map->len; i++) {
        struct entry *e = &map->entries[i];
        const struct field *field = find_field(fields, e->key->text);
        if (!field && c->strictness == FIELDS_OF_PLUGIN)
            continue;
        if (!field) {
            ok = unknown_field(c->cx, fields, e);
            continue;
        }
        if (!str_eq(field->name, e->key->text))
            e->key = intern(c->cx->keys, field->name);
        ok = check_value(c, field, e->value) && ok;
    }
    return ok;
}

bool fields_check(struct context *cx, const struct field *fields, struct node *map,
                  enum field_strictness strictness)
{
    return check_map(&(struct check){ cx, strictness }, fields, map);
}

static void settle_string(struct context *cx, struct node *n)
{
    if (!node_is_scalar(n) || n->kind == NODE_STRING || n->kind == NODE_NULL)
        return;
    n->text = scalar_canonical(cx, n);
    n->kind = NODE_STRING;
}

static void settle_value(struct context *cx, const struct field *field, struct node *n)
{
    bool strings = field->type == TYPE_TEXTS || field->type == TYPE_STRINGS;
    if (field->type == TYPE_STRING)
        settle_string(cx, n);
    if (field->type == TYPE_MAP)
        fields_settle(cx, field->fields, n);
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++) {
        if (strings)
            settle_string(cx, n->items[i]);
        else if (field->type == TYPE_MAPS)
            fields_settle(cx, field->fields, n->items[i]);
    }
    for (uint32_t i = 0; strings && n->kind == NODE_MAP && i < n->len; i++)
        settle_string(cx, n->entries[i].value);
}

void fields_settle(struct context *cx, const struct field *fields, struct node *map)
{
    bool nulls = false;
    for (uint32_t i = 0; map && map->kind == NODE_MAP && i < map->len; i++) {
        struct entry *e = &map->entries[i];
        const struct field *field = find_field(fields, e->key->text);
        if (field && e->value->kind == NODE_NULL)
            e->value = NULL;
        else if (field)
            settle_value(cx, field, e->value);
        nulls |= !e->value;
    }
    if (nulls)
        node_sweep(map);
}
