/* What environments read, and so which of them a change reaches.
 *
 * A render is decided by the answers that its sources gave: the files it read, what it looked for,
 * found or not, and the folders it listed. A change reaches it when one of these answers is another
 * one. */
#ifndef HOIST_PROMOTE_AFFECTED_H
#define HOIST_PROMOTE_AFFECTED_H

#include "promote/environment.h"

struct repository;

enum affected_how { AFFECTED_CHANGED, AFFECTED_NEW, AFFECTED_GONE };

/* A file or folder of which an answer is another one. */
struct affected_file {
    str path; /* seen from the working directory */
    enum affected_how how;
};

/* One environment, and what it was told. */
struct affected {
    const struct environment_row *row;
    struct environment *env;
    str failure; /* why it does not render, else empty */
    struct affected_file *files;
    uint32_t len;
    uint32_t cap;
};

/* The project's folder that stands for an environment in a comparison with a revision. For one on
 * a branch of its own that is the folder of its branch, but the working tree's where that is what
 * will become of the branch: it is checked out, or it is what the working tree is compared with.
 * A source of its own, which tells what it was asked. NULL after a report. */
struct folder *affected_folder(struct context *cx, struct folder *project,
                               const struct environment_row *row, str revision);

/* Renders an environment from such a folder, to see what it asks for. NULL after a report; that
 * an environment does not render is none. */
struct affected *affected_observe(struct context *cx, const struct project *p,
                                  const struct environment_row *row, str revision);

/* The same for a word of the command line; one that does not render is reported. */
struct environment *affected_environment(struct context *cx, str word);

/* Since the commit that `revision` names. False after a report. */
bool affected_since(struct context *cx, struct affected *a, const struct project *p,
                    struct repository *repository, str commit);
/* By the paths that someone says have changed, come or gone, seen from the working directory. */
bool affected_by(struct context *cx, struct affected *a, const str *paths, size_t n);

/* Would another tree of the repository that it was rendered from give other answers? False after a
 * report. */
bool affected_by_tree(struct context *cx, const struct environment *env, struct source *then,
                      bool *other);

/* The paths of the files that it read, sorted. */
struct names {
    str *at;
    uint32_t len;
    uint32_t cap;
};
bool affected_reads(struct context *cx, const struct environment *env, struct names *out);
/* The value of Argo CD's annotation manifest-generate-paths: the fewest folders that hold all that
 * was read, seen from the folder that the Application renders. */
bool affected_paths(struct context *cx, const struct environment *env, str *out);

#endif
