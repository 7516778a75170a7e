/* What a server wants to know of those who ask: the header WWW-Authenticate. */
#ifndef HOIST_SOURCE_OCI_CHALLENGE_H
#define HOIST_SOURCE_OCI_CHALLENGE_H

#include "render/source/http.h"

enum oci_auth { AUTH_NONE, AUTH_BASIC, AUTH_BEARER };

struct oci_challenge {
    enum oci_auth auth;
    str realm; /* where a token is to be had; only for AUTH_BEARER */
    str service;
    str scope; /* "" when it does not say */
};

/* Of several challenges, in one header or in more, a bearer's comes before a password's; AUTH_NONE
 * when there is none that we can meet. */
struct oci_challenge oci_challenge_read(struct arena *a, const struct http_answer *answer);

#endif
