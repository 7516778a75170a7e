/* HTTP requests, one or many: an end to their time and size, retries, bounded redirects.
 *
 * What may be a secret (headers, user, password, the address's query and user) is in no
 * message, and goes to no other host than the one it was meant for. Statuses are for the
 * caller to judge; what is reported here is that no answer came. libcurl is loaded by the
 * first request. */
#ifndef HOIST_SOURCE_HTTP_H
#define HOIST_SOURCE_HTTP_H

#include "render/base/context.h"

struct http_header {
    str name;
    str value;
};

struct http_request {
    str url;
    str method; /* "" is GET */
    const struct http_header *headers;
    uint32_t header_count;
    str user; /* for Basic authentication; "" for none */
    str password;
    bool netrc; /* ~/.netrc may know the user and the password, of any host */
    str body;
    uint64_t timeout_ns; /* for all tries together; 0 is HTTP_TIMEOUT_NS */
    size_t most;         /* bytes of the answer; 0 is HTTP_MOST */
    bool once;           /* not to be repeated: it would do a thing twice */
    bool plain_at_home;  /* a redirect to another host leads to https, or stays on this machine */
    bool verbatim;       /* no compression on the way, so that Content-Length is the size */
    /* Files for TLS, as in GIT_SSL_CAINFO, GIT_SSL_CERT, GIT_SSL_KEY; NULL for none. */
    const char *authorities;
    const char *certificate;
    const char *key;
    str authorities_pem; /* instead of a file: its bytes */
    bool unverified;
    struct pos pos; /* of what asked for it */
};

#define HTTP_TIMEOUT_NS 30000000000u
#define HTTP_MOST       ((size_t)64 << 20)

struct http_answer {
    int status;
    str reason; /* "Not Found", as the server says it; HTTP/2 has none */
    str body;
    str url; /* where the redirects ended */
    struct http_header *headers;
    uint32_t header_count;
    uint32_t header_cap;
    str failure; /* why there is no answer, when the status is 0 */
    enum diag_class failure_class;
    bool no_connection; /* nobody listens there */
    bool late;          /* nothing, or not all, came in time */
};

/* False, and reported, when there is no answer: no network allowed or found, too late, too
 * large, too many redirects, or one that would leave TLS. */
bool http_request(struct context *cx, const struct http_request *r, struct http_answer *out);

/* Requests side by side over the connections of a pool, which keeps them until the context ends.
 * That one of them got no answer stands in its answer, and is reported by http_failed alone.
 * False, and reported, when nothing could be asked at all. */
struct http_pool;
struct http_pool *http_pool(struct context *cx);
bool http_requests(struct context *cx, struct http_pool *pool, const struct http_request *requests,
                   struct http_answer *answers, uint32_t n);
bool http_failed(struct context *cx, const struct http_request *r,
                 const struct http_answer *answer);

/* The value of the first header of this name, whatever its case; "" when there is none. */
str http_header(const struct http_answer *answer, str name);
/* "GET https://host/path", for messages. */
str http_describe(struct context *cx, const struct http_request *r);
/* scheme://host:port of an address, in lower case and with the port always said; false
 * when it is no http or https address. */
bool http_origin(struct context *cx, str url, str *origin);
/* Is "HOST[:PORT]", or such an origin, this machine itself? By its letters, asking nobody. */
bool http_is_loopback(str host);

#endif
