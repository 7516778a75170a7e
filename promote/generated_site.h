/* Where to change what an ApplicationSet fills into an Application: the parameter that a text comes
 * from, when it is this Application's alone. Its template is never edited for one of them. */
#ifndef HOIST_PROMOTE_GENERATED_SITE_H
#define HOIST_PROMOTE_GENERATED_SITE_H

#include "promote/application_set.h"
#include "promote/environment.h"

/* A parameter, and what the template puts around it. */
struct generated_site {
    const struct node *parameter; /* stands in a list element or in a file; NULL: no site */
    str before;
    str after;
};

/* Does the ApplicationSet say this, and no file beside it? */
bool generated_says(struct context *cx, const struct environment_part *part, const struct node *n);

struct value_path;

/* The parameter of a scalar that was filled in, or of what stands at a path of the values that are
 * its text; false when there is none, or when other Applications have it too: nothing is reported. */
bool generated_find(struct context *cx, const struct environment *env, struct generated *g,
                    const struct node *scalar, const struct value_path *path,
                    struct generated_site *out);
/* What the parameter must say, so that the text will; false, without a report, when the template
 * is in the way. */
bool generated_value(const struct generated_site *site, str wanted, str *out);

/* Is one of its parameters said in this text? */
bool generated_reads(const struct generated *g, const struct text *text);

#endif
