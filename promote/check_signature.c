/* Signatures and attestations: an image passes when somebody whom the project names has signed its
 * digest, each time with the reasons why the other signatures do not count.
 *
 *     signatures: {keys: [keys/cosign.pub]}
 *     attestations: {predicateType: https://slsa.dev/provenance/v1, identities: […], …}
 *
 * An image for several platforms is signed as its index; its parts' signatures say nothing of it. */
#include "promote/check.h"
#include "promote/cosign.h"
#include "promote/signature_rule.h"
#include "render/base/buf.h"
#include "render/base/encode.h"
#include "render/base/gotime.h"

struct accepted {
    const struct found_signature *found;
    struct signer signer;
    const struct node *annotations;
};

/* One rule, asked of one image. */
struct inquiry {
    const struct signature_rule *rule;
    const struct candidate *image;
    struct found_signatures *found;
    struct accepted *accepted; /* by different keys, or one by an identity */
    uint32_t len;
    bool enough;
};

static bool annotations_hold(struct context *cx, const struct node *wanted, const struct node *got)
{
    for (uint32_t i = 0; wanted && i < wanted->len; i++) {
        const struct entry *e = &wanted->entries[i];
        const struct node *value = node_get_text(cx, got, e->key->text);
        if (!value || !node_is_scalar(value) || !str_eq(value->text, e->value->text))
            return report_refused(
                cx, NOWHERE, "its annotation '%.*s' is '%.*s', not '%.*s'", STR(e->key->text),
                STR(value && node_is_scalar(value) ? value->text : S("")), STR(e->value->text));
    }
    return true;
}

static bool is_wanted_identity(struct context *cx, const struct signature_rule *rule,
                               const struct signer *signer)
{
    const struct build_claim *other = NULL;
    for (uint32_t i = 0; i < rule->identities.len; i++) {
        if (signer_is(cx, &rule->identities.at[i], signer, &other))
            return true;
    }
    if (!other)
        return report_refused(cx, NOWHERE, "it is signed by '%.*s', whom '%.*s' knows",
                              STR(signer->subject), STR(signer->issuer));
    return report_refused(cx, NOWHERE, "it is signed by '%.*s', but its '%.*s' is '%.*s'",
                          STR(signer->subject), STR(other->name),
                          STR(certificate_extension(signer->certificate, other->oid)));
}

static bool is_signed(struct context *cx, const struct signature_rule *rule, const struct bundle *b,
                      struct signer *signer)
{
    bool by_identity = rule->identities.len && (b->chain.len || !rule->keys.len);
    struct diags before = cx->diags;
    if (rule->keys.len) {
        if (sigstore_key(cx, b, &rule->keys, rule->log ? rule->root : NULL, signer))
            return true;
        if (!by_identity)
            return false;
        diag_take_back(cx, before);
    }
    return sigstore_identity(cx, b, rule->root, signer) && is_wanted_identity(cx, rule, signer);
}

static bool holds(struct context *cx, const struct inquiry *q, const struct bundle *b,
                  struct accepted *out)
{
    struct claim claim = { q->image->digest, q->image->ref, q->rule->signed_as,
                           q->rule->predicate_type };
    return is_signed(cx, q->rule, b, &out->signer) && claim_holds(cx, b, &claim, &out->annotations)
           && annotations_hold(cx, q->rule->annotations, out->annotations);
}

static void accept(struct inquiry *q, struct accepted one)
{
    for (uint32_t i = 0; i < q->len; i++) {
        if (q->accepted[i].signer.key && q->accepted[i].signer.key == one.signer.key)
            return;
    }
    q->accepted[q->len++] = one;
    uint32_t keys = 0;
    for (uint32_t i = 0; i < q->len; i++)
        keys += q->accepted[i].signer.key != NULL;
    q->enough |= !one.signer.key || keys >= q->rule->threshold;
}

/* False when the surroundings failed. */
static bool ask(struct context *cx, struct inquiry *q)
{
    q->accepted = NEW_ARRAY(cx->arena, struct accepted, q->found->len);
    for (uint32_t i = 0; i < q->found->len && !q->enough; i++) {
        struct found_signature *f = &q->found->at[i];
        struct diags before = cx->diags;
        struct accepted one = { .found = f };
        if (f->why.len)
            continue;
        if (holds(cx, q, &f->bundle, &one))
            accept(q, one);
        else if (!reason_taken(cx, before, &f->why))
            return false;
    }
    return true;
}

static void report_none(struct context *cx, const struct inquiry *q)
{
    const struct candidate *image = q->image;
    const char *what = q->rule->predicate_type.len ? "attestation" : "signature";
    str name = image_ref_print(cx->arena, image->ref);
    if (!q->found->len)
        report_refused(cx, image->pos, "'%.*s' has no %s of %.*s", STR(name), what,
                       STR(image->digest));
    else if (q->len)
        report_refused(cx, image->pos, "'%.*s' is signed with %u of %u keys, not with %u",
                       STR(name), q->len, q->rule->keys.len, q->rule->threshold);
    else
        report_refused(cx, image->pos, "no %s of '%.*s' is accepted", what, STR(name));
    for (uint32_t i = 0; i < q->found->len; i++) {
        const struct found_signature *f = &q->found->at[i];
        if (f->why.len)
            note(cx, NOWHERE, "%.*s: %.*s", STR(str_slice(f->name, 0, 19)), STR(f->why));
    }
    note(cx, q->rule->pos, "required here");
}

/* Evidence. */

static void put(struct context *cx, struct node *map, const char *key, str text)
{
    if (text.len)
        node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, text));
}

static str time_text(struct context *cx, int64_t time)
{
    struct buf b;
    if (!time)
        return S("");
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, (struct gotime){ time, 0, &zone_utc }, GOTIME_RFC3339);
    return buf_take(&b);
}

