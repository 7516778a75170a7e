/* Where signatures and attestations of an image are kept, and what they claim of it.
 *
 * Cosign's classic layout has them under the tags sha256-<hex>.sig and .att, a layer each; the newer
 * one has a bundle each, which refers to the image. */
#ifndef HOIST_PROMOTE_COSIGN_H
#define HOIST_PROMOTE_COSIGN_H

#include "promote/bundle.h"
#include "render/source/registry.h"

struct found_signature {
    str name;   /* the digest of its layer, else of its manifest */
    str layout; /* "cosign" or "bundle" */
    struct bundle bundle;
    str why; /* it cannot be read; "" when it can */
};

struct found_signatures {
    struct found_signature *at;
    uint32_t len;
    uint32_t cap;
};

/* All that is kept for a digest: signatures and, when asked for, attestations. The newer layout has
 * both alike. False after a report of the surroundings; what the registry holds but cannot be read
 * is in the list, with the reason. */
bool cosign_find(struct context *cx, struct registry *r, struct image_ref ref, str digest,
                 bool attestations, struct pos from, struct found_signatures *out);

/* Takes back what was reported since `before` and gives its first error as a reason; false, and
 * all is left as it is, when the surroundings failed. */
bool reason_taken(struct context *cx, struct diags before, str *why);

/* What a signature that holds must say. False after a report; *annotations is a map, or NULL. */
struct claim {
    str digest;
    struct image_ref image;
    const struct node *signed_as; /* patterns of names instead of the image's own, or NULL */
    str predicate_type;           /* of an attestation; "" for a signature */
};
bool claim_holds(struct context *cx, const struct bundle *b, const struct claim *wanted,
                 const struct node **annotations);

#endif
