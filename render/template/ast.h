/* The shapes of a parsed template: names are resolved, nothing is looked up twice.
 *
 * Every node begins with its kind and the offset that messages name. A variable is a
 * place in the frame of its template, a field an interned key, a function its row. */
#ifndef HOIST_TEMPLATE_AST_H
#define HOIST_TEMPLATE_AST_H

#include "render/template/func.h"

enum ast_kind {
    /* what stands in a list */
    AST_TEXT,
    AST_ACTION,
    AST_IF,
    AST_WITH,
    AST_RANGE,
    AST_TEMPLATE,
    AST_BREAK,
    AST_CONTINUE,
    /* the parts of a pipeline */
    AST_PIPE, /* also an operand: in parentheses */
    AST_COMMAND,
    /* operands */
    AST_DOT,
    AST_NIL,
    AST_BOOL,
    AST_STRING,
    AST_NUMBER,
    AST_FIELD,    /* .a.b */
    AST_VARIABLE, /* $x.a.b */
    AST_FUNCTION,
    AST_CHAIN, /* (…).a.b */
};

struct ast {
    uint8_t kind; /* enum ast_kind */
    bool ran;     /* noted where the render is watched: watch.h */
    uint32_t at;  /* offset in the template's text */
};

struct ast_list {
    const struct ast **nodes;
    uint32_t len;
};

struct ast_text {
    struct ast head;
    str text;
};

struct ast_command {
    struct ast head;
    uint32_t len; /* at least one */
    const struct ast **args;
};

/* A declared or assigned variable. */
struct ast_target {
    str name;
    uint32_t slot;
};

struct ast_pipe {
    struct ast head;
    bool assigns; /* "=" instead of ":=" */
    uint8_t target_count;
    uint32_t len; /* at least one command */
    const struct ast_command **commands;
    struct ast_target *targets; /* room for two, or NULL: most have none */
};

/* An action has only a pipe; a range, if or with has the rest. */
struct ast_branch {
    struct ast head;
    const struct ast_pipe *pipe;
    struct ast_list body;
    struct ast_list otherwise;
};

/* {{template "name" pipe}} */
struct ast_template {
    struct ast head;
    str name;
    const struct ast_pipe *pipe; /* or NULL */
};

/* A dot, nil, bool or string: its value and how it stood in the text. */
struct ast_constant {
    struct ast head;
    str source;
    struct value value;
};

/* A number is whatever its place asks for, as an untyped constant in Go. */
struct ast_number {
    struct ast head;
    str source;
    bool is_int;
    bool is_float;
    int64_t i;
    double f;
    struct value value; /* where anything goes; NIL when it overflows an int */
};

enum { NO_SLOT = UINT32_MAX }; /* a variable that Go would not find when it runs */

struct ast_path {
    struct ast head;
    const struct ast *base; /* of a chain */
    str name;               /* of a variable, with its "$" */
    uint32_t from;          /* where it begins: `at` is its second field, as in Go */
    uint32_t slot;
    uint32_t len;
    const struct key **fields;
};

struct ast_function {
    struct ast head;
    const struct func *func;
    str name;
};

/* What Go's String methods print: the text between < and > of its messages. */
void ast_print(struct buf *out, const struct ast *node);

#endif
