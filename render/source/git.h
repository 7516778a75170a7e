/* Git repositories and the revisions in them. libgit2 is loaded by the first repository_open. */
#ifndef HOIST_SOURCE_GIT_H
#define HOIST_SOURCE_GIT_H

#include "render/base/context.h"
#include "render/base/map.h"

struct repository;

/* The repository that holds a folder: a clone, a linked worktree, a bare one. It is closed
 * with the context. NULL after a report, also when it belongs to another user and no
 * safe.directory allows it. */
struct repository *repository_open(struct context *cx, str folder, struct pos from);
/* The repository that this folder is, and not one that holds it. */
struct repository *repository_at(struct context *cx, str folder, struct pos from);
/* Objects without references: a folder as .git/objects is. */
struct repository *repository_of_objects(struct context *cx, str folder, struct pos from);

/* The absolute path of its working tree, links followed; "" for a bare repository. */
str repository_worktree(const struct repository *repository);
/* libgit2's git_repository, for those who call that library themselves. */
void *repository_handle(const struct repository *repository);
/* The bytes that sources of it have read, by the object's name: environments of one project
 * share most of their files. */
struct map *repository_blobs(struct repository *repository);
/* Trees of other repositories that its Applications are made of, by what asked for them. */
struct map *repository_fetched(struct repository *repository);
/* Makes libgit2 ready, for those who call it without a repository. False after a report. */
bool git_start(struct context *cx);
/* Reports libgit2's last error as "cannot DOING: its words". Always false. */
bool report_git(struct context *cx, struct pos from, const char *doing);

/* "REV:PATH" in two. False for a word without a revision: a plain path, an address. A colon
 * in braces belongs to the revision, as in "HEAD^{/fix: x}:k8s". */
bool revision_split(str word, str *revision, str *path);

/* The object that a branch, a tag or a full reference names, as one who fetches it sees it:
 * no short names of commits, no "main~2". */
bool repository_reference(struct context *cx, struct repository *repository, str name,
                          struct pos from, str *object);
/* The full name of the commit that a branch, tag, short name or "main~2" stands for. */
bool revision_commit(struct context *cx, struct repository *repository, str revision,
                     struct pos from, str *commit);
/* The commit at which HEAD left the history of a revision: itself, when HEAD comes after it. */
bool revision_left(struct context *cx, struct repository *repository, str revision, struct pos from,
                   str *commit);
/* The same as libgit2's git_tree, freed with the context. */
void *revision_tree(struct context *cx, struct repository *repository, str revision,
                    struct pos from);

#endif
