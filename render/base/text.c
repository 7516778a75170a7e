/* Offsets to lines and columns, and a rendered text's places back to its template. */
#include "render/base/text.h"

#include "render/base/context.h"

struct text *text_add(struct context *cx, str name, str bytes)
{
    struct text *t = NEW(cx->arena, struct text);
    if (cx->text_count == 0)
        cx->text_count = 1; /* number 0 means nowhere */
    if (cx->text_count >= cx->text_cap) {
        uint32_t cap = cx->text_cap ? cx->text_cap * 2 : 64;
        cx->texts = arena_grow(cx->arena, cx->texts, cx->text_cap * sizeof(struct text *),
                               cap * sizeof(struct text *));
        cx->text_cap = cap;
    }
    t->name = name;
    t->bytes = bytes;
    t->id = cx->text_count;
    cx->texts[cx->text_count++] = t;
    return t;
}

struct text *text_of(const struct context *cx, struct pos pos)
{
    return pos.text && pos.text < cx->text_count ? cx->texts[pos.text] : NULL;
}

static void find_lines(struct context *cx, struct text *t)
{
    uint32_t count = 1;
    for (size_t i = 0; i < t->bytes.len; i++)
        count += t->bytes.at[i] == '\n';
    t->lines = NEW_ARRAY(cx->arena, uint32_t, count);
    t->line_count = 1;
    for (size_t i = 0; i < t->bytes.len; i++) {
        if (t->bytes.at[i] == '\n')
            t->lines[t->line_count++] = (uint32_t)i + 1;
    }
}

/* The last of `n` ascending offsets that is not beyond `offset`. */
static uint32_t last_at_most(const uint32_t *offsets, uint32_t n, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = n;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (offsets[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

bool text_place_here(struct context *cx, struct pos pos, struct place *out)
{
    struct text *t = text_of(cx, pos);
    if (!t)
        return false;
    if (!t->lines)
        find_lines(cx, t);
    uint32_t offset = pos.offset > t->bytes.len ? (uint32_t)t->bytes.len : pos.offset;
    uint32_t line = last_at_most(t->lines, t->line_count, offset);
    str rest = str_skip(t->bytes, t->lines[line]);
    str source = { rest.at, 0 };
    str_next_line(&rest, &source);
    *out = (struct place){
        .name = t->name, .line = line + 1, .source = source, .in_line = offset - t->lines[line]
    };
    out->column = (uint32_t)utf8_count(str_slice(source, 0, out->in_line)) + 1;
    return true;
}

/* The last piece that begins at or before the offset; what stands before the first belongs to it. */
static struct pos piece_of(const struct text *t, uint32_t offset)
{
    uint32_t low = 0;
    uint32_t high = t->piece_count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (t->pieces[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    const struct text_piece *p = &t->pieces[low];
    struct pos from = p->from;
    if (p->verbatim && offset > p->offset)
        from.offset += offset - p->offset;
    return from;
}

struct pos text_origin(const struct context *cx, struct pos pos)
{
    for (const struct text *t = text_of(cx, pos); t; t = text_of(cx, pos)) {
        struct pos from = NOWHERE;
        if (t->cut_from.text)
            from = (struct pos){ t->cut_from.text, t->cut_from.offset + pos.offset };
        else if (t->piece_count)
            from = piece_of(t, pos.offset);
        if (!text_of(cx, from))
            break;
        pos = from;
    }
    return pos;
}

bool text_place(struct context *cx, struct pos pos, struct place *out)
{
    return text_place_here(cx, text_origin(cx, pos), out);
}

void text_forget(struct text *text)
{
    text->notes = NULL;
    text->note_count = 0;
    text->lines = NULL;
    text->line_count = 0;
}
