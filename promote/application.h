/* Argo CD Applications: what Argo CD would render for one, from this repository. */
#ifndef HOIST_PROMOTE_APPLICATION_H
#define HOIST_PROMOTE_APPLICATION_H

#include "promote/application_set.h"
#include "promote/environment.h"

struct application {
    const struct node *document;
    struct generated *generated; /* how an ApplicationSet made it, or NULL */
    str name;
    str namespace_; /* of the destination */
    str project;
    struct folder *folder;   /* hoist.yaml's */
    struct folder *top;      /* the repository's */
    str branch;              /* of the environment; "" where the project is read */
    struct folder *home;     /* the Application's own, where that is not on this branch; or NULL */
    struct folder *home_top; /* of its repository */
    const struct here *here; /* for application_tree.c */
    const struct node *const *sources;
    uint32_t source_count;
};

bool application_is(const struct node *document);

/* The Application of env->row: the one in its file, or of several the one that is called as the
 * environment; an ApplicationSet stands for all that it makes. False after a report. */
bool application_find(struct context *cx, struct folder *project, struct environment *env,
                      struct application *out);

/* Settles the branch of a row whose Application follows one by its targetRevision. */
void application_follow(struct context *cx, struct folder *project, struct environment_row *row);

/* Reads the Application of env->row and adds a part for each source that renders. False
 * after a report. */
bool application_parts(struct context *cx, struct folder *project, struct environment *env);

/* One source, for the tool whose fields it has. */
bool application_helm(struct context *cx, struct application *app, const struct node *source,
                      struct environment *env, struct environment_part *part);
bool application_kustomize(struct context *cx, const struct application *app,
                           const struct node *source, struct environment *env,
                           struct environment_part *part);

/* $NAME and ${NAME} of the variables that Argo CD sets; unknown ones are empty, $$ is a dollar.
 * False after a report: what only a running Argo CD knows. */
bool application_expand(struct context *cx, const struct application *app,
                        const struct node *source, const struct node *text, str *out);

/* A text field; empty when it is absent. */
str application_text(struct context *cx, const struct node *map, const char *field);
bool application_true(struct context *cx, const struct node *map, const char *field);
/* A list or map of texts in *out, NULL when it is absent. False after a report: it is something
 * else, or holds something else. */
bool application_texts(struct context *cx, const struct node *map, const char *field,
                       enum node_kind kind, const struct node **out);

#endif
