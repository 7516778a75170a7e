/* Values as they are added to a file that somebody else has laid out. */
#ifndef HOIST_DOC_EDIT_PRINT_H
#define HOIST_DOC_EDIT_PRINT_H

#include "render/base/buf.h"
#include "render/doc/node.h"

struct edit_style {
    uint32_t list_indent; /* of a list's dashes below their key */
    bool flow;            /* in braces and brackets, on one line */
    bool json;            /* everything between double quotes, as the keys beside it are */
    bool quoted;          /* no block of text: what follows would be taken for a part of it */
};

/* A scalar in the quotes that stood there before, or in others when those cannot hold it. */
void edit_print_scalar(struct buf *b, const struct node *n, enum scalar_style style);

/* Lines end in "\n" and the last one has no end. `column` is that of the key or dash. */
void edit_print_entry(struct buf *b, struct edit_style style, str key, const struct node *value,
                      uint32_t column);
void edit_print_item(struct buf *b, struct edit_style style, const struct node *item,
                     uint32_t column);
/* What follows "key:", with the blank or line end before it. */
void edit_print_value(struct buf *b, struct edit_style style, const struct node *value,
                      uint32_t column);

#endif
