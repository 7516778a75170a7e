/* Entries of a transparency log, as Rekor keeps them.
 *
 * Either the log promised to take the entry in, at a time that it signed with it, or the entry is
 * proven to stand in a tree whose head the log signed; a proof says nothing about time. And an
 * entry vouches only for the signature that it speaks of. */
#ifndef HOIST_PROMOTE_LOG_ENTRY_H
#define HOIST_PROMOTE_LOG_ENTRY_H

#include "promote/bundle.h"
#include "promote/trusted_root.h"

/* All that the entry offers must hold: promise, proof, and that it speaks of the bundle's
 * signature, made with `key`. *time comes in as the time of signing if that is known already, else
 * 0, and goes out as the log's if the log promises one. False after a report. */
bool log_entry_verify(struct context *cx, const struct log_entry *e, const struct bundle *b,
                      const struct public_key *key, const struct trusted_root *root, int64_t *time);

#endif
