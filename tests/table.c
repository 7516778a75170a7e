/* Reads tables of facts. */
#include "tests/table.h"

#include <stdio.h>
#include <stdlib.h>

static str read_all(struct context *cx, const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        ck_abort_msg("%s: can't be read", path);
    struct buf b;
    buf_init(&b, cx->arena, 1 << 16);
    size_t n;
    do {
        buf_reserve(&b, 1 << 16);
        n = fread(b.at + b.len, 1, 1 << 16, f);
        b.len += n;
    } while (n);
    fclose(f);
    return buf_take(&b);
}

void table_each(struct context *cx, const char *name, void (*each)(struct context *, struct row *))
{
    str path = str_format(cx->arena, TESTDATA "/%s", name);
    char *file = str_cstr(cx->arena, path);
    str rest = read_all(cx, file);
    struct row row = { .file = file };
    while (rest.len) {
        str line;
        str_cut(rest, '\n', &line, &rest);
        row.line++;
        if (str_starts(line, S("#")))
            continue;
        for (row.count = 0; row.count < TABLE_CELLS; row.count++) {
            if (!str_next_field(&line, '\t', &row.cell[row.count]))
                break;
        }
        struct mark before = arena_mark(cx->arena);
        each(cx, &row);
        arena_rewind(cx->arena, before);
    }
    ck_assert_int_gt(row.line, 0);
}

void expect_answer(const struct row *row, str got)
{
    str want = row->cell[row->count - 1];
    if (str_eq(got, want))
        return;
    fprintf(stderr, "%s:%d:", row->file, row->line);
    for (int i = 0; i + 1 < row->count; i++)
        fprintf(stderr, " '%.*s'", STR(row->cell[i]));
    fputc('\n', stderr);
    expect_str_at(row->file, row->line, got, want);
}

int cell_int(const struct row *row, int cell)
{
    char text[24];
    str s = row->cell[cell];
    ck_assert_uint_lt(s.len, sizeof text);
    memcpy(text, s.at, s.len);
    text[s.len] = '\0';
    return atoi(text);
}

static int nibble(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

str cell_hex(struct arena *a, const struct row *row, int cell)
{
    str s = row->cell[cell];
    char *at = arena_alloc(a, s.len / 2 + 1);
    for (size_t i = 0; i + 1 < s.len; i += 2)
        at[i / 2] = (char)(nibble(s.at[i]) << 4 | nibble(s.at[i + 1]));
    return (str){ at, s.len / 2 };
}
