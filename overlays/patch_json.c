/* JSON patches: what an operation does, as kustomize's library does it.
 *
 * A map gives any field, an absent one as nothing: `replace` adds it, `copy` copies a null, and
 * `test` finds it equal to null; only `remove` misses it. Lists count from the end below zero.
 * What stands before a path's first slash is ignored. patch_json.cases has each of these. */
#include "overlays/patch_json.h"

#include <math.h>

#include "overlays/json_place.h"
#include "render/base/number.h"
#include "render/base/suggest.h"
#include "render/doc/fold.h"
#include "render/doc/json_read.h"
#include "render/doc/json_write.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"

struct operation {
    struct context *cx;
    struct node *target;
    const struct node *said;  /* the operation itself */
    const struct node *value; /* NULL: none was said, which is a null */
    struct text *json;        /* the patch's own text, when that is JSON */
    struct json_place path;
};

static bool place_of(struct operation *o, str field, struct json_place *out)
{
    const struct node *path = node_get_text(o->cx, o->said, field);
    if (!node_is(path, NODE_STRING))
        return report(o->cx, path ? path->pos : o->said->pos, "this operation needs a '%.*s'",
                      STR(field));
    return json_place_find(o->cx, o->target, path, out);
}

/* A copy of a value that may be put where the path leads. */
static struct node *value_for(struct operation *o, const struct node *value)
{
    struct pos pos = o->said->pos;
    if (!value) {
        struct node *null = node_null(o->cx);
        null->pos = pos;
        return null;
    }
    if (!limit_count(o->cx, LIMIT_NODES, 1, pos) || !json_place_fits(o->cx, &o->path, value))
        return NULL;
    return node_take(o->cx, value);
}

static bool add(struct operation *o)
{
    struct node *value = value_for(o, o->value);
    return value && json_place_add(o->cx, &o->path, value);
}

static bool remove_it(struct operation *o)
{
    return json_place_remove(o->cx, &o->path);
}

/* The empty path is the document itself; only `replace` may name it. */
static bool replace_document(struct operation *o)
{
    if (!node_is(o->value, NODE_MAP))
        return report(o->cx, o->said->pos, "a document is replaced by a map, not %s",
                      node_kind_name(o->value));
    node_assign(o->cx, o->target, node_copy(o->cx, o->value));
    return true;
}

static bool replace(struct operation *o)
{
    const struct node *path = node_get(o->said, KEY(PATH));
    if (node_is(path, NODE_STRING) && path->text.len == 0)
        return replace_document(o);
    struct node *value = value_for(o, o->value);
    return value && place_of(o, S("path"), &o->path) && json_place_set(o->cx, &o->path, value);
}

static bool move(struct operation *o)
{
    struct json_place from;
    struct node *value;
    if (!place_of(o, S("from"), &from) || !json_place_get(o->cx, &from, &value)
        || !json_place_remove(o->cx, &from) || !place_of(o, S("path"), &o->path))
        return false;
    value = value_for(o, value);
    return value && json_place_add(o->cx, &o->path, value);
}

static bool copy(struct operation *o)
{
    struct json_place from;
    struct node *value;
    if (!place_of(o, S("from"), &from) || !json_place_get(o->cx, &from, &value)
        || (value && !node_may_copy(o->cx, value, o->said->pos)))
        return false;
    value = value_for(o, value);
    return value && json_place_add(o->cx, &o->path, value);
}

/* A scalar as its JSON text. That of a JSON patch counts as it is typed: 1.0 is not 1, and
 * "<" is not the "\u003c" that a document has. */
static str json_text(struct operation *o, const struct node *n)
{
    struct context *cx = o->cx;
    if (o->json && n->pos.text == o->json->id) {
        str typed = str_skip(o->json->bytes, n->pos.offset);
        size_t len = n->text.len;
        if (n->kind == NODE_STRING) {
            for (len = 1; len < typed.len && typed.at[len] != '"'; len++)
                len += typed.at[len] == '\\';
            len++;
        }
        return str_slice(typed, 0, len);
    }
    if (n->kind != NODE_STRING)
        return scalar_canonical(cx, n);
    struct buf b;
    buf_init(&b, cx->scratch, 64);
    json_write_string(&b, scalar_canonical(cx, n), false);
    return buf_take(&b);
}

static bool is_null(const struct node *n)
{
    return !n || n->kind == NODE_NULL;
}

static bool same(struct operation *o, const struct node *a, const struct node *b)
{
    if (is_null(a) || is_null(b))
        return is_null(a) && is_null(b);
    bool scalars = node_is_scalar(a) && node_is_scalar(b);
    if (scalars)
        return str_eq(json_text(o, a), json_text(o, b));
    if (a->kind != b->kind || a->len != b->len)
        return false;
    for (uint32_t i = 0; a->kind == NODE_LIST && i < a->len; i++) {
        if (!same(o, a->items[i], b->items[i]))
            return false;
    }
    for (uint32_t i = 0; a->kind == NODE_MAP && i < a->len; i++) {
        const struct entry *other = node_entry(b, a->entries[i].key);
        if (!other || !same(o, a->entries[i].value, other->value))
            return false;
    }
    return true;
}

static bool refuse_value(struct operation *o, const struct node *have)
{
    struct pos pos = o->value ? o->value->pos : o->said->pos;
    if (have && o->value && node_is_scalar(have) && node_is_scalar(o->value))
        report(o->cx, pos, "the test failed: '%.*s' is %.*s, not %.*s", STR(o->path.text),
               STR(json_text(o, have)), STR(json_text(o, o->value)));
    else
        report(o->cx, pos, "the test failed: '%.*s' does not equal this", STR(o->path.text));
    if (have)
        note(o->cx, have->pos, "it stands here");
    return false;
}

