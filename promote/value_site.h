/* The values of a chart that decide its images, found by changing them and rendering again:
 * whatever a template does with a value, an image that follows it is decided by it. */
#ifndef HOIST_PROMOTE_VALUE_SITE_H
#define HOIST_PROMOTE_VALUE_SITE_H

#include "promote/environment.h"

/* A place in values, from the outermost map inwards. */
struct value_path {
    const struct value_path *outer; /* NULL: in the outermost map */
    const struct key *key;          /* NULL: an item of a list */
    uint32_t index;
};

/* What decides one image, as far as values do. */
struct value_site {
    const struct value_path *whole;  /* a whole reference in one text … */
    str name;                        /* … and its name there */
    const struct value_path *tag;    /* the tag; a chart that knows no digest takes it here too */
    const struct value_path *digest; /* NULL: the chart knows none */
    bool tag_stays;                  /* it is printed beside a digest */
    bool bare_digest;                /* without "sha256:" */
};

/* The site of an image's scalar in the part's documents; NULL when no value decides it. The
 * first call renders the part again, twice at most. False after a report. */
bool value_site_find(struct context *cx, struct environment *env, struct environment_part *part,
                     const struct node *image, const struct value_site **out);

/* "services.web.image.tag" */
str value_path_print(struct context *cx, const struct value_path *path);

/* What stands there in a tree of values; NULL for nothing. */
struct node *value_path_node(const struct node *tree, const struct value_path *path);
/* Puts a text there; maps on the way are made. False when something else is in the way. */
bool value_path_put(struct context *cx, struct node *tree, const struct value_path *path, str text);
/* Takes out what stands there, if anything does. */
void value_path_remove(struct node *tree, const struct value_path *path);

#endif
