/* Go's own functions: those of text/template itself. */
#include <math.h>

#include "render/base/encode.h"
#include "render/template/ast.h"
#include "render/template/func.h"
#include "render/template/print.h"

/* Comparison: kinds that compare with each other; integers whatever their size. */
enum basic { BASIC_NONE, BASIC_BOOL, BASIC_INT, BASIC_FLOAT, BASIC_COMPLEX, BASIC_STRING };

static enum basic basic_kind(struct value v)
{
    static const uint8_t kinds[VALUE_KIND_COUNT] = {
        [VALUE_BOOL] = BASIC_BOOL,     [VALUE_INT] = BASIC_INT,     [VALUE_INT32] = BASIC_INT,
        [VALUE_INT64] = BASIC_INT,     [VALUE_UINT8] = BASIC_INT,   [VALUE_UINT64] = BASIC_INT,
        [VALUE_DURATION] = BASIC_INT,  [VALUE_FLOAT] = BASIC_FLOAT, [VALUE_COMPLEX] = BASIC_COMPLEX,
        [VALUE_STRING] = BASIC_STRING,
    };
    return (enum basic)kinds[v.kind];
}

static struct value incompatible(struct call *c, struct value a, struct value b)
{
    return call_fail(c, "incompatible types for comparison: %.*s and %.*s", STR(value_type_name(a)),
                     STR(value_type_name(b)));
}

/* A negative integer equals no unsigned one, however large. */
static bool ints_equal(struct value a, struct value b)
{
    if (value_is_unsigned(a) != value_is_unsigned(b) && a.i < 0)
        return false;
    return a.i == b.i;
}

static bool is_nil(struct value v)
{
    return v.kind == VALUE_NIL || (v.kind == VALUE_MAP && !v.dict)
           || (v.kind == VALUE_LIST && !v.items);
}

static str printed(struct call *c, const char *format, struct value v)
{
    struct buf b;
    buf_init(&b, c->arena, 64);
    print_format(&b, str_from(format), &v, 1);
    return buf_take(&b);
}

/* Two values that are no numbers, strings or bools. */
static bool others_equal(struct call *c, struct value a, struct value b)
{
    str kind = value_kind_name(a);
    bool nil = is_nil(a) || is_nil(b);
    if (a.kind != VALUE_NIL && b.kind != VALUE_NIL && !str_eq(kind, value_kind_name(b))) {
        call_fail(c, "non-comparable types %.*s: %.*s, %.*s: %.*s", STR(printed(c, "%s", a)),
                  STR(value_type_name(a)), STR(value_type_name(b)), STR(printed(c, "%v", b)));
        return false;
    }
    if (nil)
        return is_nil(a) == is_nil(b);
    if (str_eq(kind, S("map")) || str_eq(kind, S("slice"))) {
        call_fail(c, "non-comparable type %.*s: %.*s", STR(printed(c, "%s", b)),
                  STR(value_type_name(b)));
        return false;
    }
    return a.kind == VALUE_TIME ? value_equal(a, b) : a.u == b.u;
}

static bool equal(struct call *c, struct value a, struct value b)
{
    enum basic x = basic_kind(a), y = basic_kind(b);
    if (x != y) {
        if (a.kind != VALUE_NIL && b.kind != VALUE_NIL)
            incompatible(c, a, b);
        return false;
    }
    if (x == BASIC_INT)
        return ints_equal(a, b);
    return x == BASIC_NONE ? others_equal(c, a, b) : value_equal(a, b);
}

static struct value eq(struct call *c)
{
    if (c->count == 1)
        return call_fail(c, "missing argument for comparison");
    for (uint32_t i = 1; i < c->count && !c->failed; i++) {
        if (equal(c, c->args[0], c->args[i]))
            return value_bool(true);
    }
    return value_bool(false);
}

static struct value ne(struct call *c)
{
    return value_bool(!equal(c, c->args[0], c->args[1]));
}

