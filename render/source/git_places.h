/* What a repository is called elsewhere, and what its own names are. */
#ifndef HOIST_SOURCE_GIT_PLACES_H
#define HOIST_SOURCE_GIT_PLACES_H

#include "render/source/git.h"

struct git_names {
    str *at;
    uint32_t len;
    uint32_t cap;
};

/* The addresses of its remotes. False after a report. */
bool repository_addresses(struct context *cx, struct repository *repository, struct git_names *out);
/* Its tags: "v1.2.0". False after a report. */
bool repository_tags(struct context *cx, struct repository *repository, struct git_names *out);
/* The branch that the remote `origin` has at its HEAD; "" when that is not known. */
str repository_default_branch(struct context *cx, struct repository *repository);

/* Do two addresses name one repository? Only what stands behind the host counts, so that it may be
 * reached by other ways: git@host:org/name.git and https://mirror/org/name are one. */
bool git_address_same(str a, str b);
/* The last part of it, without ".git". */
str git_address_name(str url);

#endif
