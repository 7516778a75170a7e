/* One pass, three tokens of look-ahead.
 *
 * Variables are numbered here. Go looks them up when the template runs, on a stack of
 * those declared so far; the same order holds here, so that a name means the same one,
 * and a name that Go would not find then gets NO_SLOT. A variable is not there yet in
 * the pipeline that declares it, nor in an `else` what the branch before it declared. */
#include "render/template/parse.h"

#include "render/base/quote.h"
#include "render/base/suggest.h"
#include "render/template/lex.h"
#include "render/template/literal.h"

struct name {
    str text;
    uint32_t slot;
    uint32_t hidden; /* the name of the same text before it, from 1; 0 for none */
    bool live;
};

struct parser {
    struct context *cx;
    const struct map *funcs;
    const struct text *text;
    str name;
    struct parsed *out;
    struct lexer lexer;
    struct token tokens[3];
    uint32_t ahead;
    /* Nodes of lists and operands that are not finished yet, innermost last. */
    const struct ast **stack;
    uint32_t stack_len;
    uint32_t stack_cap;
    struct name *names;
    uint32_t names_len;
    uint32_t names_cap;
    struct map newest;  /* text to the newest such name, from 1 */
    struct map defined; /* text to struct template */
    uint32_t slots;
    uint32_t ranges; /* loops around this place */
    uint32_t ended;  /* offset of the `end` or `else` read last */
    uint32_t action; /* offset of the "{{" that we are in; NO_ACTION outside */
};

enum { NO_ACTION = UINT32_MAX };

/* What ended a list of nodes. */
enum list_end { LIST_FAILED, LIST_END, LIST_ELSE };

static const struct ast_pipe *parse_pipe(struct parser *p, const char *context,
                                         enum token_kind end);
static enum list_end parse_list(struct parser *p, struct ast_list *out);

/* Tokens */

static struct token next(struct parser *p)
{
    if (p->ahead)
        p->ahead--;
    else
        p->tokens[0] = lexer_next(&p->lexer);
    return p->tokens[p->ahead];
}

static struct token peek(struct parser *p)
{
    if (p->ahead)
        return p->tokens[p->ahead - 1];
    p->ahead = 1;
    return p->tokens[0] = lexer_next(&p->lexer);
}

static struct token next_word(struct parser *p)
{
    struct token t;
    do {
        t = next(p);
    } while (t.kind == TOKEN_SPACE);
    return t;
}

static void back(struct parser *p)
{
    p->ahead++;
}

static struct token peek_word(struct parser *p)
{
    struct token t = next_word(p);
    back(p);
    return t;
}

static void back_two(struct parser *p, struct token t)
{
    p->tokens[1] = t;
    p->ahead = 2;
}

static void back_three(struct parser *p, struct token older, struct token old)
{
    p->tokens[1] = old;
    p->tokens[2] = older;
    p->ahead = 3;
}

/* Mistakes */

static uint32_t line_of(const struct parser *p, uint32_t at)
{
    uint32_t line = 1;
    for (uint32_t i = 0; i < at; i++)
        line += p->text->bytes.at[i] == '\n';
    return line;
}

static void *fail_at(struct parser *p, uint32_t at, str message)
{
    if (p->out->error.at)
        return NULL;
    p->out->error = str_format(p->cx->arena, "template: %.*s:%u: %.*s", STR(p->name),
                               line_of(p, p->tokens[0].at), STR(message));
    report(p->cx, (struct pos){ p->text->id, at }, "%.*s", STR(message));
    return NULL;
}

static void *fail_there(struct parser *p, uint32_t at, const char *format, ...) PRINTF_LIKE(3, 4);

static void *fail_there(struct parser *p, uint32_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str message = str_vformat(p->cx->arena, format, args);
    va_end(args);
    return fail_at(p, at, message);
}

#define fail(p, ...) fail_there((p), (p)->tokens[0].at, __VA_ARGS__)

static void *unexpected(struct parser *p, struct token t, const char *context)
{
    str shown = token_print(p->cx->arena, t);
    if (t.kind != TOKEN_ERROR)
        return fail_there(p, t.at, "unexpected %.*s in %s", STR(shown), context);
    if (p->action == NO_ACTION)
        return fail(p, "%.*s", STR(shown));
    uint32_t at = str_eq(t.text, S("unclosed action")) ? p->action : t.at;
    if (line_of(p, p->action) == line_of(p, t.at))
        return fail_at(p, at, shown);
    str words = str_format(p->cx->arena, "%.*s%s started at %.*s:%u", STR(shown),
                           str_ends(shown, S(" action")) ? "" : " in action", STR(p->name),
                           line_of(p, p->action));
    return fail_at(p, at, words);
}

