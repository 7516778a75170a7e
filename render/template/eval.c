/* Go's rules for values over resolved trees: operands, calls, fields, pipelines.
 *
 * `run->at` follows Go step by step, since its messages name the node that was looked
 * at last, not the one that failed. A value that came out of a container is `boxed`:
 * Go then speaks of "interface {}" instead of what is inside. */
#include "render/template/eval.h"

#include "render/base/quote.h"
#include "render/template/methods.h"

enum { FEW_ARGS = 8 };

/* What follows the first word of a command: operands, and the value piped in. */
struct operands {
    const struct ast **at;
    uint32_t len;
    const struct value *piped;
};

static const struct operands no_operands;

static struct value eval_operand(struct run *r, struct value dot, const struct ast *node);

static struct value wrong_type(struct run *r, char param, struct value v)
{
    str want = func_param_name(param);
    if (v.kind == VALUE_NIL && !v.boxed)
        return run_fail(r, "invalid value; expected %.*s", STR(want));
    str got = v.kind == VALUE_NIL ? S("interface {}") : value_type_name(v);
    run_fail(r, "wrong type for value; expected %.*s; got %.*s", STR(want), STR(got));
    if (v.kind == VALUE_FLOAT && (param == 'i' || param == 'I'))
        hint(r->cx, NOWHERE, "numbers in values are float64; 'int' makes an integer of one");
    return NIL;
}

/* A value as a parameter takes it. */
static struct value passed(struct run *r, char param, struct value v)
{
    if (param == '.' || param == 'v' || r->failed || func_accepts(param, &v))
        return v;
    return wrong_type(r, param, v);
}

static str printed(struct run *r, const struct ast *node)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 32);
    ast_print(&b, node);
    return buf_take(&b);
}

static struct value number_for(struct run *r, char param, const struct ast_number *n)
{
    switch (param) {
    case 'i':
        if (n->is_int)
            return value_int(n->i);
        return run_fail(r, "expected integer; found %.*s", STR(n->source));
    case 'I':
        if (n->is_int)
            return value_int64(n->i);
        return run_fail(r, "expected integer; found %.*s", STR(n->source));
    case 'd':
        if (n->is_int)
            return (struct value){ .kind = VALUE_DURATION, .i = n->i };
        return run_fail(r, "expected integer; found %.*s", STR(n->source));
    case 'u':
        if (n->is_int && n->i >= 0)
            return (struct value){ .kind = VALUE_UINT64, .u = (uint64_t)n->i };
        return run_fail(r, "expected unsigned integer; found %.*s", STR(n->source));
    case 'f':
        if (n->is_float)
            return value_float(n->f);
        return run_fail(r, "expected float; found %.*s", STR(n->source));
    default:
        if (n->value.kind != VALUE_NIL)
            return n->value;
        return run_fail(r, "%.*s overflows int", STR(n->source));
    }
}

/* A literal where a parameter wants something else. */
static struct value wrong_literal(struct run *r, char param, const struct ast *node)
{
    static const struct {
        char param;
        const char *what;
    } expected[] = { { 's', "string" },          { 'b', "bool" },    { 'i', "integer" },
                     { 'I', "integer" },         { 'd', "integer" }, { 'f', "float" },
                     { 'u', "unsigned integer" } };
    str text = printed(r, node);
    for (size_t i = 0; i < countof(expected); i++) {
        if (expected[i].param == param)
            return run_fail(r, "expected %s; found %.*s", expected[i].what, STR(text));
    }
    return run_fail(r, "can't handle %.*s for arg of type %.*s", STR(text),
                    STR(func_param_name(param)));
}

static struct value literal_for(struct run *r, char param, const struct ast *node)
{
    bool any = param == '.' || param == 'v';
    bool number = any || strchr("iIdfu", param);
    if (node->kind == AST_NUMBER && number)
        return number_for(r, param, (const struct ast_number *)node);
    if (node->kind == AST_STRING && (any || param == 's'))
        return ((const struct ast_constant *)node)->value;
    if (node->kind == AST_BOOL && (any || param == 'b'))
        return ((const struct ast_constant *)node)->value;
    return wrong_literal(r, param, node);
}

