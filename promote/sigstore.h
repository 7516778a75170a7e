/* Whether a signature holds, and whose it is: somebody's key, or the identity in a certificate that
 * a trusted authority issued when the signature was made.
 *
 * The time of signing is what a trusted clock or log has signed, never our own clock. */
#ifndef HOIST_PROMOTE_SIGSTORE_H
#define HOIST_PROMOTE_SIGSTORE_H

#include "promote/bundle.h"
#include "promote/trusted_root.h"
#include "render/base/regex.h"

/* A text, or an expression that the whole text must match. */
struct wanted {
    str text;
    struct regex *regex; /* NULL: the text itself */
};

/* What certificates say of a build beside subject and issuer, by the names of hoist.yaml. */
struct build_claim {
    str name;
    const char *oid;
};
enum { BUILD_CLAIMS = 8 };
extern const struct build_claim build_claims[BUILD_CLAIMS];

struct wanted_signer {
    struct wanted subject;
    struct wanted issuer;
    struct wanted claims[BUILD_CLAIMS]; /* empty: not asked for */
};

struct signer {
    const struct public_key *key; /* NULL: an identity */
    str subject;
    str issuer;
    const struct certificate *certificate;
    int64_t time;       /* 0: nobody vouches for one */
    bool logged;        /* an entry of a trusted log vouches for it */
    uint64_t log_index; /* of the entry */
};

/* One of the keys. With a root, an entry of its logs must vouch for the signature as well. False
 * after a report. */
bool sigstore_key(struct context *cx, const struct bundle *b, const struct public_keys *keys,
                  const struct trusted_root *root, struct signer *out);
/* Whoever it is: that it is one of the wanted is asked with signer_is. */
bool sigstore_identity(struct context *cx, const struct bundle *b, const struct trusted_root *root,
                       struct signer *out);
/* Is it who is wanted? *other is set when only what is said of the build is another. */
bool signer_is(struct context *cx, const struct wanted_signer *wanted, const struct signer *signer,
               const struct build_claim **other);

#endif
