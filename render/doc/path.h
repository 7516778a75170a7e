/* Field paths: "spec/template/spec", "a.b.[name=x].c", JSON pointers. */
#ifndef HOIST_DOC_PATH_H
#define HOIST_DOC_PATH_H

#include "render/doc/node.h"

struct path {
    str *parts;
    uint32_t len;
};

/* Splits at '/'; "\/" is a slash in a part. */
struct path path_slashed(struct arena *a, str text);
/* Splits at '.', a leading one aside; "\." is a dot in a part. A part that begins with a bracket
 * goes on to the next "]": "a.[name=b.c].d" has three, and "a.[b.c]" is a and b.c. */
struct path path_dotted(struct arena *a, str text);
/* RFC 6901, "~1" and "~0" undone. False when it neither is empty nor begins with a slash. */
bool path_pointer(struct arena *a, str text, struct path *out);
/* How a person would write the place of a node: "spec.containers[0].image". */
str path_print(struct arena *a, struct path p);

#endif
