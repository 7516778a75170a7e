/* Operands, commands and pipelines. */
#include "render/base/quote.h"
#include "render/base/suggest.h"
#include "render/template/literal.h"
#include "render/template/parser.h"

static void add_target(struct parser *p, struct ast_pipe *pipe, str name)
{
    if (!pipe->targets)
        pipe->targets = NEW_ARRAY(p->nodes, struct ast_target, 2);
    pipe->targets[pipe->target_count++] = (struct ast_target){ .name = name };
    parser_name(p, name, NO_SLOT, false);
}

/* The pipeline is complete: from here on its variables are there. */
static void settle_targets(struct parser *p, struct ast_pipe *pipe, uint32_t first)
{
    for (uint32_t i = 0; i < pipe->target_count; i++) {
        struct name *n = &p->names[first + i];
        /* A variable's place is its number among the names in scope. */
        n->slot = pipe->assigns ? parser_slot(p, n->text) : first + i;
        n->live = n->slot != NO_SLOT;
        if (first + i >= p->slots)
            p->slots = first + i + 1;
        pipe->targets[i].slot = n->slot;
    }
}

static const struct ast *constant(struct parser *p, enum ast_kind kind, struct token t,
                                  struct value v)
{
    struct ast_constant *c = NODE(struct ast_constant, kind, t.at);
    c->source = t.text;
    c->value = v;
    return &c->head;
}

static const struct ast *parse_string(struct parser *p, struct token t)
{
    str text;
    if (!unquote(p->cx->arena, t.text, &text))
        return FAIL_HERE(p, "invalid syntax");
    return constant(p, AST_STRING, t, value_string(text));
}

static const struct ast *parse_number(struct parser *p, struct token t)
{
    struct ast_number *n = NODE(struct ast_number, AST_NUMBER, t.at);
    str why;
    if (!literal_number(p->cx->arena, t, n, &why))
        return FAIL_HERE(p, "%.*s", STR(why));
    return &n->head;
}

struct names {
    str *at;
    size_t len;
};

static void unknown_function(struct parser *p, struct token t)
{
    str name = quoted(p->cx->arena, t.text);
    parser_fail(p, t.at, "function %.*s not defined", STR(name));
    struct names known = { NEW_ARRAY(p->cx->arena, str, p->funcs->len), 0 };
    for (uint32_t i = 0; i < p->funcs->len; i++)
        known.at[known.len++] = p->funcs->entries[i].key;
    ptrdiff_t near = suggest(t.text, known.at, known.len);
    if (near >= 0)
        hint(p->cx, (struct pos){ p->text->id, t.at }, "did you mean '%.*s'?", STR(known.at[near]));
}

static const struct ast *parse_function(struct parser *p, struct token t)
{
    const struct func *func = map_get(p->funcs, t.text);
    if (!func) {
        unknown_function(p, t);
        return NULL;
    }
    struct ast_function *f = NODE(struct ast_function, AST_FUNCTION, t.at);
    f->func = func;
    f->name = t.text;
    return &f->head;
}

static struct ast_path *path(struct parser *p, enum ast_kind kind, struct token t)
{
    struct ast_path *path = NODE(struct ast_path, kind, t.at);
    path->slot = NO_SLOT;
    path->from = t.at;
    if (kind == AST_FIELD) {
        path->len = 1;
        path->fields = NEW_ARRAY(p->nodes, const struct key *, 1);
        path->fields[0] = intern(p->cx->keys, str_skip(t.text, 1));
    }
    return path;
}

static const struct ast *parse_variable(struct parser *p, struct token t)
{
    if (!parser_find_name(p, t.text, false)) {
        str name = quoted(p->cx->arena, t.text);
        return parser_fail(p, t.at, "undefined variable %.*s", STR(name));
    }
    struct ast_path *v = path(p, AST_VARIABLE, t);
    v->name = t.text;
    v->slot = parser_slot(p, t.text);
    return &v->head;
}

static const struct ast *parse_parens(struct parser *p)
{
    struct pos pos = { p->text->id, p->tokens[0].at };
    if (!limit_enter(p->cx, LIMIT_DEPTH, pos))
        return NULL;
    const struct ast_pipe *pipe = parse_pipe(p, "parenthesized pipeline", TOKEN_RIGHT);
    limit_leave(p->cx, LIMIT_DEPTH);
    return pipe ? &pipe->head : NULL;
}

/* Without an operand here, NULL and *none. */
static const struct ast *parse_term(struct parser *p, bool *none)
{
    *none = false;
    struct token t = parser_word(p);
    switch (t.kind) {
    case TOKEN_NAME:
        return parse_function(p, t);
    case TOKEN_DOT:
        return constant(p, AST_DOT, t, NIL);
    case TOKEN_NIL:
        return constant(p, AST_NIL, t, NIL);
    case TOKEN_BOOL:
        return constant(p, AST_BOOL, t, value_bool(t.text.at[0] == 't'));
    case TOKEN_VARIABLE:
        return parse_variable(p, t);
    case TOKEN_FIELD:
        return &path(p, AST_FIELD, t)->head;
    case TOKEN_CHARACTER:
    case TOKEN_COMPLEX:
    case TOKEN_NUMBER:
        return parse_number(p, t);
    case TOKEN_STRING:
    case TOKEN_RAW_STRING:
        return parse_string(p, t);
    case TOKEN_LEFT:
        return parse_parens(p);
    default:
        parser_back(p);
        *none = true;
        return NULL;
    }
}

