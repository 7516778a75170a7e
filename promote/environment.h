/* An environment at work: a name or a path, what it renders to, and which files that took. */
#ifndef HOIST_PROMOTE_ENVIRONMENT_H
#define HOIST_PROMOTE_ENVIRONMENT_H

#include "promote/image_set.h"
#include "promote/project.h"
#include "promote/render_path.h"

/* What one tool renders of it; Applications may have several sources. */
struct environment_part {
    struct render_path path;
    struct build_options build;
    struct folder *overlay;      /* of a chart: the kustomization over it, or NULL */
    struct folder *plain;        /* path.folder as it is, without an Application's overrides */
    const struct node *source;   /* of an Application, as its overrides in Git left it; or NULL */
    struct generated *generated; /* how an ApplicationSet made the Application, or NULL */
    uint32_t first;              /* its documents … */
    uint32_t len;                /* … and how many */
    struct value_sites *sites;   /* found by the first value_site_find */
    /* Its kustomization, as written: read again by the first pin_site_find. */
    struct text *file;
    struct node *fields;
    str file_real;
};

struct environment {
    str name;                          /* or the path, as the user wrote it */
    const struct environment_row *row; /* NULL for a path */
    struct folder *project;            /* hoist.yaml's, of a row */
    struct render_path at;             /* of its first part, for most the only one */
    struct environment_part *parts;
    uint32_t part_count;
    uint32_t part_cap;
    struct source **sources; /* that it reads from; NULL where it is one text */
    uint32_t source_count;
    uint32_t source_cap;
    struct source *aside; /* one of these: for what an ApplicationSet's generators read */
    struct documents documents;
    struct image_set images;
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

/* Rendering in two steps, for who wants to say more to its parts in between. */
struct environment *environment_open(struct context *cx, struct folder *project,
                                     const struct environment_row *row);
struct environment *environment_open_named(struct context *cx, str word);
bool environment_finish(struct context *cx, struct environment *env);
/* Its documents alone, without looking for images. */
bool environment_documents(struct context *cx, struct environment *env);

/* The same once more from another source, which holds edits. */
bool environment_again(struct context *cx, const struct environment *env, struct source *source,
                       struct environment *out);

/* The folder that an environment's own branch has for the project's; the project's where it has
 * none, or where that branch is checked out. NULL after a report. */
struct folder *environment_folder(struct context *cx, struct folder *project,
                                  const struct environment_row *row);

/* For those who find an environment's parts. */
struct environment_part *environment_add(struct context *cx, struct environment *env,
                                         struct render_path path);
void environment_reads_from(struct context *cx, struct environment *env, struct source *source);

/* The part that this use of an image belongs to. */
struct environment_part *environment_part_of(const struct environment *env,
                                             const struct image_use *use);

/* Has rendering it read this file? The path is absolute in its source. */
bool environment_reads(const struct environment *env, str real);
/* The same, less what only lies beside a chart: Helm reads every file there for `.Files`, also
 * the values files of other environments. */
bool environment_uses(const struct environment *env, str real);
/* Do they render to the same documents, in the same order? */
bool environment_same(const struct environment *a, const struct environment *b);

/* The absolute path in the source of a text that the environment read; false for others. */
bool environment_file(const struct environment *env, const struct text *text, str *real);

#endif
