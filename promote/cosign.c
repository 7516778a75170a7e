/* Cosign's two layouts. What a registry lists is a claim, and so are annotations; only what was
 * signed is read for an answer. */
#include "promote/cosign.h"

#include "promote/proto_json.h"
#include "promote/signature_rule.h"
#include "render/doc/json_read.h"

enum { PAYLOAD_MOST = 1 << 20, BUNDLE_MOST = 32 << 20, FOUND_MOST = 128 };

static const str bundle_type = { "application/vnd.dev.sigstore.bundle", 35 };
static const str classic_artifact = { "application/vnd.dev.cosign.artifact.sig.v1+json", 47 };
static const str payload_type = { "application/vnd.dev.cosign.simplesigning.v1+json", 48 };
static const str envelope_type = { "application/vnd.dsse.envelope.v1+json", 37 };
static const str signed_predicate = { "https://sigstore.dev/cosign/sign/v1", 35 };

bool reason_taken(struct context *cx, struct diags before, str *why)
{
    const struct diag *d = before.last ? before.last->next : cx->diags.first;
    for (const struct diag *one = d; one; one = one->next) {
        if (one->kind == DIAG_ERROR && one->class_ == DIAG_SURROUNDINGS)
            return false;
    }
    d = diag_take_back(cx, before);
    *why = d ? d->message : S("it cannot be read");
    return true;
}

struct search {
    struct registry *registry;
    struct image_ref ref;
    struct pos from;
    str digest;
    str layer_type; /* in the classic layout */
    struct found_signatures *out;
};

static struct found_signature *add(struct context *cx, const struct search *s, str name,
                                   const char *layout)
{
    struct found_signatures *out = s->out;
    if (out->len == FOUND_MOST) {
        report_refused(cx, s->from, "'%.*s' has more than %d signatures and attestations",
                       STR(image_ref_print(cx->arena, s->ref)), FOUND_MOST);
        return NULL;
    }
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    struct found_signature *f = &out->at[out->len++];
    *f = (struct found_signature){ .name = name, .layout = str_from(layout), .why = S("") };
    return f;
}

static struct text *read_blob(struct context *cx, const struct search *s, const struct node *layer,
                              uint64_t most)
{
    struct descriptor d;
    if (!descriptor_read(cx, layer, &d))
        return NULL;
    if (d.size <= most)
        return registry_blob(cx, s->registry, s->ref, d, s->from);
    report_refused(cx, NOWHERE, "it has %llu bytes; %llu is the limit", (unsigned long long)d.size,
                   (unsigned long long)most);
    return NULL;
}

static const struct node *read_manifest(struct context *cx, const struct search *s,
                                        struct descriptor d)
{
    struct image_ref ref = s->ref;
    ref.tag = S("");
    ref.digest = d.digest;
    struct text *text = registry_manifest(cx, s->registry, ref, d, s->from);
    return text ? json_read(cx, text) : NULL;
}

/* Classic: each layer is a signature, or an attestation. */
static bool read_layer(struct context *cx, const struct search *s, const struct node *layer)
{
    if (!str_eq(proto_text(cx, layer, S("mediaType")), s->layer_type))
        return true;
    struct diags before = cx->diags;
    bool envelope = str_eq(s->layer_type, envelope_type);
    struct found_signature *f = add(cx, s, proto_text(cx, layer, S("digest")), "cosign");
    if (!f)
        return false;
    struct text *blob = read_blob(cx, s, layer, envelope ? BUNDLE_MOST : PAYLOAD_MOST);
    const struct node *annotations = node_get_text(cx, layer, S("annotations"));
    return (blob && bundle_of_layer(cx, blob, envelope, annotations, &f->bundle))
           || reason_taken(cx, before, &f->why);
}

static bool read_classic(struct context *cx, const struct search *s, struct descriptor d)
{
    struct diags before = cx->diags;
    struct node *const *layers;
    const struct node *manifest = read_manifest(cx, s, d);
    if (!manifest) {
        struct found_signature *f = add(cx, s, d.digest, "cosign");
        return f && reason_taken(cx, before, &f->why);
    }
    uint32_t len = proto_list(cx, manifest, S("layers"), &layers);
    for (uint32_t i = 0; i < len; i++) {
        if (!read_layer(cx, s, layers[i]))
            return false;
    }
    return true;
}

/* Only for SHA-256: the tag of another digest would be too long. */
static bool find_classic(struct context *cx, struct search *s, str layer_type, const char *suffix)
{
    str algorithm, hex;
    struct descriptor d;
    bool found = false;
    str_cut(s->digest, ':', &algorithm, &hex);
    if (!str_eq(algorithm, S("sha256")))
        return true;
    struct image_ref ref = s->ref;
    ref.digest = S("");
    ref.tag = str_format(cx->arena, "sha256-%.*s.%s", STR(hex), suffix);
    s->layer_type = layer_type;
    if (!registry_find(cx, s->registry, ref, s->from, &d, &found))
        return false;
    return !found || read_classic(cx, s, d);
}

