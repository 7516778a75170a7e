/* What hoist.yaml asks of signatures and attestations.
 *
 *     signatures:
 *       keys: [keys/cosign.pub]          files, seen from hoist.yaml; one of them must have signed
 *       threshold: 2                     or so many different ones
 *       log: true                        and an entry of a trusted log says so
 *       identities:                      or somebody whom a trusted authority knows
 *       - {subject: URI or e-mail, issuer: URL}          both; subjectPattern, issuerPattern are
 *       - {subjectPattern: EXPRESSION, issuer: URL}      expressions that match the whole
 *         sourceRefPattern: refs/tags/v.*              and what else certificates say of a build
 *       trustedRoot: keys/trusted_root.json
 *       annotations: {env: production}   signed with it
 *       signedAs: ["old.example/web"]    names that it may have been signed by, instead of its own
 *       repository: ghcr.io/acme/signed  where they are kept, instead of beside the image
 *       images: ["ghcr.io/acme/web*"]    whom this is asked of
 *
 * A list of such maps asks each image what stands for it; an image that none stands for fails. An
 * attestation has its `predicateType` too. */
#ifndef HOIST_PROMOTE_SIGNATURE_RULE_H
#define HOIST_PROMOTE_SIGNATURE_RULE_H

#include "promote/project.h"
#include "promote/sigstore.h"
#include "render/source/image_ref.h"

struct wanted_signers {
    struct wanted_signer *at;
    uint32_t len;
    uint32_t cap;
};

struct signature_rule {
    struct pos pos;
    const struct node *images; /* NULL: all */
    struct public_keys keys;
    uint32_t threshold;
    bool log;
    struct wanted_signers identities;
    struct trusted_root *root;
    const struct node *annotations; /* a map, or NULL */
    const struct node *signed_as;   /* NULL: the image's own name */
    struct image_ref repository;    /* of the signatures; no name: the image's own */
    str predicate_type;             /* of an attestation; "" for a signature */
};

struct signature_rules {
    struct signature_rule *at;
    uint32_t len;
    uint32_t cap;
};

/* False after reports. */
bool signature_rules_read(struct context *cx, const struct project *p, const struct node *how,
                          bool attestations, struct signature_rules *out);

/* Does one of the patterns match? NULL and an empty list have none. */
bool patterns_match(const struct node *patterns, str text);

#endif
