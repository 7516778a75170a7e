/* What the other end of standard output and standard error can show. */
#ifndef HOIST_CLI_TERMINAL_H
#define HOIST_CLI_TERMINAL_H

#include "render/base/context.h"

struct terminal {
    bool color_out; /* standard output takes colour */
    bool color_err;
    uint32_t width; /* of standard output in columns; 0 when it is no terminal */
};

/* `color` is "always", "never", "auto" or empty; auto looks at NO_COLOR and at the ends. */
struct terminal terminal_find(str color);

/* Long work says how far it is, on standard error if that is a terminal, else nothing; the line is
 * gone again after progress_end, which comes before anything else is said there. */
void progress_begin(struct context *cx);
void progress_end(struct context *cx);

#endif