/* The fields that follow an operand without a space between. */
static const struct ast *parse_fields(struct parser *p, const struct ast *base)
{
    struct token first = parser_peek(p);
    uint32_t from = p->stack_len;
    bool extends = base->kind == AST_FIELD || base->kind == AST_VARIABLE;
    const struct ast_path *old = (const struct ast_path *)base;
    for (uint32_t i = 0; extends && i < old->len; i++)
        parser_push(p, old->fields[i]);
    while (parser_peek(p).kind == TOKEN_FIELD)
        parser_push(p, intern(p->cx->keys, str_skip(parser_next(p).text, 1)));
    if (base->kind >= AST_DOT && base->kind <= AST_NUMBER) {
        struct buf b;
        buf_init(&b, p->cx->arena, 32);
        ast_print(&b, base);
        str term = quoted(p->cx->arena, buf_view(&b));
        p->stack_len = from;
        return FAIL_HERE(p, "unexpected . after term %.*s", STR(term));
    }
    struct ast_path *made = NODE(struct ast_path, AST_CHAIN, first.at);
    if (extends) {
        *made = *old;
        made->head.at = first.at;
    } else {
        made->base = base;
        made->from = base->at;
        made->slot = NO_SLOT;
    }
    made->fields = (const struct key **)parser_pop(p, from, &made->len);
    return &made->head;
}

static const struct ast *parse_operand(struct parser *p, bool *none)
{
    const struct ast *term = parse_term(p, none);
    if (!term || parser_peek(p).kind != TOKEN_FIELD)
        return term;
    return parse_fields(p, term);
}

static const struct ast_command *parse_command(struct parser *p)
{
    struct ast_command *c = NODE(struct ast_command, AST_COMMAND, parser_peek_word(p).at);
    uint32_t from = p->stack_len;
    for (;;) {
        parser_peek_word(p);
        bool none;
        const struct ast *operand = parse_operand(p, &none);
        if (!operand && !none)
            return NULL;
        if (operand)
            parser_push(p, operand);
        struct token t = parser_next(p);
        if (t.kind == TOKEN_SPACE)
            continue;
        if (t.kind == TOKEN_CLOSE || t.kind == TOKEN_RIGHT)
            parser_back(p);
        else if (t.kind != TOKEN_PIPE)
            return parser_unexpected(p, t, "operand");
        break;
    }
    if (p->stack_len == from)
        return FAIL_HERE(p, "empty command");
    c->args = (const struct ast **)parser_pop(p, from, &c->len);
    return c;
}

/* "$x :=", "$x =", "$i, $x :=" */
static bool parse_targets(struct parser *p, struct ast_pipe *pipe, const char *context)
{
    while (parser_peek_word(p).kind == TOKEN_VARIABLE) {
        struct token variable = parser_word(p);
        struct token after = parser_peek(p);
        struct token word = parser_peek_word(p);
        if (word.kind == TOKEN_ASSIGN || word.kind == TOKEN_DECLARE) {
            pipe->assigns = word.kind == TOKEN_ASSIGN;
            parser_word(p);
            add_target(p, pipe, variable.text);
            return true;
        }
        if (word.kind == TOKEN_OTHER && str_eq(word.text, S(","))) {
            parser_word(p);
            if (pipe->target_count == 2 || strcmp(context, "range")) {
                FAIL_HERE(p, "too many declarations in %s", context);
                return false;
            }
            add_target(p, pipe, variable.text);
            enum token_kind kind = parser_peek_word(p).kind;
            if (pipe->target_count == 2) {
                FAIL_HERE(p, "too many declarations in %s", context);
                return false;
            }
            if (kind == TOKEN_VARIABLE || kind == TOKEN_CLOSE || kind == TOKEN_RIGHT)
                continue;
            FAIL_HERE(p, "range can only initialize variables");
            return false;
        }
        if (after.kind == TOKEN_SPACE)
            parser_back_three(p, variable, after);
        else
            parser_back_two(p, variable);
        break;
    }
    return true;
}

/* A literal can't take what is piped into it. */
static bool check_pipe(struct parser *p, const struct ast_pipe *pipe, const char *context)
{
    if (!pipe->len)
        return FAIL_HERE(p, "missing value for %s", context);
    for (uint32_t i = 1; i < pipe->len; i++) {
        uint8_t first = pipe->commands[i]->args[0]->kind;
        if (first >= AST_DOT && first <= AST_NUMBER)
            return parser_fail(p, pipe->commands[i]->head.at,
                               "non executable command in pipeline stage %u", i + 1);
    }
    return true;
}

const struct ast_pipe *parse_pipe(struct parser *p, const char *context, enum token_kind end)
{
    struct ast_pipe *pipe = NODE(struct ast_pipe, AST_PIPE, parser_peek_word(p).at);
    uint32_t names = p->names_len;
    uint32_t from = p->stack_len;
    if (!parse_targets(p, pipe, context))
        return NULL;
    for (;;) {
        struct token t = parser_word(p);
        if (t.kind == end)
            break;
        if (t.kind != TOKEN_LEFT && t.kind != TOKEN_DOT && t.kind != TOKEN_NIL
            && (t.kind < TOKEN_BOOL || t.kind > TOKEN_VARIABLE))
            return parser_unexpected(p, t, context);
        parser_back(p);
        const struct ast_command *c = parse_command(p);
        if (!c)
            return NULL;
        parser_push(p, c);
    }
    pipe->commands = (const struct ast_command **)parser_pop(p, from, &pipe->len);
    if (!check_pipe(p, pipe, context))
        return NULL;
    settle_targets(p, pipe, names);
    return pipe;
}
