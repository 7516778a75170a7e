/* Rows of cells, printed as wide as their columns need. */
#ifndef HOIST_PROMOTE_COLUMNS_H
#define HOIST_PROMOTE_COLUMNS_H

#include "render/base/buf.h"

enum { COLUMNS_MOST = 16 };

struct columns {
    struct arena *arena;
    uint32_t count; /* of columns */
    str *cells;
    uint32_t len, cap;
};

void columns_cell(struct columns *c, str text);
void columns_print(const struct columns *c, struct buf *out);

#endif
