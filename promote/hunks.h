/* Texts compared line by line, as hunks with some lines around them. */
#ifndef HOIST_PROMOTE_HUNKS_H
#define HOIST_PROMOTE_HUNKS_H

#include "render/base/buf.h"
#include "render/base/context.h"

struct hunk_line {
    char mark; /* ' ', '-' or '+' */
    str text;  /* without its end */
    bool open; /* the last line of a text that does not end in a line end */
};

struct hunk {
    uint32_t from, from_len; /* lines, from 0 */
    uint32_t to, to_len;
    const struct hunk_line *lines;
    uint32_t len;
};

/* Calls each(who, hunk) for the places where the texts differ, with `around` equal lines
 * before and after. The hunk's lines live until it returns. */
void diff_hunks(struct context *cx, str from, str to, uint32_t around,
                void (*each)(void *who, const struct hunk *hunk), void *who);

#endif
