/* Tokens to trees, with Go's rules and Go's words for what breaks them. */
#ifndef HOIST_TEMPLATE_PARSE_H
#define HOIST_TEMPLATE_PARSE_H

#include "render/base/map.h"
#include "render/template/ast.h"

/* A named template: what a file, a `define`, a `block` or a text given to tpl became. */
struct template
{
    str name;
    str parsed_as; /* the file's name: what messages call the text */
    const struct text *text;
    uint32_t at; /* of its name in a `define` or `block` */
    struct ast_list body;
    uint32_t slots; /* variables at once, "$" included */
    bool blank;     /* nothing but white space and comments */
    bool pending;   /* to be parsed when it is run; `body` is not there */
    uint32_t calls; /* includes of it that are under way */
};

/* What one text defines, its own template among it. */
struct parsed {
    struct template *own;
    struct template **at;
    uint32_t len;
    uint32_t cap;
    str error; /* Go's sentence: "template: NAME:LINE: …" */
};

/* Functions are found in `funcs` (name to struct func); the trees stand in `nodes`, which no value
 * looks into. False after a report. */
bool template_read(struct context *cx, struct arena *nodes, const struct map *funcs, str name,
                   const struct text *text, struct parsed *out);

#endif