static bool expect(struct parser *p, enum token_kind kind, const char *context)
{
    struct token t = next_word(p);
    if (t.kind != kind)
        unexpected(p, t, context);
    return t.kind == kind;
}

/* Nodes under construction */

static void *node_new(struct parser *p, size_t size, enum ast_kind kind, uint32_t at)
{
    struct ast *n = arena_zero(p->cx->arena, size);
    n->kind = (uint8_t)kind;
    n->at = at;
    return n;
}

#define NODE(type, kind, at) ((type *)node_new(p, sizeof(type), (kind), (at)))

static void push(struct parser *p, const void *node)
{
    ARENA_PUSH(p->cx->scratch, p->stack, p->stack_len, p->stack_cap);
    p->stack[p->stack_len++] = node;
}

/* What was pushed since `from`, moved to where it stays. */
static const void *pop(struct parser *p, uint32_t from, uint32_t *len)
{
    *len = p->stack_len - from;
    p->stack_len = from;
    /* An empty list is there all the same. */
    const struct ast **made = NEW_ARRAY(p->cx->arena, const struct ast *, *len + 1);
    for (uint32_t i = 0; i < *len; i++)
        made[i] = p->stack[from + i];
    return made;
}

/* Variables */

static void name_add(struct parser *p, str text, uint32_t slot, bool live)
{
    struct map_entry *newest = map_entry(&p->newest, text);
    ARENA_PUSH(p->cx->scratch, p->names, p->names_len, p->names_cap);
    p->names[p->names_len++] =
        (struct name){ text, slot, (uint32_t)(uintptr_t)newest->value, live };
    newest->value = (void *)(uintptr_t)p->names_len;
}

/* Names beyond the first `len` are out of scope. */
static void names_drop(struct parser *p, uint32_t len)
{
    while (p->names_len > len) {
        struct name *n = &p->names[--p->names_len];
        map_put(&p->newest, n->text, (void *)(uintptr_t)n->hidden);
    }
}

static const struct name *name_find(const struct parser *p, str text, bool live)
{
    uint32_t at = (uint32_t)(uintptr_t)map_get(&p->newest, text);
    while (at && live && !p->names[at - 1].live)
        at = p->names[at - 1].hidden;
    return at ? &p->names[at - 1] : NULL;
}

static uint32_t slot_of(const struct parser *p, str text)
{
    const struct name *n = name_find(p, text, true);
    return n ? n->slot : NO_SLOT;
}

static void add_target(struct parser *p, struct ast_pipe *pipe, str name)
{
    pipe->targets[pipe->target_count++] = (struct ast_target){ .name = name };
    name_add(p, name, NO_SLOT, false);
}

/* The pipeline is complete: from here on its variables are there. */
static void settle_targets(struct parser *p, struct ast_pipe *pipe, uint32_t first)
{
    for (uint32_t i = 0; i < pipe->target_count; i++) {
        struct name *n = &p->names[first + i];
        /* A variable's place is its number among the names in scope. */
        n->slot = pipe->assigns ? slot_of(p, n->text) : first + i;
        n->live = n->slot != NO_SLOT;
        if (first + i >= p->slots)
            p->slots = first + i + 1;
        pipe->targets[i].slot = n->slot;
    }
}

/* Operands */

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
        return fail(p, "invalid syntax");
    return constant(p, AST_STRING, t, value_string(text));
}

static const struct ast *parse_number(struct parser *p, struct token t)
{
    struct ast_number *n = NODE(struct ast_number, AST_NUMBER, t.at);
    str why;
    if (!literal_number(p->cx->arena, t, n, &why))
        return fail(p, "%.*s", STR(why));
    return &n->head;
}

struct names {
    str *at;
    size_t len;
};

static void unknown_function(struct parser *p, struct token t)
{
    str name = quoted(p->cx->arena, t.text);
    fail_there(p, t.at, "function %.*s not defined", STR(name));
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
        path->fields = NEW_ARRAY(p->cx->arena, const struct key *, 1);
        path->fields[0] = intern(p->cx->keys, str_skip(t.text, 1));
    }
    return path;
}