/* Newer: a manifest about the image, with one bundle. */
static bool read_bundle(struct context *cx, const struct search *s, struct descriptor d,
                        struct found_signature *f)
{
    struct node *const *layers;
    const struct node *manifest = read_manifest(cx, s, d);
    if (!manifest)
        return false;
    const struct node *subject = node_get_text(cx, manifest, S("subject"));
    uint32_t len = proto_list(cx, manifest, S("layers"), &layers);
    if (!str_eq(proto_text(cx, subject, S("digest")), s->digest))
        return report_refused(cx, NOWHERE, "its manifest is about another digest");
    if (len != 1 || !str_starts(proto_text(cx, layers[0], S("mediaType")), bundle_type))
        return report_refused(cx, NOWHERE, "its manifest does not hold one bundle");
    struct text *blob = read_blob(cx, s, layers[0], BUNDLE_MOST);
    return blob && bundle_read(cx, blob, &f->bundle);
}

static bool find_bundles(struct context *cx, struct search *s)
{
    struct referrers all;
    if (!registry_referrers(cx, s->registry, s->ref, s->digest, s->from, &all))
        return false;
    for (uint32_t i = 0; i < all.len; i++) {
        const struct referrer *one = &all.at[i];
        struct diags before = cx->diags;
        if (str_eq(one->artifact_type, classic_artifact) && str_eq(s->layer_type, payload_type)) {
            if (!read_classic(cx, s, one->manifest))
                return false;
        } else if (str_starts(one->artifact_type, bundle_type)) {
            struct found_signature *f = add(cx, s, one->manifest.digest, "bundle");
            if (!f || (!read_bundle(cx, s, one->manifest, f) && !reason_taken(cx, before, &f->why)))
                return false;
        }
    }
    return true;
}

bool cosign_find(struct context *cx, struct registry *r, struct image_ref ref, str digest,
                 bool attestations, struct pos from, struct found_signatures *out)
{
    struct search s = { r, ref, from, digest, S(""), out };
    *out = (struct found_signatures){ 0 };
    return find_classic(cx, &s, attestations ? envelope_type : payload_type,
                        attestations ? "att" : "sig")
           && find_bundles(cx, &s);
}

/* Claims. */

static bool name_is(struct context *cx, str name, const struct claim *wanted)
{
    struct image_ref ref;
    if (patterns_match(wanted->signed_as, name))
        return true;
    /* cosign calls Docker's registry index.docker.io. */
    name = str_starts(name, S("index.docker.io/")) ? str_skip(name, 6) : name;
    return !wanted->signed_as && image_ref_try(cx, name, &ref)
           && image_ref_same_name(ref, wanted->image);
}

/* The simple signing payload. */
static bool payload_holds(struct context *cx, const struct node *n, const struct claim *wanted,
                          const struct node **annotations)
{
    const struct node *critical = node_get_text(cx, n, S("critical"));
    const struct node *image = node_get_text(cx, critical, S("image"));
    const struct node *identity = node_get_text(cx, critical, S("identity"));
    str digest = proto_text(cx, image, S("docker-manifest-digest"));
    str name = proto_text(cx, identity, S("docker-reference"));
    if (wanted->predicate_type.len
        || !str_eq(proto_text(cx, critical, S("type")), S("cosign container image signature")))
        return report_refused(cx, NOWHERE, "its payload is not %s of an image",
                              wanted->predicate_type.len ? "an attestation" : "the signature");
    if (!str_eq(digest, wanted->digest))
        return report_refused(cx, NOWHERE, "it signs another digest, '%.*s'", STR(digest));
    if (!name_is(cx, name, wanted))
        return report_refused(cx, NOWHERE, "it signs another image, '%.*s'", STR(name));
    *annotations = node_get_text(cx, n, S("optional"));
    return true;
}

static const struct node *find_subject(struct context *cx, const struct node *statement, str digest)
{
    struct node *const *subjects;
    str algorithm, hex;
    uint32_t len = proto_list(cx, statement, S("subject"), &subjects);
    str_cut(digest, ':', &algorithm, &hex);
    for (uint32_t i = 0; i < len; i++) {
        const struct node *digests = node_get_text(cx, subjects[i], S("digest"));
        if (str_eq(proto_text(cx, digests, algorithm), hex))
            return subjects[i];
    }
    return NULL;
}

/* An in-toto statement. Signatures are statements of one type; every other is an attestation, and
 * no signature whoever made it. */
static bool statement_holds(struct context *cx, const struct node *n, const struct claim *wanted,
                            const struct node **annotations)
{
    bool attestation = wanted->predicate_type.len;
    str type = proto_text(cx, n, S("predicateType"));
    if (!str_starts(proto_text(cx, n, S("_type")), S("https://in-toto.io/Statement/v")))
        return report_refused(cx, NOWHERE, "its payload is no in-toto statement");
    if (!attestation && !str_eq(type, signed_predicate))
        return report_refused(cx, NOWHERE, "it is an attestation of '%.*s', which is no signature",
                              STR(type));
    if (attestation && !str_eq(type, wanted->predicate_type))
        return report_refused(cx, NOWHERE, "it attests to '%.*s'", STR(type));
    const struct node *subject = find_subject(cx, n, wanted->digest);
    if (!subject)
        return report_refused(cx, NOWHERE, "it %s another digest",
                              attestation ? "attests to" : "signs");
    *annotations = node_get_text(cx, subject, S("annotations"));
    return true;
}

bool claim_holds(struct context *cx, const struct bundle *b, const struct claim *wanted,
                 const struct node **annotations)
{
    const struct node *n = json_read(cx, text_add(cx, S("the signed payload"), b->payload));
    *annotations = NULL;
    if (!n)
        return false;
    if (b->statement)
        return statement_holds(cx, n, wanted, annotations);
    return payload_holds(cx, n, wanted, annotations);
}
