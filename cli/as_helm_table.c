/* Widths are those of a terminal: characters of East Asia take two columns, marks on others none. A
 * cell that is too wide is cut, and ends with "...". */
#include "cli/as_helm_table.h"

#include "cli/as_helm.h"

void table_row(struct context *cx, struct table *table, const str *cells)
{
    for (uint32_t i = 0; i < table->columns; i++)
        words_add(cx->arena, &table->cells, cells[i]);
}

static size_t rune_width(uint32_t r)
{
    static const struct {
        uint32_t first, last, width;
    } rows[] = {
        { 0x0300, 0x036f, 0 },   { 0x1100, 0x115f, 2 },   { 0x200b, 0x200f, 0 },
        { 0x2e80, 0x303e, 2 },   { 0x3041, 0xa4cf, 2 },   { 0xac00, 0xd7a3, 2 },
        { 0xf900, 0xfaff, 2 },   { 0xfe00, 0xfe0f, 0 },   { 0xfe30, 0xfe6f, 2 },
        { 0xff00, 0xff60, 2 },   { 0xffe0, 0xffe6, 2 },   { 0x1f300, 0x1f64f, 2 },
        { 0x1f680, 0x1f6ff, 2 }, { 0x1f900, 0x1faff, 2 }, { 0x20000, 0x3fffd, 2 },
    };
    for (size_t i = 0; i < countof(rows) && rows[i].first <= r; i++) {
        if (r <= rows[i].last)
            return rows[i].width;
    }
    return r >= ' ';
}

/* How much of a cell fits into a width, and the width of that. */
static size_t fit(str cell, size_t most, size_t *width)
{
    size_t end = 0;
    *width = 0;
    while (end < cell.len) {
        size_t at = end, next = rune_width(utf8_next(cell, &at));
        if (*width + next > most)
            break;
        *width += next;
        end = at;
    }
    return end;
}

static size_t width_of(const struct table *table, uint32_t column, size_t most)
{
    size_t width = 0;
    for (uint32_t i = column; i < table->cells.len; i += table->columns) {
        size_t n;
        fit(table->cells.at[i], SIZE_MAX, &n);
        width = n > width ? n : width;
    }
    return most && width > most ? most : width;
}

static void print_cell(struct buf *out, str cell, size_t width)
{
    static const str cut = S("...");
    size_t n;
    fit(cell, SIZE_MAX, &n);
    if (n <= width) {
        buf_str(out, cell);
        buf_repeat(out, ' ', width - n);
        return;
    }
    size_t end = fit(cell, width > cut.len + 1 ? width - cut.len : 1, &n);
    buf_format(out, "%.*s%.*s", STR(str_slice(cell, 0, end)), STR(cut));
}

void table_print(struct buf *out, const struct table *table, size_t most)
{
    for (uint32_t i = 0; i < table->cells.len; i++) {
        uint32_t column = i % table->columns;
        print_cell(out, table->cells.at[i], width_of(table, column, most));
        buf_char(out, column + 1 == table->columns ? '\n' : '\t');
    }
}

bool table_width(struct context *cx, struct call *call, str said, size_t usual, size_t *width)
{
    *width = said.at ? 0 : usual;
    for (size_t i = 0; i < said.len; i++) {
        if (said.at[i] < '0' || said.at[i] > '9' || i > 8) {
            report(cx, NOWHERE, "--max-col-width is a number, not '%.*s'", STR(said));
            return helm_fail(cx, call, "",
                             str_format(cx->arena,
                                        "invalid argument \"%.*s\" for \"--max-col-width\" flag: "
                                        "strconv.ParseUint: parsing \"%.*s\": invalid syntax",
                                        STR(said), STR(said)));
        }
        *width = *width * 10 + (size_t)(said.at[i] - '0');
    }
    return true;
}
