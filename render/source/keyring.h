/* Files of OpenPGP keys, as `gpg --export` writes them: packets, unarmoured. */
#ifndef HOIST_SOURCE_KEYRING_H
#define HOIST_SOURCE_KEYRING_H

#include "render/base/context.h"

struct openpgp_key {
    str fingerprint; /* 40 digits, upper case; "" of a version that is not known */
    str packets;     /* all of it, subkeys and signatures too */
    bool secret;     /* is its secret half here? */
    bool locked;     /* and that under a passphrase */
    str *names;      /* "Ann <ann@example.com>", in the order of the file */
    uint32_t name_count;
    uint32_t name_cap;
};

struct keyring {
    struct openpgp_key *at;
    uint32_t len;
    uint32_t cap;
    str public_packets; /* the same keys, secret halves left out */
};

/* False without a report, and *why, when the bytes are no keys; also when SHA-1 can't be had,
 * which has been reported: then *why is "". */
bool keyring_read(struct context *cx, str bytes, struct keyring *out, str *why);
/* The key of a fingerprint; NULL when there is none. */
const struct openpgp_key *keyring_find(const struct keyring *ring, str fingerprint);

/* The next packet of *rest: its tag and its body. False, with *why, when it is none. */
bool openpgp_packet(str *rest, int *tag, str *body, str *why);

#endif
