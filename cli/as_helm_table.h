/* Tables as Helm prints them: cells filled up to the width of their column, tabs between. */
#ifndef HOIST_CLI_AS_HELM_TABLE_H
#define HOIST_CLI_AS_HELM_TABLE_H

#include "cli/commands.h"

struct table {
    uint32_t columns;
    struct words cells;
};

void table_row(struct context *cx, struct table *table, const str *cells);
/* A cell that is wider than `most` columns is cut; 0 for any length. */
void table_print(struct buf *out, const struct table *table, size_t most);
/* What --max-col-width says, or what is usual. False after a report. */
bool table_width(struct context *cx, struct call *call, str said, size_t usual, size_t *width);

#endif
