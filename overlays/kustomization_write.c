/* The table of fields decides what is printed; the order of keys is the YAML writer's. */
#include "overlays/kustomization_write.h"

#include "overlays/kustomization_fields.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_write.h"

static struct node *print_map(struct context *cx, const struct field *fields,
                              const struct node *map);

static bool is_null(const struct node *n)
{
    return !n || n->kind == NODE_NULL;
}

static struct node *zero(struct context *cx, const struct field *field)
{
    switch (field->type) {
    case TYPE_STRING:
        return node_string(cx, S(""));
    case TYPE_BOOL:
        return node_bool(cx, false);
    case TYPE_INT:
        return node_int(cx, 0);
    case TYPE_MAP:
        return print_map(cx, field->fields, NULL);
    default:
        return node_null(cx);
    }
}

static bool is_empty(const struct field *field, const struct node *n)
{
    bool negative;
    uint64_t magnitude;
    if (is_null(n))
        return true;
    switch (field->type) {
    case TYPE_STRING:
        return n->text.len == 0;
    case TYPE_BOOL:
        return !scalar_true(n->text);
    case TYPE_INT:
        return scalar_int(n->text, &negative, &magnitude) && magnitude == 0;
    case TYPE_MAP:
        return false;
    default:
        return n->len == 0;
    }
}

/* Nulls among texts and flags are what stands for nothing: "" and false. */
static struct node *print_items(struct context *cx, const struct field *field,
                                const struct node *list)
{
    struct node *out = node_list(cx);
    for (uint32_t i = 0; i < list->len; i++) {
        struct node *item = list->items[i];
        if (field->type == TYPE_STRINGS)
            node_push(cx, out, is_null(item) ? node_string(cx, S("")) : node_copy(cx, item));
        else
            node_push(cx, out, print_map(cx, field->fields, is_null(item) ? NULL : item));
    }
    return out;
}

static struct node *print_entries(struct context *cx, const struct field *field,
                                  const struct node *map)
{
    struct node *out = node_map(cx);
    for (uint32_t i = 0; i < map->len; i++) {
        const struct entry *e = &map->entries[i];
        struct node *value = node_copy(cx, e->value);
        if (is_null(value) && field->type == TYPE_TEXTS)
            value = node_string(cx, S(""));
        else if (is_null(value) && field->type == TYPE_FLAGS)
            value = node_bool(cx, false);
        node_add(cx, out, e->key, value);
    }
    return out;
}

static struct node *print_value(struct context *cx, const struct field *field, const struct node *n)
{
    switch (field->type) {
    case TYPE_STRINGS:
    case TYPE_MAPS:
        return print_items(cx, field, n);
    case TYPE_TEXTS:
    case TYPE_FLAGS:
    case TYPE_ANY:
        return print_entries(cx, field, n);
    case TYPE_MAP:
        return print_map(cx, field->fields, n);
    default:
        return node_copy(cx, n);
    }
}

static struct node *print_field(struct context *cx, const struct field *field, const struct node *n)
{
    if (field->print == PRINT_NULL && is_null(n))
        return node_null(cx);
    if (field->print == PRINT_ALWAYS && is_null(n))
        return zero(cx, field);
    if (is_null(n) || (field->print == PRINT_FILLED && is_empty(field, n)))
        return NULL;
    return print_value(cx, field, n);
}

/* `map` is NULL where every field is absent. */
static struct node *print_map(struct context *cx, const struct field *fields,
                              const struct node *map)
{
    struct node *out = node_map(cx);
    for (const struct field *f = fields; f->name.at; f++) {
        const struct key *key = intern(cx->keys, f->name);
        struct node *value = print_field(cx, f, node_get(map, key));
        if (value)
            node_add(cx, out, key, value);
    }
    return out;
}

bool kustomization_write(struct context *cx, struct buf *out, const struct node *file)
{
    return yaml_write(cx, out, print_map(cx, kustomization_fields, file));
}