/* An argument of a function. */
static struct value eval_arg(struct run *r, struct value dot, char param, const struct ast *node)
{
    r->at = node;
    if (node->kind == AST_NUMBER || node->kind == AST_STRING || node->kind == AST_BOOL)
        return literal_for(r, param, node);
    if (node->kind != AST_NIL)
        return passed(r, param, eval_operand(r, dot, node));
    struct value v = NIL;
    if (func_accepts(param, &v))
        return v;
    return run_fail(r, "cannot assign nil to %.*s", STR(func_param_name(param)));
}

/* Calls */

static bool count_fits(struct run *r, const struct func *f, str name, struct operands given)
{
    uint32_t count = given.len + (given.piped != NULL);
    uint32_t least = func_least(f);
    if (func_most(f) == UINT32_MAX) {
        if (count >= least)
            return true;
        run_fail(r, "wrong number of args for %.*s: want at least %u got %u", STR(name), least,
                 given.len);
    } else {
        if (count == least)
            return true;
        run_fail(r, "wrong number of args for %.*s: want %u got %u", STR(name), least, count);
    }
    return false;
}

/* `and` and `or` stop at the first operand that decides. */
static struct value eval_logic(struct run *r, struct value dot, bool is_or, struct operands given)
{
    struct value v = NIL;
    for (uint32_t i = 0; i < given.len; i++) {
        v = eval_arg(r, dot, 'v', given.at[i]);
        if (r->failed || value_true(v) == is_or)
            return v;
    }
    return given.piped ? *given.piped : v;
}

/* What a function reads and makes is work, too, where it is much. */
static bool counts_work(struct call *c, struct value made)
{
    enum { LITTLE = 16 << 10, BYTES_IN_A_STEP = 4, STEPS_OF_AN_ITEM = 2 };
    uint64_t work = made.kind == VALUE_LIST ? made.len : made.len / BYTES_IN_A_STEP;
    for (uint32_t i = 0; i < c->count; i++)
        work += c->args[i].kind == VALUE_LIST ? (uint64_t)c->args[i].len * STEPS_OF_AN_ITEM
                                              : c->args[i].len / BYTES_IN_A_STEP;
    return work < LITTLE / BYTES_IN_A_STEP || c->failed || call_costs(c, work);
}

/* A function or, with `self`, a method. `node` is what its own failure is about. */
static struct value eval_call(struct run *r, struct value dot, const struct func *f, str name,
                              const struct ast *node, const struct value *self,
                              struct operands given)
{
    if (!count_fits(r, f, name, given))
        return NIL;
    if (!f->fn)
        return eval_logic(r, dot, name.at[0] == 'o', given);
    struct value few[FEW_ARGS];
    uint32_t first = self != NULL;
    uint32_t count = first + given.len + (given.piped != NULL);
    struct value *args =
        count <= FEW_ARGS ? few : arena_alloc(r->cx->arena, arena_array(count, sizeof *args));
    if (self)
        args[0] = *self;
    for (uint32_t i = 0; i < given.len; i++) {
        args[first + i] = eval_arg(r, dot, func_param(f, i), given.at[i]);
        if (r->failed)
            return NIL;
    }
    if (given.piped) {
        args[count - 1] = passed(r, func_param(f, given.len), *given.piped);
        if (r->failed)
            return NIL;
    }
    struct call c = {
        .cx = r->cx,
        .arena = r->cx->arena,
        .run = r,
        .pos = run_place(r, node),
        .func = f,
        .args = args,
        .count = count,
        .node = node,
    };
    struct watch *watch = run_watch(r);
    if (watch)
        watch_call(watch, f, args, count);
    struct value v = f->fn(&c);
    if (!counts_work(&c, v))
        v = call_stop(&c);
    if (watch && !c.failed)
        watch_result(watch, args, count, v, c.pos);
    if (!c.failed)
        return v;
    r->at = node;
    return run_fail_call(r, &c, name);
}

static const struct func *method_find(struct value v, str name)
{
    const struct func *f = v.kind == VALUE_OBJECT ? v.object->type->methods : value_methods(v);
    for (; f && f->name; f++) {
        if (str_eq(str_from(f->name), name))
            return f;
    }
    return NULL;
}

