/* Actions, definitions and the whole text. */
#include "render/base/quote.h"
#include "render/template/parser.h"

/* What ended a list of nodes. */
enum list_end { LIST_FAILED, LIST_END, LIST_ELSE };

static enum list_end parse_list(struct parser *p, struct ast_list *out);

static const struct ast *parse_branch(struct parser *p, enum ast_kind kind, uint32_t at);

/* `else if` and `else with` are a branch inside the `else`, without an `end` of their own. */
static bool parse_else(struct parser *p, struct ast_branch *b)
{
    enum token_kind again = b->head.kind == AST_IF ? TOKEN_IF : TOKEN_WITH;
    if (b->head.kind != AST_RANGE && parser_peek(p).kind == again) {
        uint32_t at = parser_next(p).at;
        uint32_t from = p->stack_len;
        const struct ast *inner = parse_branch(p, (enum ast_kind)b->head.kind, at);
        if (!inner)
            return false;
        parser_push(p, inner);
        b->otherwise.nodes = (const struct ast **)parser_pop(p, from, &b->otherwise.len);
        return true;
    }
    enum list_end end = parse_list(p, &b->otherwise);
    if (end == LIST_ELSE)
        parser_fail(p, p->ended, "expected end; found {{else}}");
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
    parser_drop_names(p, names);
    limit_leave(p->cx, LIMIT_DEPTH);
    return ok ? &b->head : NULL;
}

static bool parse_name(struct parser *p, struct token t, const char *context, str *out)
{
    if (t.kind != TOKEN_STRING && t.kind != TOKEN_RAW_STRING)
        return parser_unexpected(p, t, context);
    if (!unquote(p->cx->arena, t.text, out))
        return FAIL_HERE(p, "invalid syntax");
    return true;
}

static const struct ast *parse_template(struct parser *p)
{
    struct token name = parser_word(p);
    struct ast_template *t = NODE(struct ast_template, AST_TEMPLATE, name.at);
    if (!parse_name(p, name, "template clause", &t->name))
        return NULL;
    if (parser_word(p).kind == TOKEN_CLOSE)
        return &t->head;
    parser_back(p);
    t->pipe = parse_pipe(p, "template clause", TOKEN_CLOSE);
    return t->pipe ? &t->head : NULL;
}

static const struct ast *parse_jump(struct parser *p, enum ast_kind kind, uint32_t at)
{
    const char *name = kind == AST_BREAK ? "{{break}}" : "{{continue}}";
    struct token t = parser_word(p);
    if (t.kind != TOKEN_CLOSE)
        return parser_unexpected(p, t, name);
    if (!p->ranges)
        return FAIL_HERE(p, "%s outside {{range}}", name);
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
        return parser_fail(p, t->at, "template: multiple definition of template %.*s", STR(name));
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
    parser_name(p, S("$"), 0, true);
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
        parser_fail(p, p->ended, "unexpected {{else}} in %s", context);
    t->slots = p->slots;
    scope_leave(p, outer);
    limit_leave(p->cx, LIMIT_DEPTH);
    return end == LIST_END && add_template(p, t);
}

static const struct ast *parse_block(struct parser *p)
{
    struct token name = parser_word(p);
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
    struct token t = parser_word(p);
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
    parser_back(p);
    struct ast_branch *b = NODE(struct ast_branch, AST_ACTION, parser_peek(p).at);
    b->pipe = parse_pipe(p, "command", TOKEN_CLOSE);
    return b->pipe ? &b->head : NULL;
}

/* "{{else" or "{{end" is next: *end says which, if it is well formed. */
static bool parse_list_end(struct parser *p, enum list_end *end)
{
    struct token t = parser_peek_word(p);
    p->ended = t.at;
    if (t.kind == TOKEN_END_KEYWORD) {
        parser_word(p);
        *end = parser_expect(p, TOKEN_CLOSE, "end") ? LIST_END : LIST_FAILED;
        return true;
    }
    if (t.kind != TOKEN_ELSE)
        return false;
    parser_word(p);
    enum token_kind kind = parser_peek_word(p).kind;
    bool ok = kind == TOKEN_IF || kind == TOKEN_WITH || parser_expect(p, TOKEN_CLOSE, "else");
    *end = ok ? LIST_ELSE : LIST_FAILED;
    return true;
}

/* Text or an action; false at the end of a list or after a report. */
static bool parse_node(struct parser *p, enum list_end *end)
{
    *end = LIST_FAILED;
    struct token t = parser_word(p);
    if (t.kind == TOKEN_TEXT) {
        struct ast_text *text = NODE(struct ast_text, AST_TEXT, t.at);
        text->text = t.text;
        parser_push(p, text);
        return true;
    }
    if (t.kind != TOKEN_OPEN)
        return parser_unexpected(p, t, "input");
    p->action = t.at;
    if (parse_list_end(p, end)) {
        p->action = NO_ACTION;
        return false;
    }
    const struct ast *action = parse_action(p);
    p->action = NO_ACTION;
    if (action)
        parser_push(p, action);
    return action;
}

static enum list_end parse_list(struct parser *p, struct ast_list *out)
{
    uint32_t from = p->stack_len;
    enum list_end end;
    do {
        if (parser_peek_word(p).kind == TOKEN_END) {
            FAIL_HERE(p, "unexpected EOF");
            return LIST_FAILED;
        }
    } while (parse_node(p, &end));
    out->nodes = (const struct ast **)parser_pop(p, from, &out->len);
    return end;
}

static bool parse_define(struct parser *p)
{
    const char *context = "define clause";
    struct token t = parser_word(p);
    str name;
    return parse_name(p, t, context, &name) && parser_expect(p, TOKEN_CLOSE, context)
           && parse_definition(p, name, t.at, context);
}

/* The whole text: `define` may only stand here, outside of everything. */
static bool parse_all(struct parser *p, struct template *t)
{
    while (parser_peek(p).kind != TOKEN_END) {
        if (parser_peek(p).kind == TOKEN_OPEN) {
            struct token open = parser_next(p);
            if (parser_word(p).kind == TOKEN_DEFINE) {
                if (!parse_define(p))
                    return false;
                continue;
            }
            parser_back_two(p, open);
        }
        enum list_end end;
        if (parse_node(p, &end))
            continue;
        if (end == LIST_END)
            parser_fail(p, p->ended, "unexpected {{end}}");
        else if (end == LIST_ELSE)
            parser_fail(p, p->ended, "unexpected {{else}}");
        return false;
    }
    t->body.nodes = (const struct ast **)parser_pop(p, 0, &t->body.len);
    t->slots = p->slots;
    p->out->own = t;
    return add_template(p, t);
}

bool template_read(struct context *cx, struct arena *nodes, const struct map *funcs, str name,
                   const struct text *text, struct parsed *out)
{
    struct mark before = arena_mark(cx->scratch);
    struct parser p = {
        .cx = cx, .nodes = nodes, .funcs = funcs, .text = text, .name = name, .out = out
    };
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