static bool ints_less(struct value a, struct value b)
{
    bool x = value_is_unsigned(a), y = value_is_unsigned(b);
    if (x && y)
        return a.u < b.u;
    if (x != y && (x ? b.i : a.i) < 0)
        return !x;
    return x || y ? a.u < b.u : a.i < b.i;
}

static bool less(struct call *c, struct value a, struct value b)
{
    enum basic x = basic_kind(a), y = basic_kind(b);
    if (x == BASIC_NONE || y == BASIC_NONE || (x == y && (x == BASIC_BOOL || x == BASIC_COMPLEX))) {
        call_fail(c, "invalid type for comparison");
        return false;
    }
    if (x != y) {
        incompatible(c, a, b);
        return false;
    }
    if (x == BASIC_STRING)
        return str_cmp(value_str(a), value_str(b)) < 0;
    return x == BASIC_FLOAT ? a.f < b.f : ints_less(a, b);
}

static bool less_or_equal(struct call *c)
{
    bool below = less(c, c->args[0], c->args[1]);
    return below || (!c->failed && equal(c, c->args[0], c->args[1]));
}

static struct value lt(struct call *c)
{
    return value_bool(less(c, c->args[0], c->args[1]));
}

static struct value le(struct call *c)
{
    return value_bool(less_or_equal(c));
}

static struct value gt(struct call *c)
{
    return value_bool(!less_or_equal(c));
}

static struct value ge(struct call *c)
{
    return value_bool(!less(c, c->args[0], c->args[1]));
}

static struct value not_(struct call *c)
{
    return value_bool(!value_true(c->args[0]));
}

/* Containers */

static struct value len(struct call *c)
{
    struct value v = value_plain(c->args[0]);
    switch ((enum value_kind)v.kind) {
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_LIST:
        return value_int(v.len);
    case VALUE_MAP:
        if (v.dict && v.dict->fixed)
            break;
        return value_int(v.dict ? v.dict->len : 0);
    case VALUE_NIL:
        if (v.boxed)
            return call_fail(c, "len of nil pointer");
        return call_fail(c, "reflect: call of reflect.Value.Type on zero Value");
    default:
        break;
    }
    return call_fail(c, "len of type %.*s", STR(value_type_name(c->args[0])));
}

static bool index_of(struct call *c, struct value index, uint32_t len, uint32_t *out)
{
    if (index.kind == VALUE_NIL) {
        call_fail(c, "cannot index slice/array with nil");
    } else if (!value_is_int(index)) {
        call_fail(c, "cannot index slice/array with type %.*s", STR(value_type_name(index)));
    } else if (index.i < 0 || index.i > len) {
        call_fail(c, "index out of range: %lld", (long long)index.i);
    } else {
        *out = (uint32_t)index.i;
        return true;
    }
    return false;
}

static struct value index_list(struct call *c, struct value v, struct value index)
{
    uint32_t at;
    if (!index_of(c, index, v.len, &at))
        return NIL;
    if (at == v.len)
        return call_fail(c, "reflect: %s index out of range",
                         v.kind == VALUE_STRING ? "string" : "slice");
    if (v.kind != VALUE_LIST)
        return (struct value){ .kind = VALUE_UINT8, .u = (unsigned char)v.at[at] };
    return v.items[at];
}

static struct value index_map(struct call *c, struct value v, struct value index)
{
    if (index.kind == VALUE_NIL)
        return call_fail(c, "value is nil; should be of type string");
    if (index.kind != VALUE_STRING)
        return call_fail(c, "value has type %.*s; should be string", STR(value_type_name(index)));
    const struct key *key = intern_find(c->cx->keys, value_str(index));
    const struct dict_entry *e = dict_find(v.dict, key);
    call_reads(c, v.dict, key, e);
    if (e)
        return e->value;
    return v.type == TYPE_STRINGS ? value_string(S("")) : NIL;
}

