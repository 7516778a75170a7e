/* Three tokens of look-ahead; where and in whose words a mistake is reported.
 *
 * Variables are numbered here. Go looks them up when the template runs, on a stack of
 * those declared so far; the same order holds here, so that a name means the same one,
 * and a name that Go would not find then gets NO_SLOT. A variable is not there yet in
 * the pipeline that declares it, nor in an `else` what the branch before it declared. */
#include "render/template/parser.h"

/* Tokens */

struct token parser_next(struct parser *p)
{
    if (p->ahead)
        p->ahead--;
    else
        p->tokens[0] = lexer_next(&p->lexer);
    return p->tokens[p->ahead];
}

struct token parser_peek(struct parser *p)
{
    if (p->ahead)
        return p->tokens[p->ahead - 1];
    p->ahead = 1;
    return p->tokens[0] = lexer_next(&p->lexer);
}

struct token parser_word(struct parser *p)
{
    struct token t;
    do {
        t = parser_next(p);
    } while (t.kind == TOKEN_SPACE);
    return t;
}

void parser_back(struct parser *p)
{
    p->ahead++;
}

struct token parser_peek_word(struct parser *p)
{
    struct token t = parser_word(p);
    parser_back(p);
    return t;
}

void parser_back_two(struct parser *p, struct token t)
{
    p->tokens[1] = t;
    p->ahead = 2;
}

void parser_back_three(struct parser *p, struct token older, struct token old)
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

void *parser_fail(struct parser *p, uint32_t at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str message = str_vformat(p->cx->arena, format, args);
    va_end(args);
    return fail_at(p, at, message);
}

void *parser_unexpected(struct parser *p, struct token t, const char *context)
{
    str shown = token_print(p->cx->arena, t);
    if (t.kind != TOKEN_ERROR)
        return parser_fail(p, t.at, "unexpected %.*s in %s", STR(shown), context);
    if (p->action == NO_ACTION)
        return FAIL_HERE(p, "%.*s", STR(shown));
    uint32_t at = str_eq(t.text, S("unclosed action")) ? p->action : t.at;
    if (line_of(p, p->action) == line_of(p, t.at))
        return fail_at(p, at, shown);
    str words = str_format(p->cx->arena, "%.*s%s started at %.*s:%u", STR(shown),
                           str_ends(shown, S(" action")) ? "" : " in action", STR(p->name),
                           line_of(p, p->action));
    return fail_at(p, at, words);
}

bool parser_expect(struct parser *p, enum token_kind kind, const char *context)
{
    struct token t = parser_word(p);
    if (t.kind != kind)
        parser_unexpected(p, t, context);
    return t.kind == kind;
}

/* Nodes under construction */

void *parser_node(struct parser *p, size_t size, enum ast_kind kind, uint32_t at)
{
    struct ast *n = arena_zero(p->nodes, size);
    n->kind = (uint8_t)kind;
    n->at = at;
    return n;
}

void parser_push(struct parser *p, const void *node)
{
    ARENA_PUSH(p->cx->scratch, p->stack, p->stack_len, p->stack_cap);
    p->stack[p->stack_len++] = node;
}

/* What was pushed since `from`, moved to where it stays. */
const void *parser_pop(struct parser *p, uint32_t from, uint32_t *len)
{
    *len = p->stack_len - from;
    p->stack_len = from;
    /* An empty list is there all the same. */
    const struct ast **made = NEW_ARRAY(p->nodes, const struct ast *, *len ? *len : 1);
    for (uint32_t i = 0; i < *len; i++)
        made[i] = p->stack[from + i];
    return made;
}

/* Variables */

void parser_name(struct parser *p, str text, uint32_t slot, bool live)
{
    struct map_entry *newest = map_entry(&p->newest, text);
    ARENA_PUSH(p->cx->scratch, p->names, p->names_len, p->names_cap);
    p->names[p->names_len++] =
        (struct name){ text, slot, (uint32_t)(uintptr_t)newest->value, live };
    newest->value = (void *)(uintptr_t)p->names_len;
}

/* Names beyond the first `len` are out of scope. */
void parser_drop_names(struct parser *p, uint32_t len)
{
    while (p->names_len > len) {
        struct name *n = &p->names[--p->names_len];
        map_put(&p->newest, n->text, (void *)(uintptr_t)n->hidden);
    }
}

const struct name *parser_find_name(const struct parser *p, str text, bool live)
{
    uint32_t at = (uint32_t)(uintptr_t)map_get(&p->newest, text);
    while (at && live && !p->names[at - 1].live)
        at = p->names[at - 1].hidden;
    return at ? &p->names[at - 1] : NULL;
}

uint32_t parser_slot(const struct parser *p, str text)
{
    const struct name *n = parser_find_name(p, text, true);
    return n ? n->slot : NO_SLOT;
}
