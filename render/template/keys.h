/* Private keys: made, read from PEM, printed as PEM in the form Go gives each kind. */
#ifndef HOIST_TEMPLATE_KEYS_H
#define HOIST_TEMPLATE_KEYS_H

#include <openssl/types.h>

#include "render/template/func.h"

/* "rsa" (of so many bits), "dsa", "ecdsa" or "ed25519"; the key lives until the scratch arena is
 * rewound. NULL after a failure of the call. In a deterministic run it comes from the seed. */
EVP_PKEY *key_make(struct call *c, const char *kind, uint32_t bits);
/* NULL with a sentence in *why. */
EVP_PKEY *key_read(struct call *c, str pem, str *why);
str key_print(struct call *c, EVP_PKEY *key);

/* Between the two, OpenSSL's chance is that of the call, when the run is deterministic. */
void keys_begin_chance(struct call *c);
void keys_end_chance(struct call *c);

#endif
