/* One signature with all that came along to vouch for it, whichever layout it was found in: a key
 * or certificates, entries of a transparency log, timestamps. Nothing in it is trusted yet. */
#ifndef HOIST_PROMOTE_BUNDLE_H
#define HOIST_PROMOTE_BUNDLE_H

#include "promote/certificate.h"
#include "render/doc/node.h"

struct log_entry {
    str body; /* as the log holds it: JSON */
    str log;  /* the log's id, 32 bytes */
    uint64_t index;
    uint64_t time;            /* 0: it says none */
    str promise;              /* the signed entry timestamp, or "" */
    const struct node *proof; /* of its inclusion: bundle JSON, or NULL */
};

struct bundle {
    bool statement; /* the payload is an in-toto statement in a DSSE envelope */
    str payload;    /* what was to be said */
    str bytes;      /* what was signed: the payload, or DSSE's encoding of it */
    str signature;
    struct certificates chain; /* the leaf first; none when a key alone signed */
    struct log_entry *entries;
    uint32_t entry_count;
    str *timestamps; /* by RFC 3161, DER */
    uint32_t timestamp_count;
};

/* Sigstore's bundle, version 0.1 to 0.3. False after a report. */
bool bundle_read(struct context *cx, struct text *json, struct bundle *out);
/* Cosign's classic layout: a payload or a DSSE envelope, with the annotations of its layer. */
bool bundle_of_layer(struct context *cx, struct text *blob, bool envelope,
                     const struct node *annotations, struct bundle *out);

#endif
