/* One commit straight into the object database, and one reference moved to it.
 *
 * Neither the working tree nor the index is looked at, and no other reference changes. The
 * reference is moved last, and only from where it was seen: until then nothing can be
 * found, so a run that ends at any moment leaves the repository as it was or done. Commits are
 * signed as Git's configuration asks. */
#ifndef HOIST_PROMOTE_COMMIT_H
#define HOIST_PROMOTE_COMMIT_H

#include "promote/seal.h"
#include "render/source/git.h"

/* A file's new bytes; one that the base holds keeps its mode. */
struct tree_change {
    str path; /* from the top of the tree, without a slash before it */
    str bytes;
};

struct author {
    str name; /* empty: what Git's configuration says */
    str email;
    int64_t when; /* seconds since 1970 */
    int offset;   /* of the zone, in minutes */
    str ci_name;  /* what the CI calls who runs it: where Git's configuration says nothing */
    str ci_email;
};

/* Who may have made what stands on the branch already. */
enum branch_rule {
    BRANCH_OURS, /* commits of ours are replaced, those of people stop it */
    BRANCH_TIP,  /* the branch is where it is expected, and goes on to the new commit */
};

struct commit_request {
    struct repository *repository;
    str base;   /* full name of the commit that it stands on */
    str branch; /* "hoist/promote/staging-to-production" */
    enum branch_rule rule;
    str expected; /* with BRANCH_TIP: its tip; "" is the base */
    const struct tree_change *changes;
    uint32_t len;
    str message; /* with BRANCH_OURS it gets a seal */
    str log;     /* for the reference's log */
    struct author author;
    struct author committer;
};

enum commit_outcome {
    COMMIT_MADE,
    COMMIT_THERE, /* the branch holds this very change already */
    COMMIT_MOVED, /* someone else moved the branch meanwhile */
};

struct commit_result {
    enum commit_outcome outcome;
    str commit;   /* full name of the branch's tip */
    str previous; /* where it was, or "" */
};

/* The objects alone: nothing points at them yet. False after a report. */
bool commit_write(struct context *cx, const struct commit_request *request,
                  struct commit_result *out);
/* Moves the branch to out->commit, if it still is at out->previous. */
bool commit_move(struct context *cx, const struct commit_request *request,
                 struct commit_result *out);
/* Both. */
bool commit_make(struct context *cx, const struct commit_request *request,
                 struct commit_result *out);

/* Are all commits from `tip` on that `base` does not hold our own? False after a report. */
bool commits_are_ours(struct context *cx, struct repository *repository, str branch, str tip,
                      str base);

/* That the branch is not ours to replace, for this commit. Always false. */
bool commit_report_theirs(struct context *cx, str branch, str commit, enum seal seal);

/* Is it the commit itself, or one that follows it? */
bool commit_follows(struct context *cx, struct repository *repository, str commit, str earlier,
                    bool *follows);

/* The index of the working tree takes these files as they now are on disk. */
bool index_follow(struct context *cx, struct repository *repository,
                  const struct tree_change *changes, uint32_t len);

/* The working tree and the index go from one commit to another. Changes that are not
 * committed stay; those that stand in the way are reported, and nothing is written then. */
bool worktree_follow(struct context *cx, struct repository *repository, str from, str to);

/* The short name of the branch that HEAD is at; "" when it is at none. */
bool head_branch(struct context *cx, struct repository *repository, str *branch);

#endif
