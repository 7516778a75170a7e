/* Printing values as Go's fmt package does: print, println, printf, and every %v. */
#ifndef HOIST_TEMPLATE_PRINT_H
#define HOIST_TEMPLATE_PRINT_H

#include "render/base/buf.h"
#include "render/template/value.h"

/* One value as %v prints it; nothing is "<nil>". */
void print_value(struct buf *out, struct value v);
/* The same as a string; a string is given as it is. */
str print_text(struct arena *a, struct value v);

/* Sprint puts a space between two operands when neither is a string. */
void print_operands(struct buf *out, const struct value *args, uint32_t n);
void print_line(struct buf *out, const struct value *args, uint32_t n);
void print_format(struct buf *out, str format, const struct value *args, uint32_t n);

/* Go's quoted forms: %q of strings, and with `ascii` %+q. */
void print_quoted(struct buf *out, str s, bool ascii);
void print_quoted_rune(struct buf *out, uint32_t rune, bool ascii);

#endif
