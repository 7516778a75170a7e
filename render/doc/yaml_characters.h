/* Which characters a YAML text may have. */
#ifndef HOIST_DOC_YAML_CHARACTERS_H
#define HOIST_DOC_YAML_CHARACTERS_H

#include "render/base/context.h"

/* Looks at all of it before it is read; false after a report. */
bool yaml_characters_check(struct context *cx, const struct text *text);

#endif
