/* JSONPath templates as kubectl has them: text with paths in braces, "{.image.tag}".
 *
 *     .name ..name .* [2] [-1] [0:3:2] [*] ['a','b'] [?(@.name=="web")] @ $ "text"
 *     {range .list[*]}…{end} */
#ifndef HOIST_TEMPLATE_JSONPATH_H
#define HOIST_TEMPLATE_JSONPATH_H

#include "render/base/buf.h"
#include "render/template/value.h"

enum jsonpath_kind {
    JSONPATH_TEXT,
    JSONPATH_LIST, /* what stands in a pair of braces */
    JSONPATH_FIELD,
    JSONPATH_ARRAY,
    JSONPATH_VALUE, /* a number or a boolean */
    JSONPATH_WORD,  /* range, end */
    JSONPATH_FILTER,
    JSONPATH_RECURSIVE,
    JSONPATH_WILDCARD,
    JSONPATH_UNION
};

struct jsonpath_nodes {
    struct jsonpath_node **at;
    uint32_t len;
    uint32_t cap;
};

struct jsonpath_node {
    enum jsonpath_kind kind;
    str text;                           /* of a text, a field, a word; a filter's operator or "" */
    struct value value;                 /* of a value */
    struct jsonpath_nodes nodes;        /* of a list, a union */
    struct jsonpath_node *left, *right; /* of a filter */
    struct {
        bool known, derived;
        int64_t value;
    } bounds[3]; /* of an array: from, to, step */
};

/* False without a report, with kubectl's words in *why, when the text is no template. */
bool jsonpath_parse(struct context *cx, str text, struct jsonpath_nodes *out, str *why);
/* What it prints of a value. False without a report, with the reason in *why, when it asks for what
 * is not there; nothing has been printed then. */
bool jsonpath_print(struct context *cx, const struct jsonpath_nodes *path, struct value root,
                    struct buf *out, str *why);

#endif
