/* The text of a plain or quoted scalar, as Go's YAML packages read it. */
#ifndef HOIST_DOC_FLOW_TEXT_H
#define HOIST_DOC_FLOW_TEXT_H

#include "render/base/arena.h"
#include "render/base/str.h"

/* `raw` is what stands in the file, without the quotes; `quote` is '\'', '"', or 0 for a plain
 * scalar. A view of `raw` when nothing in it has to be replaced. */
str flow_text(struct arena *a, str raw, char quote);

#endif
