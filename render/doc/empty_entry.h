/* The last entry of a list with nothing in it, where the map that the list stands in goes on at the
 * same indentation, or the document ends: libfyaml refuses what follows. */
#ifndef HOIST_DOC_EMPTY_ENTRY_H
#define HOIST_DOC_EMPTY_ENTRY_H

#include "render/base/str.h"

/* Finds the dash of such an entry above the line that holds `offset`. */
bool empty_entry_above(str text, size_t offset, size_t *dash);

#endif
