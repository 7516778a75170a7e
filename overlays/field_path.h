/* Field paths: how replacements, vars and ValueAddTransformer name fields of a document.
 *
 * "spec.containers.[name=web].image": a part is a field, an index, or "[field=value]" or
 * "[=value]" for items of a list. "\." is a dot in a field's name, and so is one between
 * brackets: "metadata.annotations.[example.com/host]". */
#ifndef HOIST_OVERLAYS_FIELD_PATH_H
#define HOIST_OVERLAYS_FIELD_PATH_H

#include "render/base/regex.h"
#include "render/doc/path.h"

struct field_path {
    str text;
    struct pos pos;
    struct path path;
    struct regex **patterns; /* of the parts "[field=value]", made when first met */
};

/* A name that a map on the path did not have. */
struct missed {
    const struct node *map;
    str name;
};

/* Fields that a path leads to. A scalar that was made for the path has no text yet. */
struct matches {
    struct node **at;
    uint32_t len;
    uint32_t cap;
    struct missed missed;
};

/* Parted by dots; by slashes, without meaning in brackets. */
struct field_path field_path_dotted(struct context *cx, str text, struct pos pos);
struct field_path field_path_slashed(struct context *cx, str text, struct pos pos);

/* The one field that a path leads to; NULL for none. Spaces around a part don't count, "-" is a
 * list's last item, the value in brackets is a text. With `make`, missing maps, items in
 * brackets and at last a scalar are made. */
bool field_path_get(struct context *cx, const struct field_path *p, struct node *document,
                    bool make, struct node **out, struct missed *missed);

/* All fields that a path leads to: "*" is every item of a list, and the value in brackets a
 * regular expression. `make` is the kind of node that is made where the path ends, with all that
 * is missing on the way; NODE_NULL makes nothing. */
bool field_path_match(struct context *cx, const struct field_path *p, struct node *document,
                      enum node_kind make, struct matches *out);

/* "did you mean", when the map has a name like the missed one. */
void missed_hint(struct context *cx, const struct missed *missed);

#endif
