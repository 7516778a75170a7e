/* Sending an artifact to a registry: what is not there yet, blobs first, a tag last. */
#ifndef HOIST_SOURCE_OCI_PUSH_H
#define HOIST_SOURCE_OCI_PUSH_H

#include "render/source/oci_talk.h"

struct oci_blob {
    str digest; /* "sha256:…" of its bytes */
    str bytes;
};

struct oci_artifact {
    struct image_ref ref; /* with the tag that it gets */
    const struct oci_blob *blobs;
    uint32_t blob_count;
    str manifest;
    str media_type;
};

/* *digest is the manifest's. Sending again sends nothing but the tag. False after a report: until the
 * last step nothing can be seen of it. */
bool oci_push(struct context *cx, struct oci_talk *talk, const struct oci_artifact *artifact,
              struct pos from, str *digest);

#endif
