/* Who we are to a Git server: GIT_ASKPASS, then Git's credential helpers. */
#ifndef HOIST_SOURCE_CREDENTIALS_H
#define HOIST_SOURCE_CREDENTIALS_H

#include "render/base/context.h"

struct credentials {
    str user;
    str password;
};

/* Takes "user:password@" out of an address; what an address says is percent-encoded. */
str credentials_of_address(struct context *cx, str url, struct credentials *out);
/* Asks for an http address that refused us. `out->user`, when it is known, is asked for.
 * False, without a report, when nobody knows any; helpers that fail are no error. */
bool credentials_ask(struct context *cx, str url, struct pos from, struct credentials *out);
/* The same in a folder of the user's own repository, whose settings may name helpers too; NULL
 * for none. */
bool credentials_ask_in(struct context *cx, str url, const char *folder, struct pos from,
                        struct credentials *out);

#endif