static const struct ast *parse_variable(struct parser *p, struct token t)
{
    if (!name_find(p, t.text, false)) {
        str name = quoted(p->cx->arena, t.text);
        return fail_there(p, t.at, "undefined variable %.*s", STR(name));
    }
    struct ast_path *v = path(p, AST_VARIABLE, t);
    v->name = t.text;
    v->slot = slot_of(p, t.text);
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
    struct token t = next_word(p);
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
        back(p);
        *none = true;
        return NULL;
    }
}

/* The fields that follow an operand without a space between. */
static const struct ast *parse_fields(struct parser *p, const struct ast *base)
{
    struct token first = peek(p);
    uint32_t from = p->stack_len;
    bool extends = base->kind == AST_FIELD || base->kind == AST_VARIABLE;
    const struct ast_path *old = (const struct ast_path *)base;
    for (uint32_t i = 0; extends && i < old->len; i++)
        push(p, old->fields[i]);
    while (peek(p).kind == TOKEN_FIELD)
        push(p, intern(p->cx->keys, str_skip(next(p).text, 1)));
    if (base->kind >= AST_DOT && base->kind <= AST_NUMBER) {
        struct buf b;
        buf_init(&b, p->cx->arena, 32);
        ast_print(&b, base);
        str term = quoted(p->cx->arena, buf_view(&b));
        p->stack_len = from;
        return fail(p, "unexpected . after term %.*s", STR(term));
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
    made->fields = (const struct key **)pop(p, from, &made->len);
    return &made->head;
}

static const struct ast *parse_operand(struct parser *p, bool *none)
{
    const struct ast *term = parse_term(p, none);
    if (!term || peek(p).kind != TOKEN_FIELD)
        return term;
    return parse_fields(p, term);
}

static const struct ast_command *parse_command(struct parser *p)
{
    struct ast_command *c = NODE(struct ast_command, AST_COMMAND, peek_word(p).at);
    uint32_t from = p->stack_len;
    for (;;) {
        peek_word(p);
        bool none;
        const struct ast *operand = parse_operand(p, &none);
        if (!operand && !none)
            return NULL;
        if (operand)
            push(p, operand);
        struct token t = next(p);
        if (t.kind == TOKEN_SPACE)
            continue;
        if (t.kind == TOKEN_CLOSE || t.kind == TOKEN_RIGHT)
            back(p);
        else if (t.kind != TOKEN_PIPE)
            return unexpected(p, t, "operand");
        break;
    }
    if (p->stack_len == from)
        return fail(p, "empty command");
    c->args = (const struct ast **)pop(p, from, &c->len);
    return c;
}

/* "$x :=", "$x =", "$i, $x :=" */
static bool parse_targets(struct parser *p, struct ast_pipe *pipe, const char *context)
{
    while (peek_word(p).kind == TOKEN_VARIABLE) {
        struct token variable = next_word(p);
        struct token after = peek(p);
        struct token word = peek_word(p);
        if (word.kind == TOKEN_ASSIGN || word.kind == TOKEN_DECLARE) {
            pipe->assigns = word.kind == TOKEN_ASSIGN;
            next_word(p);
            add_target(p, pipe, variable.text);
            return true;
        }
        if (word.kind == TOKEN_OTHER && str_eq(word.text, S(","))) {
            next_word(p);
            if (pipe->target_count == 2 || strcmp(context, "range")) {
                fail(p, "too many declarations in %s", context);
                return false;
            }
            add_target(p, pipe, variable.text);
            enum token_kind kind = peek_word(p).kind;
            if (pipe->target_count == 2) {
                fail(p, "too many declarations in %s", context);
                return false;
            }
            if (kind == TOKEN_VARIABLE || kind == TOKEN_CLOSE || kind == TOKEN_RIGHT)
                continue;
            fail(p, "range can only initialize variables");
            return false;
        }
        if (after.kind == TOKEN_SPACE)
            back_three(p, variable, after);
        else
            back_two(p, variable);
        break;
    }
    return true;
}

/* A literal can't take what is piped into it. */
static bool check_pipe(struct parser *p, const struct ast_pipe *pipe, const char *context)
{
    if (!pipe->len)
        return fail(p, "missing value for %s", context);
    for (uint32_t i = 1; i < pipe->len; i++) {
        uint8_t first = pipe->commands[i]->args[0]->kind;
        if (first >= AST_DOT && first <= AST_NUMBER)
            return fail_there(p, pipe->commands[i]->head.at,
                              "non executable command in pipeline stage %u", i + 1);
    }
    return true;
}

static const struct ast_pipe *parse_pipe(struct parser *p, const char *context, enum token_kind end)
{
    struct ast_pipe *pipe = NODE(struct ast_pipe, AST_PIPE, peek_word(p).at);
    uint32_t names = p->names_len;
    uint32_t from = p->stack_len;
    if (!parse_targets(p, pipe, context))
        return NULL;
    for (;;) {
        struct token t = next_word(p);
        if (t.kind == end)
            break;
        if (t.kind != TOKEN_LEFT && t.kind != TOKEN_DOT && t.kind != TOKEN_NIL
            && (t.kind < TOKEN_BOOL || t.kind > TOKEN_VARIABLE))
            return unexpected(p, t, context);
        back(p);
        const struct ast_command *c = parse_command(p);
        if (!c)
            return NULL;
        push(p, c);
    }
    pipe->commands = (const struct ast_command **)pop(p, from, &pipe->len);
    if (!check_pipe(p, pipe, context))
        return NULL;
    settle_targets(p, pipe, names);
    return pipe;
}

/* Actions */

static const struct ast *parse_branch(struct parser *p, enum ast_kind kind, uint32_t at);

/* `else if` and `else with` are a branch inside the `else`, without an `end` of their own. */
static bool parse_else(struct parser *p, struct ast_branch *b)
{
    enum token_kind again = b->head.kind == AST_IF ? TOKEN_IF : TOKEN_WITH;
    if (b->head.kind != AST_RANGE && peek(p).kind == again) {
        uint32_t at = next(p).at;
        uint32_t from = p->stack_len;
        const struct ast *inner = parse_branch(p, (enum ast_kind)b->head.kind, at);
        if (!inner)
            return false;
        push(p, inner);
        b->otherwise.nodes = (const struct ast **)pop(p, from, &b->otherwise.len);
        return true;
    }
    enum list_end end = parse_list(p, &b->otherwise);
    if (end == LIST_ELSE)
        fail_there(p, p->ended, "expected end; found {{else}}");
    return end == LIST_END;
}

static const char *const branch_names[] = {
    [AST_IF] = "if", [AST_WITH] = "with", [AST_RANGE] = "range"
};

static bool parse_branch_inside(struct parser *p, struct ast_branch *b)
{
    b->pipe = parse_pipe(p, branch_names[b->head.kind], TOKEN_CLOSE);
    if (!b->pipe)
        return false;
    uint32_t names = p->names_len;
    p->ranges += b->head.kind == AST_RANGE;
    enum list_end end = parse_list(p, &b->body);
    p->ranges -= b->head.kind == AST_RANGE;
    if (end != LIST_ELSE)
        return end == LIST_END;
    for (uint32_t i = names; i < p->names_len; i++)
        p->names[i].live = false;
    return parse_else(p, b);
}

static const struct ast *parse_branch(struct parser *p, enum ast_kind kind, uint32_t at)
{
    if (!limit_enter(p->cx, LIMIT_DEPTH, (struct pos){ p->text->id, at }))
        return NULL;
    struct ast_branch *b = NODE(struct ast_branch, kind, at);
    uint32_t names = p->names_len;
    bool ok = parse_branch_inside(p, b);
    names_drop(p, names);
    limit_leave(p->cx, LIMIT_DEPTH);
    return ok ? &b->head : NULL;
}

static bool parse_name(struct parser *p, struct token t, const char *context, str *out)
{
    if (t.kind != TOKEN_STRING && t.kind != TOKEN_RAW_STRING)
        return unexpected(p, t, context);
    if (!unquote(p->cx->arena, t.text, out))
        return fail(p, "invalid syntax");
    return true;
}

static const struct ast *parse_template(struct parser *p)
{
    struct token name = next_word(p);
    struct ast_template *t = NODE(struct ast_template, AST_TEMPLATE, name.at);
    if (!parse_name(p, name, "template clause", &t->name))
        return NULL;
    if (next_word(p).kind == TOKEN_CLOSE)
        return &t->head;
    back(p);
    t->pipe = parse_pipe(p, "template clause", TOKEN_CLOSE);
    return t->pipe ? &t->head : NULL;
}

static const struct ast *parse_jump(struct parser *p, enum ast_kind kind, uint32_t at)
{
    const char *name = kind == AST_BREAK ? "{{break}}" : "{{continue}}";
    struct token t = next_word(p);
    if (t.kind != TOKEN_CLOSE)
        return unexpected(p, t, name);
    if (!p->ranges)
        return fail(p, "%s outside {{range}}", name);
    return NODE(struct ast, kind, at);
}

static bool is_blank(struct ast_list list)
{
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.nodes[i]->kind != AST_TEXT)
            return false;
        const struct ast_text *t = (const struct ast_text *)list.nodes[i];
        if (str_trim(t->text).len)
            return false;
    }
    return true;
}

