/* Bundles, new and old. */
#include "promote/bundle.h"

#include "promote/proto_json.h"
#include "render/base/buf.h"
#include "render/base/encode.h"
#include "render/doc/json_read.h"

enum { ENTRIES_MOST = 8 };

static const str statement_type = { "application/vnd.in-toto+json", 28 };

/* DSSE's encoding of what is signed: neither type nor payload can be taken for the other. */
static str encode_envelope(struct context *cx, str type, str payload)
{
    struct buf b;
    buf_init(&b, cx->arena, payload.len + type.len + 64);
    buf_format(&b, "DSSEv1 %zu %.*s %zu ", type.len, STR(type), payload.len);
    buf_str(&b, payload);
    return buf_take(&b);
}

static bool read_envelope(struct context *cx, const struct node *n, struct bundle *out)
{
    struct node *const *signatures;
    str type = proto_text(cx, n, S("payloadType"));
    uint32_t len = proto_list(cx, n, S("signatures"), &signatures);
    if (!str_eq(type, statement_type))
        return report_refused(cx, NOWHERE, "its envelope holds '%.*s', not an in-toto statement",
                              STR(type));
    if (len != 1)
        return report_refused(cx, NOWHERE, "its envelope has %u signatures, not one", len);
    out->statement = true;
    if (!proto_bytes(cx, n, S("payload"), &out->payload)
        || !proto_bytes(cx, signatures[0], S("sig"), &out->signature))
        return false;
    out->bytes = encode_envelope(cx, type, out->payload);
    return true;
}

static bool add_certificate(struct context *cx, const struct node *n, struct bundle *out)
{
    str der;
    if (!proto_bytes(cx, n, S("rawBytes"), &der))
        return false;
    struct certificate *c = certificate_read(cx, der, S("its certificate"), NOWHERE);
    if (c)
        certificates_add(cx, &out->chain, c);
    return c;
}

static bool read_chain(struct context *cx, const struct node *material, struct bundle *out)
{
    const struct node *one = node_get_text(cx, material, S("certificate"));
    const struct node *chain = node_get_text(cx, material, S("x509CertificateChain"));
    struct node *const *items;
    if (one)
        return add_certificate(cx, one, out);
    uint32_t len = proto_list(cx, chain, S("certificates"), &items);
    if (len > ENTRIES_MOST)
        return report_refused(cx, NOWHERE, "it has %u certificates", len);
    for (uint32_t i = 0; i < len; i++) {
        if (!add_certificate(cx, items[i], out))
            return false;
    }
    return true;
}

static bool read_entry(struct context *cx, const struct node *n, struct log_entry *out)
{
    const struct node *promise = node_get_text(cx, n, S("inclusionPromise"));
    *out = (struct log_entry){ .proof = node_get_text(cx, n, S("inclusionProof")) };
    return proto_bytes(cx, n, S("canonicalizedBody"), &out->body)
           && proto_bytes(cx, node_get_text(cx, n, S("logId")), S("keyId"), &out->log)
           && proto_count(cx, n, S("logIndex"), &out->index)
           && proto_count(cx, n, S("integratedTime"), &out->time)
           && proto_bytes(cx, promise, S("signedEntryTimestamp"), &out->promise);
}

static bool read_entries(struct context *cx, const struct node *material, struct bundle *out)
{
    struct node *const *items;
    uint32_t len = proto_list(cx, material, S("tlogEntries"), &items);
    if (len > ENTRIES_MOST)
        return report_refused(cx, NOWHERE, "it has %u entries of logs", len);
    out->entries = NEW_ARRAY(cx->arena, struct log_entry, len);
    out->entry_count = len;
    for (uint32_t i = 0; i < len; i++) {
        if (!read_entry(cx, items[i], &out->entries[i]))
            return false;
    }
    return true;
}

