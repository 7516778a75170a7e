/* Who we are to a registry: Docker's config.json with its credential helpers, podman's auth.json.
 *
 * $DOCKER_CONFIG/config.json or ~/.docker/config.json, then $REGISTRY_AUTH_FILE or
 * $XDG_RUNTIME_DIR/containers/auth.json; the first that knows the host counts. A context without
 * a home reads none of them, only the file that it is told. */
#ifndef HOIST_SOURCE_DOCKER_CREDENTIALS_H
#define HOIST_SOURCE_DOCKER_CREDENTIALS_H

#include "render/base/context.h"

struct registry_login {
    str user;
    str password;
    str identity; /* a token that asks for others in place of user and password; "" for most */
};

struct docker_config;

/* Reads what there is; `first`, which may be NULL, is a file that is asked before all others. A
 * file that is no JSON is reported, and none of its bytes shown. NULL after a report. */
struct docker_config *docker_config_read(struct context *cx, const char *first, struct pos from);
/* All empty when nobody knows any; a helper that fails is a warning. `path` is the repository's,
 * as an entry may be for a part of a host alone. */
struct registry_login docker_login(struct context *cx, struct docker_config *config, str host,
                                   str path, struct pos from);

#endif
