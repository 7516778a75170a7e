/* The place of a value in a document, as diff writes it: "spec.containers[name=app].image",
 * `metadata.labels["app.kubernetes.io/name"]`, "args[0]". JSON pointers are understood too. */
#ifndef HOIST_PROMOTE_FIELD_H
#define HOIST_PROMOTE_FIELD_H

#include "render/base/buf.h"
#include "schema/merge_keys.h"

/* One step down: into a map by `key`; into a list to the item whose field `by` is `value`, or,
 * where nothing tells the items apart, to the one at `index`. */
struct field_step {
    const struct key *key;
    const struct key *by;
    str value;
    uint32_t index;
};

struct field {
    struct field_step *at;
    uint32_t len;
    uint32_t cap;
};

/* Reads what a user wrote about this document. False after a report, with the nearest name. */
bool field_read(struct context *cx, const struct node *document, str text, struct field *out);

/* What stands there, in this document or in an older one; NULL when nothing does. */
const struct node *field_find(const struct node *document, const struct field *f);
/* One step of it. */
const struct node *field_step_find(const struct node *n, const struct field_step *s);

str field_print(struct arena *a, const struct field *f);

/* Calls each(who, field, value) for every scalar and every empty map or list, in the order of
 * the document. The field is only lent. */
void field_each(struct context *cx, const struct node *document,
                void (*each)(void *who, const struct field *f, const struct node *value),
                void *who);

#endif
