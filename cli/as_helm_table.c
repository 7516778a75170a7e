/* Widths are counted in characters. */
#include "cli/as_helm_table.h"

void table_row(struct context *cx, struct table *table, const str *cells)
{
    for (uint32_t i = 0; i < table->columns; i++)
        words_add(cx->arena, &table->cells, cells[i]);
}

static size_t width_of(const struct table *table, uint32_t column, size_t most)
{
    size_t width = 0;
    for (uint32_t i = column; i < table->cells.len; i += table->columns) {
        size_t n = utf8_count(table->cells.at[i]);
        width = n > width ? n : width;
    }
    return most && width > most ? most : width;
}

static void print_cell(struct buf *out, str cell, size_t width)
{
    size_t end = 0, n = 0;
    for (; end < cell.len && n < width; n++)
        utf8_next(cell, &end);
    buf_str(out, str_slice(cell, 0, end));
    buf_repeat(out, ' ', width - n);
}

void table_print(struct buf *out, const struct table *table, size_t most)
{
    for (uint32_t i = 0; i < table->cells.len; i++) {
        uint32_t column = i % table->columns;
        print_cell(out, table->cells.at[i], width_of(table, column, most));
        buf_char(out, column + 1 == table->columns ? '\n' : '\t');
    }
}
