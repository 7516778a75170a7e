/* YAML to documents, with positions, on libfyaml's events. */
#ifndef HOIST_DOC_YAML_READ_H
#define HOIST_DOC_YAML_READ_H

#include "render/doc/node.h"
#include "render/doc/scalar.h"

struct documents {
    struct node **at;
    uint32_t len;
    uint32_t cap;
};

/* All documents of a text, empty ones left out. Aliases are expanded and merge keys
 * applied. False after a report: not YAML, a duplicate key, too deep, too large. */
bool yaml_read_all(struct context *cx, struct text *text, enum yaml_dialect dialect,
                   struct documents *out);

/* A text that holds one document; NULL after a report, also when there are more.
 * An empty text is a null node. */
struct node *yaml_read(struct context *cx, struct text *text, enum yaml_dialect dialect);

#endif
