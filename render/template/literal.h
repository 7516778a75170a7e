/* Numbers and characters as they stand in a template. */
#ifndef HOIST_TEMPLATE_LITERAL_H
#define HOIST_TEMPLATE_LITERAL_H

#include "render/template/ast.h"
#include "render/template/lex.h"

/* Fills source, kinds and values; false with Go's words in *why. */
bool literal_number(struct arena *a, struct token t, struct ast_number *out, str *why);

#endif
