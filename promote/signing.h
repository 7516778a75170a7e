/* Signatures of commits, made by the user's own programs as Git calls them. */
#ifndef HOIST_PROMOTE_SIGNING_H
#define HOIST_PROMOTE_SIGNING_H

#include "render/source/git.h"

/* What commit.gpgsign asks for: the signature of a commit's bytes, "" when none is wanted.
 * `committer` is "Name <mail>", which names the key where user.signingkey does not. False after a
 * report. */
bool signing_make(struct context *cx, struct repository *repository, str bytes, str committer,
                  str *signature);

#endif
