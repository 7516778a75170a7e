/* Who commits: Git's variables in the environment, as CI systems set them. */
#ifndef HOIST_CLI_AUTHOR_H
#define HOIST_CLI_AUTHOR_H

#include "promote/commit.h"

/* What the environment leaves open comes from Git's configuration when a commit is made, the
 * time from now. False after a report: a date that is none. */
bool authors_read(struct context *cx, struct author *author, struct author *committer);

#endif
