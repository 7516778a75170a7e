/* What a command prints is held back until it has succeeded: standard output gets
 * everything or nothing. */
#ifndef HOIST_CLI_OUTPUT_H
#define HOIST_CLI_OUTPUT_H

#include "render/base/buf.h"
#include "render/base/context.h"

/* Descriptors 0 to 2 exist from here on, so that no file is opened as one of them; what the
 * caller had closed can't be written to. A reader that goes away is noticed by the write. */
void output_begin(void);

/* The bytes on standard output. False after a report (status 3), which a reader that went
 * away does not get: that ends the process as it would end any filter. */
bool output_write(struct context *cx, str bytes);

bool output_is_folder(struct context *cx, str path);

/* A whole new file, or the old one left as it was: written beside it and renamed. What is no
 * plain file (a pipe, a device) is written to as it is. */
bool output_file(struct context *cx, str path, str bytes);
/* The same, its folders made first. */
bool output_file_below(struct context *cx, str path, str bytes);
/* The same, for the user's eyes alone. */
bool output_secret_below(struct context *cx, str path, str bytes);

#endif
