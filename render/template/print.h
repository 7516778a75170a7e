/* Printing values as Go's fmt package does: print, println, printf, and every %v.
 *
 * What would not end (a map that holds itself) stops with the buffer's `error` set. */
#ifndef HOIST_TEMPLATE_PRINT_H
#define HOIST_TEMPLATE_PRINT_H

#include "render/base/buf.h"
#include "render/template/value.h"

/* One value as %v prints it; nothing is "<nil>". */
void print_value(struct buf *out, struct value v);
/* The same as a string; a string is given as it is. */
str print_text(struct arena *a, struct value v);
/* As an action prints its result: nothing is "<no value>", a pointer what it points to. */
void print_action(struct buf *out, struct value v);

/* Sprint puts a space between two operands when neither is a string. */
void print_operands(struct buf *out, const struct value *args, uint32_t n);
void print_line(struct buf *out, const struct value *args, uint32_t n);
void print_format(struct buf *out, str format, const struct value *args, uint32_t n);

#endif
