/* Diagnostics for a person (file:line:column, the line, a caret) and for a tool (JSON lines). */
#ifndef HOIST_BASE_DIAG_PRINT_H
#define HOIST_BASE_DIAG_PRINT_H

#include "render/base/buf.h"
#include "render/base/diag.h"

struct diag_style {
    bool color;
    bool json;
    bool no_warnings;
};

/* Prints all diagnostics in the order they were made. */
void diag_print(struct context *cx, struct buf *out, struct diag_style style);

#endif
