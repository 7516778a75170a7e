/* Seals: a commit of ours says in its last line what it was made of, so that one which a person
 * has amended, squashed or moved is not taken for ours any more.
 *
 * A seal is no signature, and proves nothing to anybody: whoever wants to can make one. */
#ifndef HOIST_PROMOTE_SEAL_H
#define HOIST_PROMOTE_SEAL_H

#include "render/base/str.h"

enum seal {
    SEAL_NONE,   /* no promotion's commit */
    SEAL_BROKEN, /* one that somebody has changed */
    SEAL_HOLDS,
};

/* The line with which the message of a promotion's commit ends. */
str seal_line(struct arena *a, str tree, str parent, str message);
/* `parent` is "" where there is not exactly one. */
enum seal seal_read(struct arena *a, str tree, str parent, str message);

/* The line in a message that says that a commit is a promotion's. */
#define PROMOTION_TRAILER "Hoist-Promotion:"

#endif
