/* Files of the branch that is checked out, edited and committed on it: what `hoist pin --commit`
 * and `hoist hold --commit` do. The edit is made to what HEAD holds, and the working tree
 * follows; where the remote has moved on, it is made again to what that holds now. */
#ifndef HOIST_PROMOTE_BRANCH_EDIT_H
#define HOIST_PROMOTE_BRANCH_EDIT_H

#include "promote/commit.h"

struct file_edit {
    str path;   /* from the top of the repository */
    str before; /* of a new file nothing */
    str after;
};

struct branch_edit {
    str remote; /* "" is no push */
    str log;    /* "hoist: pin" */
    struct author author;
    struct author committer;
    /* Replaces a file as a whole; false after a report. */
    bool (*write)(struct context *cx, str path, str bytes);
    /* Fills in files, their number and the message, for what `base` holds; none is none to make. */
    bool (*make)(struct context *cx, struct branch_edit *e);
    void *who; /* for `make` */

    struct repository *repository;
    str base; /* the commit that is edited */
    const struct file_edit *files;
    uint32_t len;
    str message;

    str branch; /* that HEAD is at */
    str commit; /* "" when none was made */
    bool pushed;

    str start; /* HEAD, before anything */
    str tip;   /* of the branch: HEAD, then our own last commit */
};

/* Looks where HEAD is. False after a report. */
bool branch_edit_begin(struct context *cx, struct branch_edit *e);
/* "HEAD" as long as its files are edited where they lie, else the name of the base. */
str branch_edit_revision(const struct branch_edit *e);
/* The working directory, as that revision holds it. NULL after a report. */
struct folder *branch_edit_folder(struct context *cx, const struct branch_edit *e);
/* Makes, commits, pushes. False after a report. */
bool branch_edit_run(struct context *cx, struct branch_edit *e);

#endif
