/* Methods that Go's types have, beside those of objects. */
#ifndef HOIST_TEMPLATE_METHODS_H
#define HOIST_TEMPLATE_METHODS_H

#include "render/template/func.h"

extern const struct func time_methods[];
extern const struct func duration_methods[];
extern const struct func name_methods[]; /* of months and weekdays */

/* The rows of a value's kind and type, ended by a zero row; NULL when it has none. */
const struct func *value_methods(struct value v);

#endif
