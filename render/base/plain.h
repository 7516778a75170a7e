/* Text of others on its way to a person's screen. */
#ifndef HOIST_BASE_PLAIN_H
#define HOIST_BASE_PLAIN_H

#include "render/base/buf.h"

/* Would it be obeyed by a terminal, turn the direction of what follows, or not be seen at all? */
bool plain_hides(uint32_t rune);
/* The same text, where such a character stands as its number: "\x1B", "\u202E". A tab stays, and so
 * does what joins the letters of a word. */
void plain_print(struct buf *out, str text);

#endif