/* "a string", "a list": a value for people. */
static const char *kind_said(struct value v)
{
    static const char *const said[VALUE_KIND_COUNT] = {
        [VALUE_NIL] = "nil",           [VALUE_BOOL] = "a bool",
        [VALUE_INT] = "an integer",    [VALUE_INT32] = "an integer",
        [VALUE_INT64] = "an integer",  [VALUE_UINT8] = "an integer",
        [VALUE_UINT64] = "an integer", [VALUE_DURATION] = "a duration",
        [VALUE_FLOAT] = "a number",    [VALUE_COMPLEX] = "a number",
        [VALUE_STRING] = "a string",   [VALUE_BYTES] = "bytes",
        [VALUE_LIST] = "a list",       [VALUE_MAP] = "a map",
        [VALUE_TIME] = "a time",       [VALUE_ERROR] = "an error",
        [VALUE_OBJECT] = "an object",
    };
    return v.kind == VALUE_OBJECT ? v.object->type->name : said[v.kind];
}

static struct value field_missing(struct run *r, struct value v, const struct key *field,
                                  const struct ast_path *path)
{
    str type = v.boxed ? S("interface {}") : value_type_name(v);
    str message = str_format(r->cx->arena, "can't evaluate field %.*s in type %.*s",
                             STR(field->text), STR(type));
    return run_fail_field(r, path, message, kind_said(v), field->text);
}

static struct value field_of_map(struct run *r, struct value v, struct value map,
                                 const struct key *field, const struct ast_path *path,
                                 struct operands given)
{
    if (given.len || given.piped)
        return run_fail(r, "%.*s is not a method but has arguments", STR(field->text));
    const struct dict_entry *e = dict_find(map.dict, field);
    if (run_watch(r))
        watch_read(run_watch(r), map.dict, field, e);
    if (e) {
        struct value found = e->value;
        found.boxed = map.type != TYPE_STRINGS && !map.dict->fixed;
        return found;
    }
    if (map.dict && map.dict->fixed)
        return field_missing(r, v, field, path);
    if (r->engine->options.missing_key_fails) {
        str name = quoted(r->cx->arena, field->text);
        return run_fail(r, "map has no entry for key %.*s", STR(name));
    }
    if (map.type == TYPE_STRINGS)
        return value_string(S(""));
    return (struct value){ .kind = VALUE_NIL, .boxed = true };
}

/* One field or method of a value. */
static struct value eval_field(struct run *r, struct value dot, struct value v,
                               const struct key *field, const struct ast_path *path,
                               struct operands given)
{
    if (v.kind == VALUE_MAP && v.type == TYPE_ANY)
        return field_of_map(r, v, v, field, path, given);
    if (v.kind == VALUE_NIL) {
        if (v.boxed) {
            str message = str_format(r->cx->arena, "nil pointer evaluating interface {}.%.*s",
                                     STR(field->text));
            return run_fail_field(r, path, message, "nil", field->text);
        }
        if (!r->engine->options.missing_key_fails)
            return NIL;
        str name = quoted(r->cx->arena, field->text);
        return run_fail(r, "nil data; no entry for key %.*s", STR(name));
    }
    const struct func *method = method_find(v, field->text);
    if (method)
        return eval_call(r, dot, method, field->text, &path->head, &v, given);
    struct value plain = value_plain(v);
    if (plain.kind == VALUE_MAP)
        return field_of_map(r, v, plain, field, path, given);
    return field_missing(r, v, field, path);
}

/* Where the values say that it is null, or that it is not there. */
static void hint_nil(struct run *r, struct value parent, const struct key *field)
{
    struct value map = value_plain(parent);
    if (map.kind != VALUE_MAP)
        return;
    const struct dict_entry *e = dict_find(map.dict, field);
    if (e && e->pos.text)
        hint(r->cx, e->pos, "'%.*s' is null here", STR(field->text));
    else if (!e)
        hint(r->cx, NOWHERE, "'%.*s' is not set", STR(field->text));
}

static struct value eval_fields(struct run *r, struct value dot, struct value v,
                                const struct ast_path *path, struct operands given)
{
    struct value parent = NIL;
    run_note(r, &path->head);
    for (uint32_t i = 0; i < path->len; i++) {
        struct value next =
            eval_field(r, dot, v, path->fields[i], path, i + 1 == path->len ? given : no_operands);
        if (r->failed) {
            if (i && v.kind == VALUE_NIL)
                hint_nil(r, parent, path->fields[i - 1]);
            return NIL;
        }
        parent = v;
        v = next;
    }
    return v;
}

