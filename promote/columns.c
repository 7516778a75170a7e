/* Tables of cells. */
#include "promote/columns.h"

void columns_cell(struct columns *c, str text)
{
    ARENA_PUSH(c->arena, c->cells, c->len, c->cap);
    c->cells[c->len++] = text;
}

void columns_print(const struct columns *c, struct buf *out)
{
    size_t width[COLUMNS_MOST] = { 0 };
    for (uint32_t i = 0; i < c->len; i++) {
        size_t n = utf8_count(c->cells[i]);
        if (n > width[i % c->count])
            width[i % c->count] = n;
    }
    for (uint32_t i = 0; i < c->len; i++) {
        bool last = (i + 1) % c->count == 0;
        buf_str(out, i % c->count ? S("  ") : S(""));
        buf_str(out, c->cells[i]);
        if (!last)
            buf_repeat(out, ' ', width[i % c->count] - utf8_count(c->cells[i]));
        else
            buf_char(out, '\n');
    }
}
