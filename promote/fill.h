/* Texts of an ApplicationSet, with parameters filled in: "{{name}}", or Go's templates. */
#ifndef HOIST_PROMOTE_FILL_H
#define HOIST_PROMOTE_FILL_H

#include "render/template/value.h"

struct template_set;

/* How one ApplicationSet writes its texts. */
struct fill {
    bool go;                       /* goTemplate */
    struct template_set *set;      /* with goTemplateOptions; NULL when it is not Go's */
    struct template_set *strictly; /* the same, but a missing key is an error */
};

/* A map. Without Go its keys are whole names ("path.basename"), and only texts are filled in. */
struct params {
    const struct node *node;
    struct value root; /* the same for Go's templates, made when first asked */
};

/* False after a report: an option that Go does not know. */
bool fill_begin(struct context *cx, const struct node *spec, struct fill *out);

/* A scalar's text. False after a report. */
bool fill_text(struct context *cx, const struct fill *f, const struct node *text, struct params *p,
               str *out);

/* A copy in which every text and every key is filled in; a text that changed has what it was as its
 * `was`. NULL after a report. */
struct node *fill_tree(struct context *cx, const struct fill *f, const struct node *n,
                       struct params *p);

/* Argo CD's `normalize`: what a name in DNS may hold. */
str fill_normalize(struct arena *a, str name);
/* A scalar as Go's %v prints what JSON makes of it: 1000000 is "1e+06". */
str fill_print(struct context *cx, const struct node *scalar);

#endif
