/* What Sprig makes of a value when a function wants a number, a text or a list.
 *
 * Nothing here fails: what is no number is 0. Texts are read with Go's prefixes, so "0x10" is 16
 * and "010" is 8; a fraction of zeros is dropped ("5.00" is 5), any other one makes it 0. */
#ifndef HOIST_TEMPLATE_CAST_H
#define HOIST_TEMPLATE_CAST_H

#include "render/template/value.h"

int64_t cast_int(struct value v);
double cast_float(struct value v);
/* Strings, bytes and errors are their text, anything else what %v prints. */
str cast_text(struct arena *a, struct value v);
/* []string: the items' texts without the nils; one item for what is no list, none for nil. */
struct value cast_strings(struct arena *a, struct value v);
/* Sees a list, bytes or an object of that kind as a list; false for anything else. */
bool cast_list(struct arena *a, struct value v, struct value *list);
/* A float as Go's int64() turns it into an integer on amd64. */
int64_t cast_truncate(double f);

#endif
