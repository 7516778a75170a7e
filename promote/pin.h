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
    struct node *root;     /* of a kustomization without a list of images … */
    struct node *new_list; /* … and the list that it gets */
};

struct pins {
    struct environment *env;
    const struct environments *others;
    struct pinned_file *files;
    uint32_t len;
    uint32_t cap;
};

/* Sets every image of this name to the reference's tag and digest; the site keeps what is
 * neither. False after a report. */
bool pins_add(struct context *cx, struct pins *pins, struct image_ref ref);

/* Fills in the bytes; files that stay as they are leave the list. */
bool pins_finish(struct pins *pins);

#endif
