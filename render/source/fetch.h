/* Trees and files that are somewhere else: a Git repository at a revision, an address.
 *
 * Only the tree of one commit is fetched, without its history, and kept (git_store.h). A
 * branch or tag is looked up each time; 40 digits need no network once they were fetched. */
#ifndef HOIST_SOURCE_FETCH_H
#define HOIST_SOURCE_FETCH_H

#include "render/source/source.h"

struct git_remote_tree {
    str url;             /* https://, http://, ssh://, git://, file://, or user@host:path */
    str revision;        /* a branch, a tag, a full reference, 40 digits; "" for HEAD */
    uint64_t timeout_ns; /* for each step of the talk; 0 for 27 s, as kustomize has it */
    bool submodules;     /* for submodules.h */
};

/* A closed source whose files never lead out of the repository; submodules are no part of
 * it. NULL after a report. */
struct source *fetch_git(struct context *cx, const struct git_remote_tree *tree, struct pos from);

/* The bytes at an http address, and its status; NULL only after a report, with the status
 * FETCH_UNREACHABLE when its host does not answer at all. The caller judges the status.
 * `timeout_ns` is 0 for 30 s. */
struct text *fetch_file_within(struct context *cx, str url, uint64_t timeout_ns, struct pos from,
                               int *status);
enum { FETCH_UNREACHABLE = -1 };

/* An address as messages may show it: without user and password. */
str fetch_public(struct context *cx, str url);

#endif