/* Twice the same name in one text is a mistake, unless one of the two is blank. */
static bool add_template(struct parser *p, struct template *t)
{
    t->blank = is_blank(t->body);
    struct map_entry *e = map_entry(&p->defined, t->name);
    struct template *old = e->value;
    if (old && !old->blank && !t->blank) {
        str name = quoted(p->cx->arena, t->name);
        return fail_there(p, t->at, "template: multiple definition of template %.*s", STR(name));
    }
    if (old && old->blank)
        *old = *t;
    if (old)
        return true;
    e->value = t;
    ARENA_PUSH(p->cx->arena, p->out->at, p->out->len, p->out->cap);
    p->out->at[p->out->len++] = t;
    return true;
}

/* What a template of its own begins anew, and what goes on afterwards. */
struct scope {
    struct name *names;
    struct map newest;
    uint32_t names_len, names_cap, slots, ranges;
};

static struct scope scope_enter(struct parser *p)
{
    struct scope outer = { p->names, p->newest, p->names_len, p->names_cap, p->slots, p->ranges };
    p->newest = (struct map){ .arena = p->cx->scratch };
    p->names = NULL;
    p->names_len = p->names_cap = p->ranges = 0;
    p->slots = 1;
    name_add(p, S("$"), 0, true);
    return outer;
}

