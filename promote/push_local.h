/* The end of a push to a repository on this machine: objects, then its reference. */
#ifndef HOIST_PROMOTE_PUSH_LOCAL_H
#define HOIST_PROMOTE_PUSH_LOCAL_H

#include "promote/push.h"

/* Is it a path or a file address? */
bool url_is_local(str url);

/* Moves the branch of the repository at `url` from `there` ("" is nowhere) to the request's
 * commit, and only from there: PUSH_BEHIND when it stands elsewhere by now. False after a
 * report. */
bool push_local(struct context *cx, const struct push_request *request, str url, str there,
                enum push_outcome *outcome);

#endif
