/* Values from documents and back.
 *
 * Helm reads values as YAML, turns them into JSON and reads that: every number is a
 * float64 then, so 1000000 prints as 1e+06. */
#include <math.h>

#include "render/base/number.h"
#include "render/doc/scalar.h"
#include "render/template/value.h"

static struct value from_node(struct context *cx, const struct node *n, bool ints);

static struct value from_integer(str text, bool ints)
{
    bool negative;
    uint64_t magnitude;
    if (!scalar_int(text, &negative, &magnitude))
        return value_float(scalar_float(text));
    if (ints && magnitude <= (uint64_t)INT64_MAX + negative)
        return value_int64((int64_t)(negative ? -magnitude : magnitude));
    return value_float(negative ? -(double)magnitude : (double)magnitude);
}

static struct value from_list(struct context *cx, const struct node *n, bool ints)
{
    struct value *items = arena_alloc(cx->arena, arena_array(n->len, sizeof *items));
    for (uint32_t i = 0; i < n->len; i++)
        items[i] = from_node(cx, n->items[i], ints);
    return value_list(items, n->len);
}

static struct value from_map(struct context *cx, const struct node *n, bool ints)
{
    struct dict *d = dict_new(cx->arena, n->len);
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        dict_set_at(cx->arena, d, e->key, from_node(cx, e->value, ints),
                    e->value->pos.text ? e->value->pos : e->pos);
    }
    return value_map(d);
}

static struct value from_node(struct context *cx, const struct node *n, bool ints)
{
    switch ((enum node_kind)n->kind) {
    case NODE_NULL:
        return NIL;
    case NODE_BOOL:
        return value_bool(scalar_true(n->text));
    case NODE_INT:
        return from_integer(n->text, ints);
    case NODE_FLOAT:
        return value_float(scalar_float(n->text));
    case NODE_STRING:
        return value_string(n->text);
    case NODE_LIST:
        return from_list(cx, n, ints);
    case NODE_MAP:
        return from_map(cx, n, ints);
    }
    return NIL;
}

struct value value_from_node(struct context *cx, const struct node *n)
{
    return from_node(cx, n, false);
}

struct value value_from_node_ints(struct context *cx, const struct node *n)
{
    return from_node(cx, n, true);
}

static struct node *to_node(struct context *cx, struct value v, struct pos pos, uint32_t depth,
                            str *why);

static struct node *to_list(struct context *cx, struct value v, struct pos pos, uint32_t depth,
                            str *why)
{
    struct node *list = node_list(cx);
    list->pos = pos;
    for (uint32_t i = 0; i < v.len; i++) {
        struct node *item = to_node(cx, v.items[i], pos, depth + 1, why);
        if (!item)
            return NULL;
        node_push(cx, list, item);
    }
    return list;
}

static struct node *to_map(struct context *cx, struct dict *d, struct pos pos, uint32_t depth,
                           str *why)
{
    struct node *map = node_map(cx);
    const struct dict_entry *entries = dict_sorted(d);
    map->pos = pos;
    node_reserve(cx, map, d->len);
    for (uint32_t i = 0; i < d->len; i++) {
        const struct dict_entry *e = &entries[i];
        struct node *value = to_node(cx, e->value, e->pos, depth + 1, why);
        if (!value)
            return NULL;
        node_add(cx, map, e->key, value)->pos = e->pos;
    }
    return map;
}

static struct node *to_number(struct context *cx, struct value v)
{
    struct buf b;
    buf_init(&b, cx->arena, 24);
    struct node *n = node_int(cx, 0);
    if (v.kind == VALUE_FLOAT)
        number_print_json(&b, v.f, 64);
    else if (value_is_unsigned(v))
        number_print_uint(&b, v.u, 10);
    else
        number_print_int(&b, v.i, 10);
    n->kind = v.kind == VALUE_FLOAT ? NODE_FLOAT : NODE_INT;
    n->text = buf_take(&b);
    return n;
}

/* What is no value of JSON itself: it has a text, or it has nothing to show. */
static struct node *to_scalar(struct context *cx, struct value v, str *why)
{
    bool infinite = v.kind == VALUE_FLOAT && !isfinite(v.f);
    if (infinite || v.kind == VALUE_COMPLEX) {
        str what = !infinite    ? value_type_name(v)
                   : isnan(v.f) ? S("NaN")
                   : v.f < 0    ? S("-Inf")
                                : S("+Inf");
        *why = str_format(cx->arena, "json: unsupported %s: %.*s", infinite ? "value" : "type",
                          STR(what));
        return NULL;
    }
    if (value_is_int(v) || v.kind == VALUE_FLOAT)
        return to_number(cx, v);
    return v.kind == VALUE_BOOL ? node_bool(cx, v.b) : node_string(cx, value_str(v));
}

static struct node *to_node(struct context *cx, struct value v, struct pos pos, uint32_t depth,
                            str *why)
{
    struct node *n;
    if (depth > VALUE_DEPTH) {
        *why = str_format(cx->arena, "json: unsupported value: encountered a cycle via %.*s",
                          STR(value_type_name(v)));
        return NULL;
    }
    v = value_plain(v);
    if (v.kind == VALUE_LIST && v.items)
        return to_list(cx, v, pos, depth, why);
    if (v.kind == VALUE_MAP && v.dict)
        return to_map(cx, v.dict, pos, depth, why);
    if (v.kind == VALUE_NIL || v.kind == VALUE_LIST || v.kind == VALUE_MAP)
        n = node_null(cx);
    else
        n = to_scalar(cx, v, why);
    if (n)
        n->pos = pos;
    return n;
}

struct node *value_to_node(struct context *cx, struct value v, str *why)
{
    return to_node(cx, v, NOWHERE, 0, why);
}
