/* JSON to documents, strictly as Go's encoding/json reads it, with positions. */
#ifndef HOIST_DOC_JSON_READ_H
#define HOIST_DOC_JSON_READ_H

#include "render/doc/node.h"

/* NULL after a report. Numbers keep their text. The last of duplicate keys wins. */
struct node *json_read(struct context *cx, struct text *text);
/* The same without reports, for text that may as well be something else. */
struct node *json_try(struct context *cx, struct text *text);
/* The value at the beginning of a text, and how many bytes it takes. */
struct node *json_try_prefix(struct context *cx, struct text *text, size_t *used);

#endif
