/* Texts: every run of bytes that was read or rendered, with a name for messages.
 * A position is a text and an offset in it; lines and columns are worked out when asked. */
#ifndef HOIST_BASE_TEXT_H
#define HOIST_BASE_TEXT_H

#include "render/base/str.h"

struct context;

/* Where something stands. `text` is 0 for "nowhere". */
struct pos {
    uint32_t text;
    uint32_t offset;
};

#define NOWHERE ((struct pos){ 0, 0 })

/* A piece of a rendered text and the template place that printed it. */
struct text_piece {
    uint32_t offset; /* where the piece begins in the rendered bytes */
    struct pos from; /* the template's action or literal text */
    bool verbatim;   /* literal text: byte for byte what stands at `from` */
};

/* A comment that is a JSON object, and the node it stands at: kustomize takes it for that
 * node's schema. Found by render/doc/yaml_comment.c. */
struct text_note {
    uint32_t from; /* a node whose key stands in [from, to) carries the note */
    uint32_t to;
    uint32_t node; /* that node's own offset, once it was read */
    str json;
};

struct text {
    str name; /* as the user would write it: a path, or "<stdin>" */
    str bytes;
    uint32_t id;
    /* A rendered text points back to what rendered it; NULL for one that was read. */
    const struct text_piece *pieces;
    uint32_t piece_count;
    /* A piece cut out of another text points to it, and NOWHERE otherwise. */
    struct pos cut_from;
    struct text_note *notes;
    uint32_t note_count;
    uint32_t *lines; /* offsets of the line beginnings, made when first asked */
    uint32_t line_count;
};

/* At most 4 GiB each; name and bytes must live as long as the context. */
struct text *text_add(struct context *cx, str name, str bytes);
struct text *text_of(const struct context *cx, struct pos pos); /* NULL for nowhere */

/* Takes back what was found out about it, for memory that goes; it is found out again when asked. */
void text_forget(struct text *text);

struct place {
    str name;
    uint32_t line;   /* from 1 */
    uint32_t column; /* in characters, from 1 */
    str source;      /* the line itself, without its end */
    size_t in_line;  /* offset of the position in `source`, in bytes */
};

/* Where the bytes at a position come from: in the text that theirs was cut from, in the template
 * that printed them. A position in a text that was read is its own origin. */
struct pos text_origin(const struct context *cx, struct pos pos);
/* A rendered text's position is first followed back to its template. */
bool text_place(struct context *cx, struct pos pos, struct place *out);
/* The same without following. */
bool text_place_here(struct context *cx, struct pos pos, struct place *out);

#endif
