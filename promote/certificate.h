/* Certificates that say who held a key for some minutes, as Fulcio issues them: an identity, the
 * issuer of that identity, and a proof that a public log has seen them. */
#ifndef HOIST_PROMOTE_CERTIFICATE_H
#define HOIST_PROMOTE_CERTIFICATE_H

#include "promote/public_key.h"

struct certificate {
    str name; /* for messages */
    str der;
    struct public_key *key;
    void *handle; /* OpenSSL's; freed with the context */
};

struct certificates {
    struct certificate **at;
    uint32_t len;
    uint32_t cap;
};

/* NULL after a report at `from`. */
struct certificate *certificate_read(struct context *cx, str der, str name, struct pos from);
void certificates_add(struct context *cx, struct certificates *list, struct certificate *c);
/* All of a PEM text. */
bool certificates_pem(struct context *cx, str pem, str name, struct pos from,
                      struct certificates *out);

/* Does a chain lead from the leaf through `between` and the authority's own to the authority's last
 * certificate, all valid at that time, and is the leaf for signing code and no authority itself?
 * *issuer is who signed the leaf. False after a report. */
bool certificate_chain(struct context *cx, const struct certificate *leaf,
                       const struct certificates *between, const struct certificates *authority,
                       int64_t time, struct certificate **issuer);

/* Its only subject alternative name: a URI, an e-mail address or a user's name. */
bool certificate_identity(struct context *cx, const struct certificate *c, str *out);
/* An extension by its dotted number: the UTF8String in it, or its bytes as they are; empty when
 * there is none. */
str certificate_extension(const struct certificate *c, const char *oid);

/* What a certificate log signs of a leaf that carries its timestamps: the leaf without them. */
struct signed_timestamp {
    str log;       /* the log's id, 32 bytes */
    int64_t time;  /* in seconds */
    str signature; /* of `bytes`, by the log's key */
    str bytes;
};
struct signed_timestamps {
    struct signed_timestamp *at;
    uint32_t len;
    uint32_t cap;
};
bool certificate_timestamps(struct context *cx, const struct certificate *leaf,
                            const struct certificate *issuer, struct signed_timestamps *out);

#endif
