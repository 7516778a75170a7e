/* What Unicode says about characters, as Go's unicode package answers. */
#ifndef HOIST_BASE_UNICODE_H
#define HOIST_BASE_UNICODE_H

#include "render/base/str.h"

bool rune_is_letter(uint32_t r);
bool rune_is_digit(uint32_t r);  /* Nd */
bool rune_is_number(uint32_t r); /* any of N */
bool rune_is_upper(uint32_t r);
bool rune_is_lower(uint32_t r);
bool rune_is_title(uint32_t r);
bool rune_is_punct(uint32_t r);
bool rune_is_space(uint32_t r);
bool rune_is_print(uint32_t r); /* letters, marks, numbers, punctuation, symbols and ' ' */

uint32_t rune_upper(uint32_t r);
uint32_t rune_lower(uint32_t r);
uint32_t rune_title(uint32_t r);
/* The next rune that is equal case aside, around in a circle: K, k, the Kelvin sign, K. */
uint32_t rune_fold(uint32_t r);

enum { RUNE_LAST = 0x10FFFF };

/* Calls each(who, first, last) for the runs of a class in ascending order; false when there is no
 * such class. Names are categories (L, Lu, Letter, LC), scripts, Any, ASCII and Assigned; case,
 * spaces, '-' and '_' don't count. */
bool rune_class(str name, void (*each)(void *who, uint32_t first, uint32_t last), void *who);

#endif
