/* Folded scalars, as they come out of Go's YAML v3 once it has printed and read them again:
 * kustomize sends every document that way, and the printer's folding is not exact. */
#ifndef HOIST_DOC_FOLD_H
#define HOIST_DOC_FOLD_H

#include "render/base/arena.h"
#include "render/base/str.h"

/* The text of a scalar that was written with '>'; the same view when nothing changes. */
str fold_again(struct arena *a, str text);

#endif