static struct value index_(struct call *c)
{
    struct value v = c->args[0];
    if (v.kind == VALUE_NIL)
        return call_fail(c, "index of untyped nil");
    for (uint32_t i = 1; i < c->count && !c->failed; i++) {
        struct value plain = value_plain(v);
        bool fixed = plain.kind == VALUE_MAP && plain.dict && plain.dict->fixed;
        if (v.kind == VALUE_NIL)
            return call_fail(c, "index of nil pointer");
        if (plain.kind == VALUE_MAP && !fixed)
            v = index_map(c, plain, c->args[i]);
        else if (plain.kind == VALUE_LIST || plain.kind == VALUE_STRING
                 || plain.kind == VALUE_BYTES)
            v = index_list(c, plain, c->args[i]);
        else
            return call_fail(c, "can't index item of type %.*s", STR(value_type_name(v)));
    }
    return v;
}

/* There are no functions among a chart's values: calling one always fails. */
static struct value call(struct call *c)
{
    if (c->args[0].kind == VALUE_NIL)
        return call_fail(c, "call of nil");
    const struct ast_command *command = (const struct ast_command *)c->node;
    struct buf b;
    buf_init(&b, c->arena, 32);
    if (c->node->kind == AST_COMMAND && command->len > 1)
        ast_print(&b, command->args[1]);
    else if (c->args[0].kind == VALUE_STRING)
        buf_str(&b, value_str(c->args[0]));
    else
        buf_format(&b, "<%.*s Value>", STR(value_type_name(c->args[0])));
    return call_fail(c, "non-function %.*s of type %.*s", STR(buf_view(&b)),
                     STR(value_type_name(c->args[0])));
}

/* Text */

static struct value print(struct call *c)
{
    struct buf b;
    buf_init(&b, c->arena, 64);
    print_operands(&b, c->args, c->count);
    return call_printed(c, &b);
}

static struct value println(struct call *c)
{
    struct buf b;
    buf_init(&b, c->arena, 64);
    print_line(&b, c->args, c->count);
    return call_printed(c, &b);
}

static struct value printf_(struct call *c)
{
    struct buf b;
    buf_init(&b, c->arena, 64);
    print_format(&b, value_str(c->args[0]), c->args + 1, c->count - 1);
    return call_printed(c, &b);
}

static struct value escaped(struct call *c, void (*escape)(struct buf *b, str s))
{
    struct buf plain, b;
    buf_init(&plain, c->arena, 64);
    struct value *args = arena_alloc(c->arena, (c->count + 1) * sizeof *args);
    for (uint32_t i = 0; i < c->count; i++)
        args[i] = c->args[i].kind == VALUE_NIL ? value_string(S("<no value>")) : c->args[i];
    print_operands(&plain, args, c->count);
    if (plain.error)
        return call_printed(c, &plain);
    buf_init(&b, c->arena, plain.len + 16);
    escape(&b, buf_view(&plain));
    return call_printed(c, &b);
}

static struct value html(struct call *c)
{
    return escaped(c, encode_html_template);
}

static struct value js(struct call *c)
{
    return escaped(c, encode_js);
}

static struct value urlquery(struct call *c)
{
    return escaped(c, encode_query);
}

const struct func core_funcs[] = {
    /* name      parameters */
    { "and", "vv*", NULL }, /* the evaluator stops at the operand that decides */
    { "call", "vv*", call },
    { "eq", "vv*", eq },
    { "ge", "vv", ge },
    { "gt", "vv", gt },
    { "html", ".*", html },
    { "index", "vv*", index_ },
    { "js", ".*", js },
    { "le", "vv", le },
    { "len", "v", len },
    { "lt", "vv", lt },
    { "ne", "vv", ne },
    { "not", "v", not_ },
    { "or", "vv*", NULL },
    { "print", ".*", print },
    { "printf", "s.*", printf_ },
    { "println", ".*", println },
    { "urlquery", ".*", urlquery },
    { 0 },
};
