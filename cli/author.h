/* Who commits: Git's variables in the environment, as CI systems set them. */
#ifndef HOIST_CLI_AUTHOR_H
#define HOIST_CLI_AUTHOR_H

#include "promote/commit.h"

/* What the environment leaves open comes from Git's configuration, the time from now. */
bool authors_find(struct context *cx, struct repository *repository, struct author *author,
                  struct author *committer);

#endif