static bool test(struct operation *o)
{
    struct node *have;
    if (!json_place_get(o->cx, &o->path, &have))
        return false;
    struct mark before = arena_mark(o->cx->scratch);
    bool equal = same(o, have, o->value) || refuse_value(o, have);
    arena_rewind(o->cx->scratch, before);
    return equal;
}

static const struct {
    str name;
    bool (*run)(struct operation *o);
    bool own_place; /* finds its path itself: later than the others, or none at all */
} operations_known[] = {
    { S("add"), add },
    { S("copy"), copy },
    { S("move"), move, true },
    { S("remove"), remove_it },
    { S("replace"), replace, true },
    { S("test"), test },
};

static bool refuse_operation(struct context *cx, const struct node *said)
{
    const struct node *name = node_get_text(cx, said, S("op"));
    str names[countof(operations_known)];
    if (!node_is(name, NODE_STRING))
        return report(cx, name ? name->pos : said->pos, "this operation needs an 'op'");
    for (size_t i = 0; i < countof(names); i++)
        names[i] = operations_known[i].name;
    report(cx, name->pos, "unknown operation '%.*s'", STR(name->text));
    ptrdiff_t near = suggest(name->text, names, countof(names));
    if (near >= 0)
        hint(cx, name->pos, "did you mean '%.*s'?", STR(names[near]));
    return false;
}

static bool run(struct operation *o)
{
    const struct node *name = node_get_text(o->cx, o->said, S("op"));
    o->value = node_get(o->said, KEY(VALUE));
    for (size_t i = 0; node_is(name, NODE_STRING) && i < countof(operations_known); i++) {
        if (str_eq(name->text, operations_known[i].name))
            return (operations_known[i].own_place || place_of(o, S("path"), &o->path))
                   && operations_known[i].run(o);
    }
    return refuse_operation(o->cx, o->said);
}

/* How the text stands after a trip through JSON and back, which is what quoting a later
 * patch keeps: "1" stays quoted, and x is plain whatever it was. */
static uint8_t style_of_string(struct context *cx, str text)
{
    if (str_has_char(text, '\n'))
        return STYLE_LITERAL;
    struct mark before = arena_mark(cx->scratch);
    struct buf b;
    buf_init(&b, cx->scratch, text.len + 16);
    yaml_write_string(&b, text, 0, 0);
    uint8_t style = b.at[0] == '"' ? STYLE_DOUBLE : b.at[0] == '\'' ? STYLE_SINGLE : STYLE_PLAIN;
    arena_rewind(cx->scratch, before);
    return style;
}

/* Every number passes through a float: 1000000 is written 1e+06 from here on. */
static void scalar_through_json(struct context *cx, struct node *n)
{
    if (n->kind == NODE_INT || n->kind == NODE_FLOAT) {
        double value = scalar_float(n->kind == NODE_INT ? scalar_canonical(cx, n) : n->text);
        if (!isfinite(value))
            return; /* no JSON can hold it: whoever prints the document says so */
        struct buf b;
        buf_init(&b, cx->arena, 32);
        number_print_float(&b, value, 'g', -1, 64);
        n->text = buf_take(&b);
        n->kind = scalar_resolve(n->text, YAML_GO3).kind;
    } else {
        n->text =
            n->style == STYLE_FOLDED ? fold_again(cx->arena, n->text) : scalar_canonical(cx, n);
    }
    n->style = n->kind == NODE_STRING ? style_of_string(cx, n->text) : STYLE_PLAIN;
}

static void through_json(struct context *cx, struct node *n)
{
    if (node_is_scalar(n))
        scalar_through_json(cx, n);
    n->flags = 0;
    for (uint32_t i = 0; n->kind == NODE_LIST && i < n->len; i++)
        through_json(cx, n->items[i]);
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++)
        through_json(cx, n->entries[i].value);
}

static struct text *json_text_of(struct context *cx, const struct node *operations)
{
    struct text *text = text_of(cx, operations->pos);
    return text && str_starts(text->bytes, S("[")) ? text : NULL;
}

bool patch_json_apply(struct context *cx, struct node *target, const struct node *operations)
{
    struct operation o = { .cx = cx, .target = target, .json = json_text_of(cx, operations) };
    for (uint32_t i = 0; operations->kind == NODE_LIST && i < operations->len; i++) {
        o.said = operations->items[i];
        if (!limit_count(cx, LIMIT_STEPS, 1, o.said->pos) || !run(&o))
            return false;
    }
    if (operations->kind == NODE_LIST)
        through_json(cx, target);
    return true;
}

static struct node *read_first(struct context *cx, struct text *text)
{
    struct documents all = { 0 };
    if (!yaml_read_all(cx, text, YAML_GO2, &all))
        return NULL;
    return all.len ? all.at[0] : node_null(cx);
}

struct node *patch_json_read(struct context *cx, struct text *text)
{
    bool json = str_starts(text->bytes, S("["));
    struct node *operations = json ? json_read(cx, text) : read_first(cx, text);
    if (!operations || operations->kind == NODE_NULL)
        return operations;
    if (operations->kind != NODE_LIST) {
        report(cx, operations->pos, "a JSON patch is a list of operations, not %s",
               node_kind_name(operations));
        return NULL;
    }
    for (uint32_t i = 0; i < operations->len; i++) {
        const struct node *one = operations->items[i];
        if (one->kind == NODE_MAP || one->kind == NODE_NULL)
            continue;
        report(cx, one->pos, "an operation is a map, not %s", node_kind_name(one));
        return NULL;
    }
    return operations;
}