static void scope_leave(struct parser *p, struct scope outer)
{
    p->names = outer.names;
    p->newest = outer.newest;
    p->names_len = outer.names_len;
    p->names_cap = outer.names_cap;
    p->slots = outer.slots;
    p->ranges = outer.ranges;
}

/* The body of a `define` or `block`, up to its `end`. */
static bool parse_definition(struct parser *p, str name, uint32_t at, const char *context)
{
    struct pos pos = { p->text->id, at };
    if (!limit_enter(p->cx, LIMIT_DEPTH, pos))
        return false;
    struct scope outer = scope_enter(p);
    struct template *t = NEW(p->cx->arena, struct template);
    *t = (struct template){ .name = name, .parsed_as = p->name, .text = p->text, .at = at };
    enum list_end end = parse_list(p, &t->body);
    if (end == LIST_ELSE)
        fail_there(p, p->ended, "unexpected {{else}} in %s", context);
    t->slots = p->slots;
    scope_leave(p, outer);
    limit_leave(p->cx, LIMIT_DEPTH);
    return end == LIST_END && add_template(p, t);
}

static const struct ast *parse_block(struct parser *p)
{
    struct token name = next_word(p);
    struct ast_template *t = NODE(struct ast_template, AST_TEMPLATE, name.at);
    if (!parse_name(p, name, "block clause", &t->name))
        return NULL;
    t->pipe = parse_pipe(p, "block clause", TOKEN_CLOSE);
    if (!t->pipe || !parse_definition(p, t->name, name.at, "block clause"))
        return NULL;
    return &t->head;
}

