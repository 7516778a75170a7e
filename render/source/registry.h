/* Registries of images: an OCI layout folder, or servers (oci.h).
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

/* A manifest that says of itself that it is about another: a signature, an attestation. */
struct referrer {
    struct descriptor manifest;
    str artifact_type;
    const struct node *annotations; /* a map, or NULL; hints that nobody signed */
};

struct referrers {
    struct referrer *at;
    uint32_t len;
    uint32_t cap;
    struct map known; /* their digests */
};

struct tags {
    str *at;
    uint32_t len;
    uint32_t cap;
};

struct registry {
    const struct registry_ops *ops;
    str name; /* for messages: the folder; "" where a reference says which host */
};

enum { MANIFEST_MOST = 4 << 20 }; /* bytes; what registries take */

/* NULL after a report. It answers for whatever its folder holds now. */
struct registry *oci_layout(struct context *cx, const struct folder *folder, struct pos from);

/* What a reference stands for: its digest if it has one, else its tag. A claim still, until
 * registry_manifest has seen the bytes. An image for several platforms is its index, never
 * one platform's manifest. */
bool registry_resolve(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                      struct descriptor *out);
/* The same where it may as well be missing: false only after a report, *found is the answer. Any
 * media type will do. */
bool registry_find(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                   struct descriptor *out, bool *found);
/* The verified bytes of a manifest or index, and of a configuration, layer or signature. */
struct text *registry_manifest(struct context *cx, struct registry *r, struct image_ref ref,
                               struct descriptor d, struct pos from);
struct text *registry_blob(struct context *cx, struct registry *r, struct image_ref ref,
                           struct descriptor d, struct pos from);
/* The platforms of an index, attestations left out; none for a single manifest. */
bool registry_platforms(struct context *cx, struct registry *r, struct image_ref ref,
                        struct descriptor d, struct pos from, struct platforms *out);

/* What refers to a digest of the reference's repository; none is no error. Where a registry has no
 * list of its own, the index under the tag "sha256-…" stands in for it. Claims, like all that
 * a registry says: that a manifest has this subject is known when its bytes are. */
bool registry_referrers(struct context *cx, struct registry *r, struct image_ref ref, str digest,
                        struct pos from, struct referrers *out);
/* The tags of the reference's repository, in no order; none where the repository is not there. */
bool registry_tags(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                   struct tags *out);
/* These will be asked for: a registry that is far away is asked for them all at once, and for
 * what their indexes list, and answers later from memory. What is wrong with one of them is
 * reported when that one is asked for; false, after a report, when nothing can be asked. */
bool registry_expect(struct context *cx, struct registry *r, const struct image_ref *refs,
                     uint32_t n, struct pos from);
/* The same of what is about digests, one for each reference: what refers to them, and what stands
 * under the tag "sha256-….SUFFIX", with their blobs. */
bool registry_expect_about(struct context *cx, struct registry *r, const struct image_ref *refs,
                           const str *digests, uint32_t n, const char *suffix, struct pos from);
str referrer_annotation(struct context *cx, const struct referrer *referrer, str name);

bool media_type_is_index(str media_type);
bool media_type_is_manifest(str media_type);
/* A descriptor as it stands in an index or a manifest; reported at the node. */
bool descriptor_read(struct context *cx, const struct node *node, struct descriptor *out);

/* The folder, or the reference's host. */
str registry_name(const struct registry *r, struct image_ref ref);
void tags_add(struct context *cx, struct tags *list, str tag);
/* Entries of an index to referrers, those that are there already left out. */
bool referrers_read(struct context *cx, const struct node *index, struct referrers *out);
void referrers_add(struct context *cx, struct referrers *list, struct referrer one);

/* What a kind of registry must answer. The bytes need no check. */
struct registry_ops {
    /* What is missing is reported when `found` is NULL. */
    bool (*resolve)(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                    struct descriptor *out, bool *found);
    struct text *(*manifest)(struct context *cx, struct registry *r, struct image_ref ref,
                             struct descriptor d, struct pos from);
    struct text *(*blob)(struct context *cx, struct registry *r, struct image_ref ref,
                         struct descriptor d, struct pos from);
    bool (*referrers)(struct context *cx, struct registry *r, struct image_ref ref, str digest,
                      struct pos from, struct referrers *out);
    bool (*tags)(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                 struct tags *out);
    /* NULL where asking costs nothing. */
    bool (*expect)(struct context *cx, struct registry *r, const struct image_ref *refs, uint32_t n,
                   struct pos from);
    bool (*expect_about)(struct context *cx, struct registry *r, const struct image_ref *refs,
                         const str *digests, uint32_t n, const char *suffix, struct pos from);
};

#endif
