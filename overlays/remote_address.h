/* What kustomize takes for a repository: which of an entry's words are the address, which the
 * folder in it, and which the question behind it. */
#ifndef HOIST_OVERLAYS_REMOTE_ADDRESS_H
#define HOIST_OVERLAYS_REMOTE_ADDRESS_H

#include "render/base/str.h"

struct remote_address {
    str repository; /* as it is cloned: "https://github.com/org/name", "git@host:org/name" */
    str host;       /* its two parts: "https://github.com/", "git@host:", "file://", … */
    str path;       /* … and "org/name" */
    str folder;     /* in it; "" for its top */
    str revision;   /* ref, or version; "" when neither says one */
    uint64_t timeout_ns;
    bool submodules;
};

/* False when the entry is a path, or an address that is no repository's. */
bool remote_address_parse(struct arena *a, str entry, struct remote_address *out);
/* Is it an http or https address, which may be a file's? */
bool remote_address_is_url(str entry);

#endif
