/* Tables of facts: tab-separated rows whose last cells are what Go answered. */
#ifndef HOIST_TESTS_TABLE_H
#define HOIST_TESTS_TABLE_H

#include "render/base/buf.h"
#include "tests/expect.h"

enum { TABLE_CELLS = 12 };

struct row {
    const char *file;
    int line;
    int count;
    str cell[TABLE_CELLS];
};

/* Calls each(cx, row) for the rows of testdata/NAME; lines that begin with '#' are none. */
void table_each(struct context *cx, const char *name, void (*each)(struct context *, struct row *));

/* The last cell must be what was got. */
void expect_answer(const struct row *row, str got);

int cell_int(const struct row *row, int cell);
str cell_hex(struct arena *a, const struct row *row, int cell); /* bytes written as hex */

#endif
