/* Registries of images: an OCI layout folder today, a server another day.
 *
 * What a registry says is a claim; what registry_manifest and registry_blob hand out has been
 * measured and hashed against its descriptor here, once for all kinds of registry. A
 * mismatch, or bytes that are missing, is a refusal (exit status 1), as is an image that is
 * not one; a reference that is not known is a mistake of the input. */
#ifndef HOIST_SOURCE_REGISTRY_H
#define HOIST_SOURCE_REGISTRY_H

#include "render/doc/node.h"
#include "render/source/image_ref.h"
#include "render/source/source.h"

struct descriptor {
    str media_type;
    str digest; /* "sha256:…" */
    uint64_t size;
};

struct platform {
    str os;
    str architecture;
    str variant; /* "" for most */
    struct descriptor manifest;
};

struct platforms {
    struct platform *at;
    uint32_t len;
    uint32_t cap;
};

struct registry {
    const struct registry_ops *ops;
    str name; /* for messages: the folder, the host */
};

/* NULL after a report. It answers for whatever its folder holds now. */
struct registry *oci_layout(struct context *cx, const struct folder *folder, struct pos from);

/* What a reference stands for: its digest if it has one, else its tag. A claim still, until
 * registry_manifest has seen the bytes. An image for several platforms is its index, never
 * one platform's manifest. */
bool registry_resolve(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                      struct descriptor *out);
/* The verified bytes of a manifest or index, and of a configuration, layer or signature. */
struct text *registry_manifest(struct context *cx, struct registry *r, struct image_ref ref,
                               struct descriptor d, struct pos from);
struct text *registry_blob(struct context *cx, struct registry *r, struct image_ref ref,
                           struct descriptor d, struct pos from);
/* The platforms of an index, attestations left out; none for a single manifest. */
bool registry_platforms(struct context *cx, struct registry *r, struct image_ref ref,
                        struct descriptor d, struct pos from, struct platforms *out);

bool media_type_is_index(str media_type);
bool media_type_is_manifest(str media_type);
/* A descriptor as it stands in an index or a manifest; reported at the node. */
bool descriptor_read(struct context *cx, const struct node *node, struct descriptor *out);

/* What a kind of registry must answer. The bytes need no check. */
struct registry_ops {
    bool (*resolve)(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                    struct descriptor *out);
    struct text *(*manifest)(struct context *cx, struct registry *r, struct image_ref ref,
                             struct descriptor d, struct pos from);
    struct text *(*blob)(struct context *cx, struct registry *r, struct image_ref ref,
                         struct descriptor d, struct pos from);
};

#endif
