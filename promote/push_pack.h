/* The objects that a remote lacks, as a pack; and those that it sends, taken in. */
#ifndef HOIST_PROMOTE_PUSH_PACK_H
#define HOIST_PROMOTE_PUSH_PACK_H

#include "render/source/git.h"
#include "render/source/git_wire.h"

/* What the commit brings beyond what the remote's references hold, those that it has now and
 * those that were seen last. A clone without its whole history will do. False after a report. */
bool push_pack(struct context *cx, struct repository *repository, str remote,
               const struct wire_refs *there, str commit, str *pack);

/* What is here already, to be said when the branch's tip is asked for. */
bool push_known(struct context *cx, struct repository *repository, str remote, str commit,
                struct wire_known *out);
bool push_take(struct context *cx, struct repository *repository, str pack);

struct commit_read {
    str message;
    str tree;
    str parent; /* the only one; "" when it has none or several */
};

/* False, without a report, when the commit is not here. */
bool push_commit(struct context *cx, struct repository *repository, str commit,
                 struct commit_read *out);

#endif
