/* Field specs: a path through a document, for some kinds, to the fields that a step sets.
 *
 * A list on the way is entered without being named; a part that ends in "[]" must lead to
 * a list and is never created. With `create`, what is missing becomes a map, and the leaf
 * what the caller says. */
#ifndef HOIST_OVERLAYS_FIELD_SPEC_H
#define HOIST_OVERLAYS_FIELD_SPEC_H

#include "overlays/resource.h"

struct field_part {
    const struct key *key;
    bool list; /* written with "[]" */
    bool item; /* a word for an item of a list, of which no map has a field */
};

struct field_spec {
    struct gvk gvk;    /* of the document; empty is any */
    struct gvk target; /* of name references: the kind whose name changes */
    str path;
    bool create;
    struct field_part *parts; /* NULL until field_spec_compile */
    uint32_t part_len;
    struct pos pos; /* in the file that added it; nowhere for the built-in ones */
};

struct field_specs {
    struct field_spec *at;
    uint32_t len;
    uint32_t cap;
};

/* What to do with a field that was found: `slot` is where its value stands. */
typedef bool field_fn(struct context *cx, struct node **slot, void *arg);

/* Calls `set` for each field of the document that the spec leads to. With `create`, a
 * missing leaf is made as an empty node of kind `leaf`; NODE_NULL never makes one. */
bool field_spec_apply(struct context *cx, struct node *document, struct field_spec *spec,
                      enum node_kind leaf, field_fn *set, void *arg);
bool field_specs_apply(struct context *cx, struct node *document, struct field_specs *specs,
                       enum node_kind leaf, field_fn *set, void *arg);

/* Prepares the path, once; apply does it when it was not done. */
void field_spec_compile(struct context *cx, struct field_spec *spec);

bool field_spec_selects(const struct field_spec *spec, const struct node *document);

/* The scalar at *slot becomes this text and keeps its quotes. Plain text means what it
 * says (12 is a number); string text stays text. False after a report when a map or a
 * list stands there. */
bool field_set_plain(struct context *cx, struct node **slot, str text);
bool field_set_string(struct context *cx, struct node **slot, str text);

/* "a spec of this kind at this path is there already". */
bool field_specs_merge(struct context *cx, struct field_specs *list, struct field_spec spec);

/* Specs from a list of maps with path, create, group, version, kind. */
bool field_specs_read(struct context *cx, const struct node *list, struct field_specs *out);

#endif
