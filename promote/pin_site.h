/* The place in an environment's own files that decides an image: an `images:` entry of its
 * kustomization, else the image fields themselves when they stand in files that are its
 * alone, else a new entry. A file that others read is never edited to change one of them. */
#ifndef HOIST_PROMOTE_PIN_SITE_H
#define HOIST_PROMOTE_PIN_SITE_H

#include "promote/environment.h"

enum pin_kind { PIN_ENTRY, PIN_LITERAL, PIN_NEW_ENTRY };

struct pin_site {
    enum pin_kind kind;
    struct text *text; /* the kustomization, or the first file with the image */
    str real;          /* its path in the environment's source */
    struct node *root; /* the kustomization's fields; NULL with PIN_LITERAL */
    struct node *entry;
    struct pos pos; /* what a person would look at */
};

/* `others` are the environments that must not change. False after a report: there is no
 * place that is this environment's own. */
bool pin_site_find(struct context *cx, struct environment *env, const struct environments *others,
                   const struct image *image, struct pin_site *out);

#endif
