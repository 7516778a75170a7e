/* An environment at work: a name or a path, what it renders to, and which files that took. */
#ifndef HOIST_PROMOTE_ENVIRONMENT_H
#define HOIST_PROMOTE_ENVIRONMENT_H

#include "promote/image_set.h"
#include "promote/project.h"
#include "promote/render_path.h"

struct environment {
    str name; /* or the path, as the user wrote it */
    struct render_path at;
    struct documents documents;
    struct image_set images;
    /* Its kustomization, as written: read again by the first pin_site_find. */
    struct text *file;
    struct node *fields;
    str file_real;
};

struct environments {
    struct environment **at;
    uint32_t len;
    uint32_t cap;
};

/* An environment of a project whose folder is `project`. A source that nobody else renders
 * from tells afterwards what this environment read. NULL after a report. */
struct environment *environment_render(struct context *cx, struct folder *project,
                                       const struct environment_row *row);

/* What a word of the command line stands for: an environment of the working directory's
 * project, else a path, REV:PATH, or "-". */
struct environment *environment_named(struct context *cx, str word);

/* The same once more from another source, which holds edits. */
bool environment_again(struct context *cx, const struct environment *env, struct source *source,
                       struct environment *out);

/* Has rendering it read this file? The path is absolute in its source. */
bool environment_reads(const struct environment *env, str real);
/* Do they render to the same documents, in the same order? */
bool environment_same(const struct environment *a, const struct environment *b);

/* The absolute path in the source of a text that the environment read; false for others. */
bool environment_file(const struct environment *env, const struct text *text, str *real);

#endif
