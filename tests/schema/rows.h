/* The rows that the tables are made of, read again for the tests that compare both. */
#ifndef HOIST_TESTS_SCHEMA_ROWS_H
#define HOIST_TESTS_SCHEMA_ROWS_H

#include "tests/expect.h"

struct rows {
    str rest;
    str at[12];
    size_t len;
};

/* Opens schema/data/NAME; "-" columns read as empty, comment lines are left out. */
struct rows rows_open(struct context *cx, const char *name);
bool rows_next(struct rows *rows);

#endif