static str hex_text(struct context *cx, str bytes)
{
    struct buf b;
    buf_init(&b, cx->arena, 2 * bytes.len);
    encode_hex(&b, bytes);
    return buf_take(&b);
}

static struct node *signature_node(struct context *cx, const struct accepted *a)
{
    struct node *n = node_map(cx);
    put(cx, n, "layout", a->found->layout);
    put(cx, n, "digest", a->found->name);
    if (a->signer.key) {
        put(cx, n, "key", a->signer.key->name);
        put(cx, n, "keyId", str_concat(cx->arena, S("sha256:"), hex_text(cx, a->signer.key->id)));
    }
    put(cx, n, "subject", a->signer.subject);
    put(cx, n, "issuer", a->signer.issuer);
    for (size_t i = 0; a->signer.certificate && i < BUILD_CLAIMS; i++)
        put(cx, n, build_claims[i].name.at,
            certificate_extension(a->signer.certificate, build_claims[i].oid));
    put(cx, n, "time", time_text(cx, a->signer.time));
    if (a->signer.logged)
        node_add(cx, n, intern(cx->keys, S("logIndex")),
                 node_int(cx, (int64_t)a->signer.log_index));
    return n;
}

static void add_evidence(struct context *cx, const struct inquiry *q, struct check_result *result)
{
    struct buf b;
    buf_init(&b, cx->arena, 128);
    buf_str(&b, result->evidence);
    if (!result->details) {
        result->details = node_map(cx);
        node_add(cx, result->details, intern(cx->keys, S("signatures")), node_list(cx));
    }
    struct node *list = node_get_text(cx, result->details, S("signatures"));
    for (uint32_t i = 0; i < q->len; i++) {
        const struct signer *s = &q->accepted[i].signer;
        buf_format(&b, "%s%.*s", b.len ? ", " : "", STR(s->key ? s->key->name : s->subject));
        node_push(cx, list, signature_node(cx, &q->accepted[i]));
    }
    check_pass(result, buf_take(&b));
}

/* Checking. */

struct signatures_check {
    struct checking *c;
    struct signature_rules rules;
    uint32_t at;
    bool attestations;
};

static bool check_rule(struct context *cx, const struct signatures_check *check,
                       const struct signature_rule *rule, struct candidate *image)
{
    struct found_signatures found;
    struct inquiry q = { .rule = rule, .image = image, .found = &found };
    struct image_ref kept = rule->repository.name.len ? rule->repository : image->ref;
    if (!cosign_find(cx, check->c->registry, kept, image->digest, check->attestations, image->pos,
                     &found)
        || !ask(cx, &q))
        return false;
    if (q.enough)
        add_evidence(cx, &q, &image->results[check->at]);
    else
        report_none(cx, &q);
    return q.enough;
}

static bool check_image(struct context *cx, const struct signatures_check *check,
                        struct candidate *image)
{
    bool ok = candidate_resolve(cx, check->c, image), asked = false;
    for (uint32_t i = 0; ok && i < check->rules.len; i++) {
        const struct signature_rule *rule = &check->rules.at[i];
        if (rule->images && !patterns_match(rule->images, image->ref.name))
            continue;
        asked = true;
        ok = check_rule(cx, check, rule, image);
    }
    return ok
           && (asked
               || report_refused(cx, image->pos, "no rule says who signs '%.*s'",
                                 STR(image->ref.name)));
}

/* Asks for all images at once, and then for all that is about them: what is wrong with one is
 * found again when it is checked. False when nothing can be asked, which is everybody's result. */
static bool expect_all(struct context *cx, const struct signatures_check *check)
{
    struct candidates *images = check->c->images;
    const struct diag *last = cx->diags.last;
    struct image_ref *refs = NEW_ARRAY(cx->arena, struct image_ref, images->len);
    str *digests = NEW_ARRAY(cx->arena, str, images->len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < images->len; i++)
        refs[i] = images->at[i].ref;
    bool ok = registry_expect(cx, check->c->registry, refs, images->len, NOWHERE);
    for (uint32_t i = 0; ok && i < images->len; i++) {
        struct diags before = cx->diags;
        bool known = candidate_resolve(cx, check->c, &images->at[i]);
        diag_take_back(cx, before);
        if (!known)
            continue;
        refs[n] = images->at[i].ref;
        digests[n++] = images->at[i].digest;
    }
    const char *suffix = check->attestations ? "att" : "sig";
    ok = ok && registry_expect_about(cx, check->c->registry, refs, digests, n, suffix, NOWHERE);
    if (!ok)
        check_fail_all(cx, check->c, check->at, last);
    return ok;
}

static void run(struct context *cx, struct checking *c, const struct requirement *r, uint32_t at,
                bool attestations)
{
    struct signatures_check check = { .c = c, .at = at, .attestations = attestations };
    const struct diag *last = cx->diags.last;
    if (!signature_rules_read(cx, c->project, r->how, attestations, &check.rules)) {
        check_fail_rule(cx, c, at, last);
        return;
    }
    if (!checking_open(cx, c, at) || !expect_all(cx, &check))
        return;
    for (uint32_t i = 0; i < c->images->len; i++) {
        last = cx->diags.last;
        if (!check_image(cx, &check, &c->images->at[i]))
            check_fail(cx, &c->images->at[i].results[at], last);
    }
}

void check_signatures(struct context *cx, struct checking *c, const struct requirement *r,
                      uint32_t at)
{
    run(cx, c, r, at, false);
}

void check_attestations(struct context *cx, struct checking *c, const struct requirement *r,
                        uint32_t at)
{
    run(cx, c, r, at, true);
}