static const struct ast *parse_action(struct parser *p)
{
    struct token t = next_word(p);
    switch (t.kind) {
    case TOKEN_BLOCK:
        return parse_block(p);
    case TOKEN_BREAK:
        return parse_jump(p, AST_BREAK, t.at);
    case TOKEN_CONTINUE:
        return parse_jump(p, AST_CONTINUE, t.at);
    case TOKEN_IF:
        return parse_branch(p, AST_IF, t.at);
    case TOKEN_RANGE:
        return parse_branch(p, AST_RANGE, t.at);
    case TOKEN_WITH:
        return parse_branch(p, AST_WITH, t.at);
    case TOKEN_TEMPLATE:
        return parse_template(p);
    default:
        break;
    }
    back(p);
    struct ast_branch *b = NODE(struct ast_branch, AST_ACTION, peek(p).at);
    b->pipe = parse_pipe(p, "command", TOKEN_CLOSE);
    return b->pipe ? &b->head : NULL;
}

/* "{{else" or "{{end" is next: *end says which, if it is well formed. */
static bool parse_list_end(struct parser *p, enum list_end *end)
{
    struct token t = peek_word(p);
    p->ended = t.at;
    if (t.kind == TOKEN_END_KEYWORD) {
        next_word(p);
        *end = expect(p, TOKEN_CLOSE, "end") ? LIST_END : LIST_FAILED;
        return true;
    }
    if (t.kind != TOKEN_ELSE)
        return false;
    next_word(p);
    enum token_kind kind = peek_word(p).kind;
    bool ok = kind == TOKEN_IF || kind == TOKEN_WITH || expect(p, TOKEN_CLOSE, "else");
    *end = ok ? LIST_ELSE : LIST_FAILED;
    return true;
}

/* Text or an action; false at the end of a list or after a report. */
static bool parse_node(struct parser *p, enum list_end *end)
{
    *end = LIST_FAILED;
    struct token t = next_word(p);
    if (t.kind == TOKEN_TEXT) {
        struct ast_text *text = NODE(struct ast_text, AST_TEXT, t.at);
        text->text = t.text;
        push(p, text);
        return true;
    }
    if (t.kind != TOKEN_OPEN)
        return unexpected(p, t, "input");
    p->action = t.at;
    if (parse_list_end(p, end)) {
        p->action = NO_ACTION;
        return false;
    }
    const struct ast *action = parse_action(p);
    p->action = NO_ACTION;
    if (action)
        push(p, action);
    return action;
}

static enum list_end parse_list(struct parser *p, struct ast_list *out)
{
    uint32_t from = p->stack_len;
    enum list_end end;
    do {
        if (peek_word(p).kind == TOKEN_END) {
            fail(p, "unexpected EOF");
            return LIST_FAILED;
        }
    } while (parse_node(p, &end));
    out->nodes = (const struct ast **)pop(p, from, &out->len);
    return end;
}

static bool parse_define(struct parser *p)
{
    const char *context = "define clause";
    struct token t = next_word(p);
    str name;
    return parse_name(p, t, context, &name) && expect(p, TOKEN_CLOSE, context)
           && parse_definition(p, name, t.at, context);
}

/* The whole text: `define` may only stand here, outside of everything. */
static bool parse_all(struct parser *p, struct template *t)
{
    while (peek(p).kind != TOKEN_END) {
        if (peek(p).kind == TOKEN_OPEN) {
            struct token open = next(p);
            if (next_word(p).kind == TOKEN_DEFINE) {
                if (!parse_define(p))
                    return false;
                continue;
            }
            back_two(p, open);
        }
        enum list_end end;
        if (parse_node(p, &end))
            continue;
        if (end == LIST_END)
            fail_there(p, p->ended, "unexpected {{end}}");
        else if (end == LIST_ELSE)
            fail_there(p, p->ended, "unexpected {{else}}");
        return false;
    }
    t->body.nodes = (const struct ast **)pop(p, 0, &t->body.len);
    t->slots = p->slots;
    p->out->own = t;
    return add_template(p, t);
}

bool template_read(struct context *cx, const struct map *funcs, str name, const struct text *text,
                   struct parsed *out)
{
    struct mark before = arena_mark(cx->scratch);
    struct parser p = { .cx = cx, .funcs = funcs, .text = text, .name = name, .out = out };
    *out = (struct parsed){ 0 };
    p.action = NO_ACTION;
    p.defined.arena = cx->scratch;
    lexer_begin(&p.lexer, cx, text->bytes);
    scope_enter(&p);
    struct template *t = NEW(cx->arena, struct template);
    *t = (struct template){ .name = name, .parsed_as = name, .text = text };
    bool ok = parse_all(&p, t);
    arena_rewind(cx->scratch, before);
    return ok;
}
