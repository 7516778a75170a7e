/* Public keys that signatures are verified with: ECDSA on P-256, P-384 and P-521, RSA of 2048 bits
 * and more, Ed25519. Private keys are never read. */
#ifndef HOIST_PROMOTE_PUBLIC_KEY_H
#define HOIST_PROMOTE_PUBLIC_KEY_H

#include "render/base/context.h"

struct public_key {
    str name; /* for messages: the file, or whose it is */
    str der;  /* its SubjectPublicKeyInfo */
    str id;   /* the 32 bytes of that one's SHA-256: how logs and bundles name a key */
    const struct key_kind *kind;
    void *handle; /* OpenSSL's; freed with the context */
};

struct public_keys {
    struct public_key **at;
    uint32_t len;
    uint32_t cap;
};

/* From DER; NULL after a report at `from`. */
struct public_key *public_key_read(struct context *cx, str der, str name, struct pos from);
/* From the first block of a PEM text: a public key, or a certificate of which it is taken. */
struct public_key *public_key_pem(struct context *cx, str pem, str name, struct pos from);

/* Is it this key's signature of the bytes? ECDSA and RSA hash with SHA-256; the larger curves with
 * their own SHA-384 or SHA-512 as well; RSA pads as PKCS #1 v1.5 or PSS. */
bool public_key_verifies(const struct public_key *key, str bytes, str signature);

#endif