static bool read_timestamps(struct context *cx, const struct node *material, struct bundle *out)
{
    struct node *const *items;
    const struct node *data = node_get_text(cx, material, S("timestampVerificationData"));
    uint32_t len = proto_list(cx, data, S("rfc3161Timestamps"), &items);
    if (len > ENTRIES_MOST)
        return report_refused(cx, NOWHERE, "it has %u timestamps", len);
    out->timestamps = NEW_ARRAY(cx->arena, str, len);
    out->timestamp_count = len;
    for (uint32_t i = 0; i < len; i++) {
        if (!proto_bytes(cx, items[i], S("signedTimestamp"), &out->timestamps[i]))
            return false;
    }
    return true;
}

bool bundle_read(struct context *cx, struct text *json, struct bundle *out)
{
    *out = (struct bundle){ 0 };
    const struct node *n = json_read(cx, json);
    if (!n)
        return false;
    str type = proto_text(cx, n, S("mediaType"));
    if (!str_starts(type, S("application/vnd.dev.sigstore.bundle")))
        return report_refused(cx, NOWHERE, "'%.*s' is no bundle of Sigstore", STR(type));
    const struct node *envelope = node_get_text(cx, n, S("dsseEnvelope"));
    if (!envelope)
        return report_refused(cx, NOWHERE, "it signs bytes and makes no statement of an image");
    const struct node *material = node_get_text(cx, n, S("verificationMaterial"));
    return read_envelope(cx, envelope, out) && read_chain(cx, material, out)
           && read_entries(cx, material, out) && read_timestamps(cx, material, out);
}

/* The classic layout. Annotations hold JSON and PEM as texts. */

static struct node *annotation_json(struct context *cx, const struct node *annotations, str name)
{
    str text = proto_text(cx, annotations, name);
    return text.len ? json_read(cx, text_add(cx, name, text)) : NULL;
}

static bool read_layer_entry(struct context *cx, const struct node *annotations, struct bundle *out)
{
    str name = S("dev.sigstore.cosign/bundle");
    if (!proto_text(cx, annotations, name).len)
        return true;
    struct node *n = annotation_json(cx, annotations, name);
    const struct node *payload = node_get_text(cx, n, S("Payload"));
    struct log_entry *entry = NEW(cx->arena, struct log_entry);
    str id = proto_text(cx, payload, S("logID"));
    if (!n || !proto_bytes(cx, n, S("SignedEntryTimestamp"), &entry->promise)
        || !proto_bytes(cx, payload, S("body"), &entry->body)
        || !proto_count(cx, payload, S("logIndex"), &entry->index)
        || !proto_count(cx, payload, S("integratedTime"), &entry->time))
        return false;
    if (!decode_hex(cx->arena, id, &entry->log))
        return report_refused(cx, NOWHERE, "the id of its log is not in hexadecimal digits");
    out->entries = entry;
    out->entry_count = 1;
    return true;
}

static bool read_layer_timestamp(struct context *cx, const struct node *annotations,
                                 struct bundle *out)
{
    str name = S("dev.sigstore.cosign/rfc3161timestamp");
    if (!proto_text(cx, annotations, name).len)
        return true;
    struct node *n = annotation_json(cx, annotations, name);
    out->timestamps = NEW_ARRAY(cx->arena, str, 1);
    out->timestamp_count = 1;
    return n && proto_bytes(cx, n, S("SignedRFC3161Timestamp"), &out->timestamps[0]);
}

bool bundle_of_layer(struct context *cx, struct text *blob, bool envelope,
                     const struct node *annotations, struct bundle *out)
{
    str what = S("its certificate");
    *out = (struct bundle){ .payload = blob->bytes, .bytes = blob->bytes };
    if (envelope) {
        struct node *n = json_read(cx, blob);
        if (!n || !read_envelope(cx, n, out))
            return false;
    } else if (!proto_bytes(cx, annotations, S("dev.cosignproject.cosign/signature"),
                            &out->signature)) {
        return false;
    }
    return certificates_pem(cx, proto_text(cx, annotations, S("dev.sigstore.cosign/certificate")),
                            what, NOWHERE, &out->chain)
           && certificates_pem(cx, proto_text(cx, annotations, S("dev.sigstore.cosign/chain")),
                               what, NOWHERE, &out->chain)
           && read_layer_entry(cx, annotations, out) && read_layer_timestamp(cx, annotations, out);
}
