/* Where everything of a YAML text stands, to the byte: what an edit needs to know and a
 * document does not, such as brackets, dashes, anchors and aliases as they were written. */
#ifndef HOIST_DOC_LAYOUT_H
#define HOIST_DOC_LAYOUT_H

#include "render/doc/node.h"

enum layout_form {
    LAYOUT_SCALAR,
    LAYOUT_ALIAS,
    LAYOUT_LIST,
    LAYOUT_MAP,
};

/* Offsets into the text. A map's children are its keys and values by turns. */
struct layout {
    uint8_t form;  /* enum layout_form */
    uint8_t style; /* enum scalar_style */
    bool flow;     /* in braces or brackets */
    uint32_t len;
    uint32_t at;    /* as node->pos has it: quote, bracket, first key or dash, a block's text */
    uint32_t first; /* of it with its tag, its anchor and a block's "|" */
    uint32_t head;  /* the same without tag and anchor */
    uint32_t end;   /* behind its last byte; a block scalar ends behind its line */
    str anchor;     /* its own, or the alias's */
    str tag;        /* as the parser spells it out: tag:yaml.org,2002:str */
    struct layout *parent;
    struct layout **children;
    uint32_t removed; /* kept by edit.c, for each */
    uint32_t added;
    bool gone;
};

struct layouts {
    struct layout **at; /* a root for each document */
    uint32_t len;
    uint32_t cap;
};

/* False after a report: not YAML. */
bool layout_read(struct context *cx, const struct text *text, struct layouts *out);

/* Behind spaces, line ends and comments. */
uint32_t layout_skip(str bytes, uint32_t at);

#endif
