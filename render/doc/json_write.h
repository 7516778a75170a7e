/* Documents to JSON as Go's encoding/json prints them: sorted keys, HTML-safe escapes. */
#ifndef HOIST_DOC_JSON_WRITE_H
#define HOIST_DOC_JSON_WRITE_H

#include "render/base/buf.h"
#include "render/doc/node.h"

struct json_style {
    str indent;      /* "" for one line */
    bool keep_html;  /* do not escape <, > and & */
    bool keep_order; /* keys as they stand, not sorted */
};

bool json_write(struct context *cx, struct buf *out, const struct node *n, struct json_style style);
/* One string with its quotes, escaped as Go does. */
void json_write_string(struct buf *out, str text, bool keep_html);

#endif
