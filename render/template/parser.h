/* The parser's state and its tools: look-ahead, mistakes, nodes, variables in scope.
 * parse_pipe.c and parse.c read the language with them. */
#ifndef HOIST_TEMPLATE_PARSER_H
#define HOIST_TEMPLATE_PARSER_H

#include "render/template/lex.h"
#include "render/template/parse.h"

struct name {
    str text;
    uint32_t slot;
    uint32_t hidden; /* the name of the same text before it, from 1; 0 for none */
    bool live;
};

struct parser {
    struct context *cx;
    struct arena *nodes; /* where trees stand; what values may keep is in the context's arena */
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

struct token parser_next(struct parser *p);
struct token parser_peek(struct parser *p);
/* The next token that is no space. */
struct token parser_word(struct parser *p);
struct token parser_peek_word(struct parser *p);
/* The token read last comes again; before it one or two that were read earlier. */
void parser_back(struct parser *p);
void parser_back_two(struct parser *p, struct token t);
void parser_back_three(struct parser *p, struct token older, struct token old);

/* Reports at an offset and keeps Go's sentence, which has the line of the current token.
 * Always NULL, or false, to be returned. */
void *parser_fail(struct parser *p, uint32_t at, const char *format, ...) PRINTF_LIKE(3, 4);
#define FAIL_HERE(p, ...) parser_fail((p), (p)->tokens[0].at, __VA_ARGS__)
/* "unexpected TOKEN in CONTEXT", or what the lexer says. */
void *parser_unexpected(struct parser *p, struct token t, const char *context);
bool parser_expect(struct parser *p, enum token_kind kind, const char *context);

void *parser_node(struct parser *p, size_t size, enum ast_kind kind, uint32_t at);
#define NODE(type, kind, at) ((type *)parser_node(p, sizeof(type), (kind), (at)))
/* A list under construction: pushed one by one, then moved to where it stays. */
void parser_push(struct parser *p, const void *node);
const void *parser_pop(struct parser *p, uint32_t from, uint32_t *len);

void parser_name(struct parser *p, str text, uint32_t slot, bool live);
/* Names beyond the first `len` are out of scope. */
void parser_drop_names(struct parser *p, uint32_t len);
const struct name *parser_find_name(const struct parser *p, str text, bool live);
uint32_t parser_slot(const struct parser *p, str text);

/* A pipeline and the token that ends it. NULL after a report. */
const struct ast_pipe *parse_pipe(struct parser *p, const char *context, enum token_kind end);

#endif
