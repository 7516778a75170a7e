/* The text of a block scalar (| and >), as Go's YAML packages read it. */
#ifndef HOIST_DOC_BLOCK_TEXT_H
#define HOIST_DOC_BLOCK_TEXT_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct block_text {
    str text;
    size_t header;   /* where its indicator stands */
    size_t end;      /* where the next token is to be looked for */
    bool led_by_tab; /* Go refuses it: what should tell its indentation is a tab */
};

/* `start` is where the line after the indicator's begins; `parent` is the column of the block
 * map or list that it stands in, -1 when there is none. */
struct block_text block_text(struct arena *a, str input, size_t start, ptrdiff_t parent);

#endif