static bool not_a_function(struct run *r, const struct ast *first, struct operands given)
{
    if (!given.len && !given.piped)
        return true;
    str text = printed(r, first);
    run_fail(r, "can't give argument to non-function %.*s", STR(text));
    return false;
}

static struct value eval_variable(struct run *r, struct value dot, const struct ast_path *path,
                                  struct operands given)
{
    r->at = &path->head;
    if (path->slot == NO_SLOT)
        return run_fail(r, "undefined variable: %.*s", STR(path->name));
    struct value v = r->vars[path->slot];
    if (path->len)
        return eval_fields(r, dot, v, path, given);
    return not_a_function(r, &path->head, given) ? v : NIL;
}

static struct value eval_chain(struct run *r, struct value dot, const struct ast_path *path,
                               struct operands given)
{
    r->at = path->base;
    struct value v = eval_operand(r, dot, path->base);
    return r->failed ? NIL : eval_fields(r, dot, v, path, given);
}

static struct value eval_function(struct run *r, struct value dot, const struct ast *node,
                                  const struct ast *command, struct operands given)
{
    const struct ast_function *f = (const struct ast_function *)node;
    r->at = node;
    return eval_call(r, dot, f->func, f->name, command, NULL, given);
}

/* What stands where a value is needed, literals aside. */
static struct value eval_operand(struct run *r, struct value dot, const struct ast *node)
{
    const struct ast_path *path = (const struct ast_path *)node;
    switch ((enum ast_kind)node->kind) {
    case AST_DOT:
        return dot;
    case AST_FIELD:
        r->at = node;
        return eval_fields(r, dot, dot, path, no_operands);
    case AST_VARIABLE:
        return eval_variable(r, dot, path, no_operands);
    case AST_CHAIN:
        r->at = node;
        return eval_chain(r, dot, path, no_operands);
    case AST_FUNCTION:
        return eval_function(r, dot, node, node, no_operands);
    case AST_PIPE:
        return eval_pipe(r, dot, (const struct ast_pipe *)node);
    default:
        return literal_for(r, '.', node);
    }
}

/* A literal, a dot or a nil as a whole command. */
static struct value eval_constant(struct run *r, struct value dot, const struct ast *first,
                                  struct operands given)
{
    r->at = first;
    if (!not_a_function(r, first, given))
        return NIL;
    if (first->kind == AST_NIL)
        return run_fail(r, "nil is not a command");
    return first->kind == AST_DOT ? dot : literal_for(r, '.', first);
}

static struct value eval_command(struct run *r, struct value dot, const struct ast_command *c,
                                 const struct value *piped)
{
    const struct ast *first = c->args[0];
    const struct ast_path *path = (const struct ast_path *)first;
    struct operands given = { c->args + 1, c->len - 1, piped };
    switch ((enum ast_kind)first->kind) {
    case AST_FUNCTION:
        return eval_function(r, dot, first, &c->head, given);
    case AST_FIELD:
        r->at = first;
        return eval_fields(r, dot, dot, path, given);
    case AST_VARIABLE:
        return eval_variable(r, dot, path, given);
    case AST_CHAIN:
        r->at = first;
        return eval_chain(r, dot, path, given);
    case AST_PIPE:
        if (!not_a_function(r, first, given))
            return NIL;
        return eval_pipe(r, dot, (const struct ast_pipe *)first);
    default:
        return eval_constant(r, dot, first, given);
    }
}

static void set_targets(struct run *r, const struct ast_pipe *pipe, struct value v)
{
    for (uint32_t i = 0; i < pipe->target_count && !r->failed; i++) {
        if (pipe->targets[i].slot == NO_SLOT)
            run_fail(r, "undefined variable: %.*s", STR(pipe->targets[i].name));
        else
            r->vars[pipe->targets[i].slot] = v;
    }
}

struct value eval_pipe(struct run *r, struct value dot, const struct ast_pipe *pipe)
{
    r->at = &pipe->head;
    run_note(r, r->at);
    if (!run_tick(r) || (!run_stack_left(r, 0) && !run_too_deep(r)))
        return NIL;
    struct value v = NIL;
    for (uint32_t i = 0; i < pipe->len; i++) {
        struct value before = v;
        v = eval_command(r, dot, pipe->commands[i], i ? &before : NULL);
        if (r->failed)
            return NIL;
        v.boxed = false;
    }
    if (pipe->target_count)
        set_targets(r, pipe, v);
    return v;
}
