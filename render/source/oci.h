/* Registries that are servers, by the OCI distribution API.
 *
 * One such registry answers for every host: a reference says which. What was asked once is
 * remembered for the run, so a tag means one digest however often it is asked for. TLS is needed
 * but on the loopback interface, or where settings ask for none. A registry that can't be reached
 * or wants to know more of us is a failure of the surroundings; that an image is not there is a
 * mistake of the input, and bytes that are not what they must be are refused. */
#ifndef HOIST_SOURCE_OCI_H
#define HOIST_SOURCE_OCI_H

#include "render/source/registry.h"

/* How a host is to be talked to. Of rows that fit, the first counts. */
struct oci_settings {
    str host;           /* "ghcr.io", "127.0.0.1:5000"; "" is every host */
    str location;       /* "HOST[:PORT][/PATH]" that stands for it; "" is the host itself */
    const str *mirrors; /* the same, asked first for what is named by its digest */
    uint32_t mirror_count;
    bool plain_http;
    bool unverified;         /* TLS with anybody */
    const char *authorities; /* PEM files; NULL for the system's, and for none */
    const char *certificate;
    const char *key;
    str authorities_pem; /* instead of a file: its bytes */
    str user;            /* instead of those that Docker's config.json knows */
    str password;
};

struct oci_options {
    const struct oci_settings *settings;
    uint32_t len;
    const char *config; /* a file like Docker's, asked for credentials before that; or NULL */
    bool no_cache;      /* of blobs, in $XDG_CACHE_HOME/hoist/blobs */
};

/* `options` may be NULL, else they must live as long as it. No connection is opened yet. */
struct registry *oci_registry(struct context *cx, const struct oci_options *options);

/* Is a host there, and does it take who we are? For a login; any repository of it will do. */
bool oci_ping(struct context *cx, struct registry *r, str host, struct pos from);

#endif
