/* Go's sentence for a text that is no YAML, from what our reader says of it. */
#ifndef HOIST_TEMPLATE_YAML_WORDS_H
#define HOIST_TEMPLATE_YAML_WORDS_H

#include "render/base/context.h"

/* "yaml: line 2: mapping values are not allowed in this context"; "yaml: " without `said`, which
 * there is none of where reports are muted. */
str yaml_words(struct context *cx, str text, const struct diag *said);
/* What Helm says of an error: that of a text which is no YAML is Go's, others are our own. */
str yaml_words_of(struct context *cx, const struct diag *said);

#endif
