/* Tab-separated rows. */
#include "tests/schema/rows.h"

#include <stdio.h>

#include "render/base/buf.h"

struct rows rows_open(struct context *cx, const char *name)
{
    str path = str_format(cx->arena, "schema/data/%s", name);
    FILE *file = fopen(str_cstr(cx->arena, path), "rb");
    ck_assert_msg(file != NULL, "schema/data/%s can't be opened", name);
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    for (int c; (c = getc(file)) != EOF;)
        buf_char(&b, (char)c);
    fclose(file);
    return (struct rows){ .rest = buf_take(&b) };
}

bool rows_next(struct rows *rows)
{
    for (str line; str_next_line(&rows->rest, &line);) {
        if (!line.len || line.at[0] == '#')
            continue;
        for (size_t i = 0; i < countof(rows->at); i++)
            rows->at[i] = S("");
        rows->len = 0;
        for (str field; str_next_field(&line, '\t', &field);)
            rows->at[rows->len++] = str_eq(field, S("-")) ? S("") : field;
        return true;
    }
    return false;
}
