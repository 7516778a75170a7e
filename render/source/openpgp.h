/* Clear-signed messages (OpenPGP), checked by GnuPG's gpgv and made by its gpg.
 *
 * Keys are those of a keyring alone: what the user's own GnuPG knows or trusts counts for
 * nothing, and nothing is changed there. */
#ifndef HOIST_SOURCE_OPENPGP_H
#define HOIST_SOURCE_OPENPGP_H

#include "render/source/keyring.h"

struct openpgp_checked {
    const struct openpgp_key *key;
    str text; /* what was signed */
};

/* Of the first clear-signed message in a text. A key of the ring must have made the signature, be
 * neither expired nor revoked, and no signature of another key of the ring may be bad. False after
 * a refusal, in Helm's words. */
bool openpgp_check(struct context *cx, str message, const struct keyring *ring,
                   struct openpgp_checked *out);

/* A text with its signature by a secret key; `passphrase` is "" for a key that has none. False
 * after a report. */
bool openpgp_sign(struct context *cx, str text, const struct openpgp_key *key, str passphrase,
                  str *message);

#endif
