/* Values from documents and back.
 *
 * Helm reads values as YAML, turns them into JSON and reads that: every number is a
 * float64 then, so 1000000 prints as 1e+06. */
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
