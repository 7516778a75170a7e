/* Quoting as Go's strconv does, "..." with \n, \x.., \u.... for what does not print. */
#ifndef HOIST_BASE_QUOTE_H
#define HOIST_BASE_QUOTE_H

#include "render/base/buf.h"

void quote(struct buf *b, str s);
void quote_ascii(struct buf *b, str s);
/* `...` where that is possible, else as above: how Go names patterns, and %#q. */
void quote_raw(struct buf *b, str s);
/* A character between single quotes. */
void quote_rune(struct buf *b, uint32_t rune, bool ascii);
str quoted(struct arena *a, str s);

/* The text behind a quoted form ("…", `…` or '.'), false when that is malformed. It is a view into
 * the form where nothing is escaped. */
bool unquote(struct arena *a, str quoted, str *out);

#endif
