/* One talk with a Git daemon (git://), which takes no credentials: what is asked is sent at once,
 * and all that is answered is read until the other side closes. */
#ifndef HOIST_SOURCE_GIT_SOCKET_H
#define HOIST_SOURCE_GIT_SOCKET_H

#include "render/base/context.h"

struct git_socket {
    str host; /* without the brackets of an IPv6 address */
    str port; /* "" is 9418 */
    str path; /* "/group/app.git" */
    const char *service;
    str input;
    uint64_t timeout_ns; /* for the whole talk */
    size_t most;         /* bytes of the answer */
    struct pos pos;      /* of what asked for it */
};

/* False, and reported, when nobody listens there, nothing is answered, or too much or too late. */
bool git_socket_talk(struct context *cx, const struct git_socket *s, str *answer);

#endif
