/* Trusted roots. */
#include "promote/trusted_root.h"

#include "promote/proto_json.h"
#include "render/doc/json_read.h"

bool period_holds(struct period period, int64_t time)
{
    return period.from <= time && time <= period.until;
}

static bool read_period(struct context *cx, const struct node *n, struct period *out)
{
    const struct node *valid = node_get_text(cx, n, S("validFor"));
    return proto_time(cx, valid, S("start"), INT64_MIN, &out->from)
           && proto_time(cx, valid, S("end"), INT64_MAX, &out->until);
}

static bool read_log(struct context *cx, const struct node *n, struct trusted_log *out)
{
    const struct node *key = node_get_text(cx, n, S("publicKey"));
    str der;
    *out = (struct trusted_log){ .name = proto_text(cx, n, S("baseUrl")) };
    if (!proto_bytes(cx, key, S("rawBytes"), &der)
        || !proto_bytes(cx, node_get_text(cx, n, S("logId")), S("keyId"), &out->id)
        || !read_period(cx, key, &out->period))
        return false;
    out->key = public_key_read(cx, der, out->name, n->pos);
    if (out->key && !out->id.len)
        out->id = out->key->id;
    return out->key;
}

static bool read_logs(struct context *cx, const struct node *root, str name,
                      struct trusted_logs *out)
{
    struct node *const *items;
    uint32_t len = proto_list(cx, root, name, &items);
    for (uint32_t i = 0; i < len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        if (!read_log(cx, items[i], &out->at[out->len]))
            return false;
        out->len++;
    }
    return true;
}

static bool read_authority(struct context *cx, const struct node *n, struct trusted_authority *out)
{
    struct node *const *items;
    str der, name = proto_text(cx, n, S("uri"));
    uint32_t len = proto_list(cx, node_get_text(cx, n, S("certChain")), S("certificates"), &items);
    *out = (struct trusted_authority){ 0 };
    if (!len)
        return report_refused(cx, n->pos, "an authority needs its 'certChain'");
    for (uint32_t i = 0; i < len; i++) {
        if (!proto_bytes(cx, items[i], S("rawBytes"), &der))
            return false;
        struct certificate *c = certificate_read(cx, der, name, items[i]->pos);
        if (!c)
            return false;
        certificates_add(cx, &out->chain, c);
    }
    return read_period(cx, n, &out->period);
}

static bool read_authorities(struct context *cx, const struct node *root, str name,
                             struct trusted_authorities *out)
{
    struct node *const *items;
    uint32_t len = proto_list(cx, root, name, &items);
    for (uint32_t i = 0; i < len; i++) {
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        if (!read_authority(cx, items[i], &out->at[out->len]))
            return false;
        out->len++;
    }
    return true;
}

struct trusted_root *trusted_root_read(struct context *cx, struct text *text)
{
    struct node *root = json_read(cx, text);
    if (!root)
        return NULL;
    str type = proto_text(cx, root, S("mediaType"));
    if (!str_starts(type, S("application/vnd.dev.sigstore.trustedroot"))) {
        report(cx, root->pos, "'%.*s' is no trusted root of Sigstore", STR(text->name));
        hint(cx, NOWHERE, "its 'mediaType' is application/vnd.dev.sigstore.trustedroot.v0.2+json");
        return NULL;
    }
    struct trusted_root *out = NEW(cx->arena, struct trusted_root);
    bool ok = read_logs(cx, root, S("tlogs"), &out->logs)
              && read_logs(cx, root, S("ctlogs"), &out->certificate_logs)
              && read_authorities(cx, root, S("certificateAuthorities"), &out->issuers)
              && read_authorities(cx, root, S("timestampAuthorities"), &out->clocks);
    return ok ? out : NULL;
}
