/* The place in an environment's own files that decides an image. Of a kustomization: the word
 * for it in an Application, an `images:` entry, the image fields themselves when they stand in
 * files that are its alone, else a new entry. Of a chart: values. A file that others read is
 * never edited to change one of them. */
#ifndef HOIST_PROMOTE_PIN_SITE_H
#define HOIST_PROMOTE_PIN_SITE_H

#include "promote/environment.h"
#include "promote/generated_site.h"
#include "promote/value_site.h"

enum pin_kind {
    PIN_ENTRY,     /* of the kustomization's `images` */
    PIN_WORD,      /* of an Application's `kustomize.images` */
    PIN_LITERAL,   /* the image fields themselves */
    PIN_VALUES,    /* of a chart */
    PIN_NEW_ENTRY, /* in the kustomization */
    PIN_NEW_WORD,  /* in the Application */
};

struct pin_site {
    enum pin_kind kind;
    struct environment_part *part;
    struct text *text; /* the kustomization, the Application, or the first file with the image */
    str real;          /* its path in the environment's source */
    struct node *root; /* the kustomization's fields; NULL elsewhere */
    struct node *entry;
    const struct node *word;
    struct generated_site parameter; /* of a word that an ApplicationSet fills in */
    const struct value_site *values; /* of the first use */
    struct pos pos;                  /* what a person would look at */
};

/* `others` are the environments that must not change; the site is that of the image's first
 * use in the part. False after a report: there is no place that is this environment's own. */
bool pin_site_find(struct context *cx, struct environment *env, struct environment_part *part,
                   const struct environments *others, const struct image *image,
                   struct pin_site *out);

/* What the environment will print for a digest: a chart may need a tag beside it, `tag` unless
 * one is there, or hide the tag. False after a report. */
bool pin_settle(struct context *cx, struct environment *env, const struct image *image, str tag,
                struct image_ref *after);

/* Where a value of a chart is to be set: in the layer that sets it now, else in the highest one
 * that is this environment's own. */
struct value_target {
    struct value_layer *layer; /* NULL: a new parameter of the Application */
    struct text *text;
    str real;
    struct generated_site parameter; /* of a layer that an ApplicationSet fills in */
};
/* False after a report. */
bool value_target_find(struct context *cx, const struct environment *env,
                       struct environment_part *part, const struct environments *others,
                       const struct value_path *path, struct value_target *out);

/* Would something be there without this layer: in another one, or in the chart's own values? */
bool value_stays_without(struct context *cx, struct environment_part *part,
                         const struct value_layer *layer, const struct value_path *path);

/* Do others read a file too? */
bool pin_is_shared(const struct environments *others, str real);
/* The first use of an image in a part; NULL when that part does not run it. */
const struct image_use *pin_use_in(const struct environment *env,
                                   const struct environment_part *part, const struct image *image);

#endif
