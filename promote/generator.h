/* Generators of an ApplicationSet: the parameters of its Applications. */
#ifndef HOIST_PROMOTE_GENERATOR_H
#define HOIST_PROMOTE_GENERATOR_H

#include "promote/application_set.h"

/* Parameters of one more Application, or of one part of it. */
struct param_sets {
    const struct node **at; /* maps */
    uint32_t len;
    uint32_t cap;
};

typedef bool generator_fn(struct context *cx, const struct application_set *set,
                          const struct node *generator, struct param_sets *out);

/* One entry of `generators`: what it makes that its selector takes. False after a report. */
bool generator_run(struct context *cx, const struct application_set *set, const struct node *entry,
                   struct param_sets *out);
/* Of that entry the generator itself, a map, and what it is called; NULL after a report. */
const struct node *generator_of(struct context *cx, const struct node *entry, str *name);

/* Rows in other files. */
generator_fn generator_git, generator_matrix, generator_merge;

/* For the generators. Always true. */
bool params_keep(struct context *cx, struct param_sets *out, const struct node *params);
void params_put(struct context *cx, struct node *map, str key, struct node *value);
/* "before.name", or the name alone. */
str params_dotted(struct context *cx, str before, str name);
/* A tree as a flat map of texts. */
void params_flatten(struct context *cx, struct node *out, const struct node *n, str name);
/* A field that is a list, or NULL; a text, or "". */
const struct node *params_list(struct context *cx, const struct node *map, const char *field);
str params_text(struct context *cx, const struct node *map, const char *field);

#endif
