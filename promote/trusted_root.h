/* Whom keyless signatures may come from: Sigstore's trusted_root.json, a file that the repository
 * holds or the user names. Nothing is fetched. */
#ifndef HOIST_PROMOTE_TRUSTED_ROOT_H
#define HOIST_PROMOTE_TRUSTED_ROOT_H

#include "promote/certificate.h"

/* In seconds since 1970, both ends included. */
struct period {
    int64_t from;
    int64_t until;
};

struct trusted_log {
    str name;
    struct public_key *key;
    str id; /* 32 bytes */
    struct period period;
};

struct trusted_authority {
    struct certificates chain; /* the trusted one last */
    struct period period;
};

struct trusted_logs {
    struct trusted_log *at;
    uint32_t len;
    uint32_t cap;
};

struct trusted_authorities {
    struct trusted_authority *at;
    uint32_t len;
    uint32_t cap;
};

struct trusted_root {
    struct trusted_logs logs;             /* of signatures: Rekor */
    struct trusted_logs certificate_logs; /* none: certificates need not have been in a log */
    struct trusted_authorities issuers;   /* of certificates: Fulcio */
    struct trusted_authorities clocks;    /* of timestamps by RFC 3161 */
};

/* NULL after a report. */
struct trusted_root *trusted_root_read(struct context *cx, struct text *text);

bool period_holds(struct period period, int64_t time);

#endif
