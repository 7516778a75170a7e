/* Go prints a map in the order of its keys: null, then each type for itself. */
#include "render/doc/go_syntax.h"

#include <stdlib.h>

#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/doc/scalar.h"

static void print(struct context *cx, struct buf *out, const struct node *n);

/* Integers that only fit without a sign are uint64, and those in hexadecimal. */
static void print_integer(struct context *cx, struct buf *out, const struct node *n)
{
    bool negative;
    uint64_t magnitude;
    if (!scalar_int(n->text, &negative, &magnitude))
        number_print_float(out, scalar_float(n->text), 'g', -1, 64);
    else if (!negative && magnitude > INT64_MAX)
        buf_format(out, "0x%llx", (unsigned long long)magnitude);
    else
        buf_str(out, scalar_canonical(cx, n));
}

static uint32_t rank(enum node_kind kind)
{
    return kind == NODE_NULL ? 0 : kind == NODE_STRING ? 1 : kind == NODE_BOOL ? 3 : 2;
}

static int compare_keys(const void *a, const void *b)
{
    const struct node *x = *(struct node *const *)a, *y = *(struct node *const *)b;
    uint32_t p = rank(x->kind), q = rank(y->kind);
    return p != q ? (p > q) - (p < q) : str_cmp(x->text, y->text);
}

static void print_map(struct context *cx, struct buf *out, const struct node *n)
{
    struct node **keys = arena_alloc(cx->arena, arena_array(n->len, sizeof *keys));
    for (uint32_t i = 0; i < n->len; i++)
        keys[i] = node_plain(cx, n->entries[i].key->text);
    if (n->len)
        qsort(keys, n->len, sizeof *keys, compare_keys);
    buf_str(out, S("map[interface {}]interface {}{"));
    for (uint32_t i = 0; i < n->len; i++) {
        if (i)
            buf_str(out, S(", "));
        print(cx, out, keys[i]);
        buf_char(out, ':');
        print(cx, out, node_get_text(cx, n, keys[i]->text));
    }
    buf_char(out, '}');
}

static void print_list(struct context *cx, struct buf *out, const struct node *n)
{
    buf_str(out, S("[]interface {}{"));
    for (uint32_t i = 0; i < n->len; i++) {
        if (i)
            buf_str(out, S(", "));
        print(cx, out, n->items[i]);
    }
    buf_char(out, '}');
}

static void print(struct context *cx, struct buf *out, const struct node *n)
{
    switch ((enum node_kind)n->kind) {
    case NODE_NULL:
        buf_str(out, S("interface {}(nil)"));
        return;
    case NODE_BOOL:
        buf_str(out, scalar_canonical(cx, n));
        return;
    case NODE_INT:
        print_integer(cx, out, n);
        return;
    case NODE_FLOAT:
        number_print_float(out, scalar_float(n->text), 'g', -1, 64);
        return;
    case NODE_STRING:
        quote(out, n->text);
        return;
    case NODE_LIST:
        print_list(cx, out, n);
        return;
    case NODE_MAP:
        print_map(cx, out, n);
        return;
    }
}

void go_syntax_print(struct context *cx, struct buf *out, const struct node *n)
{
    if (n->kind == NODE_NULL)
        buf_str(out, S("<nil>"));
    else
        print(cx, out, n);
}
