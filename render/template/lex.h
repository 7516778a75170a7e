/* Template text to tokens, as Go's text/template cuts it. */
#ifndef HOIST_TEMPLATE_LEX_H
#define HOIST_TEMPLATE_LEX_H

#include "render/base/context.h"

enum token_kind {
    TOKEN_ERROR, /* its text is what is wrong */
    TOKEN_END,
    TOKEN_TEXT,
    TOKEN_OPEN,  /* "{{" and a trim marker */
    TOKEN_CLOSE, /* "}}" and a trim marker */
    TOKEN_SPACE,
    TOKEN_ASSIGN,  /* "=" */
    TOKEN_DECLARE, /* ":=" */
    TOKEN_PIPE,
    TOKEN_LEFT,  /* "(" */
    TOKEN_RIGHT, /* ")" */
    TOKEN_OTHER, /* any other printable character */
    TOKEN_BOOL,
    TOKEN_CHARACTER,
    TOKEN_NUMBER,
    TOKEN_COMPLEX, /* "1+2i" */
    TOKEN_STRING,
    TOKEN_RAW_STRING,
    TOKEN_NAME,
    TOKEN_FIELD,    /* ".name" */
    TOKEN_VARIABLE, /* "$name" */
    TOKEN_DOT,      /* the keywords, from here on */
    TOKEN_BLOCK,
    TOKEN_BREAK,
    TOKEN_CONTINUE,
    TOKEN_DEFINE,
    TOKEN_ELSE,
    TOKEN_IF,
    TOKEN_NIL,
    TOKEN_RANGE,
    TOKEN_TEMPLATE,
    TOKEN_WITH,
    TOKEN_END_KEYWORD, /* "end" */
};

struct token {
    enum token_kind kind;
    uint32_t at; /* offset in the text */
    str text;
};

struct lexer {
    struct context *cx;
    str input;
    size_t at;
    uint32_t parens;
    bool inside; /* between "{{" and "}}" */
};

void lexer_begin(struct lexer *l, struct context *cx, str input);
/* After TOKEN_END or TOKEN_ERROR the same comes again. */
struct token lexer_next(struct lexer *l);

/* A token as Go's messages name it: a quoted text, "<if>", "EOF". */
str token_print(struct arena *a, struct token t);

#endif
