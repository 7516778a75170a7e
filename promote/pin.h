/* Edits that set images, in memory: the bytes of every file that must change. */
#ifndef HOIST_PROMOTE_PIN_H
#define HOIST_PROMOTE_PIN_H

#include "promote/pin_site.h"
#include "render/doc/edit.h"

struct pinned_file {
    struct text *text;
    str real;  /* absolute path in the source */
    str bytes; /* after pins_finish */
    struct edits *edits;
    str more; /* behind all that is there */
};

/* A field that a map of a file gets; its value grows until pins_finish. */
struct pinned_field {
    struct text *text;
    const struct node *map;
    str key;
    struct node *value;
};

/* Values of a file, or of a text in a file, before and after. */
struct pinned_tree {
    struct text *text;
    const struct node *before; /* NULL: the file holds none yet */
    struct node *after;
    const struct node *holder; /* the map whose text `values` they are; NULL for a file's own */
};

struct pins {
    struct environment *env;
    const struct environments *others;
    str remark; /* the tag that goes with a digest: kept where a chart has a place for it */
    struct pinned_file *files;
    uint32_t len;
    uint32_t cap;
    struct pinned_field *fields;
    uint32_t field_count;
    uint32_t field_cap;
    struct pinned_tree *trees;
    uint32_t tree_count;
    uint32_t tree_cap;
};

/* Sets every image of this name to the reference's tag and digest; the site keeps what is
 * neither. False after a report. */
bool pins_add(struct context *cx, struct pins *pins, struct image_ref ref);

/* Fills in the bytes; files that stay as they are leave the list. */
bool pins_finish(struct context *cx, struct pins *pins);

/* For the ways of pinning. */

/* The file of a text, which is `real` in the environment's source. NULL after a report. */
struct pinned_file *pins_file(struct context *cx, struct pins *pins, struct text *text, str real);
/* The list or map that a map gets under a key; `make` makes it the first time. */
struct node *pins_field(struct context *cx, struct pins *pins, struct text *text,
                        const struct node *map, str key, struct node *(*make)(struct context *));
/* Sets a parameter of an ApplicationSet, so that what it is filled into becomes the wanted text. */
bool pin_parameter(struct context *cx, struct pinned_file *file, const struct generated_site *site,
                   str wanted);
/* Sets the values that decide one image of a chart. */
bool pin_values(struct context *cx, struct pins *pins, struct environment_part *part,
                const struct value_site *site, struct image_ref image, struct image_ref ref);

#endif
