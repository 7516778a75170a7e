/* The registry: the image is there, and its bytes hash to the digest that is promised.
 *
 *     registry: {layout: FOLDER}    an OCI layout folder, seen from hoist.yaml
 *     registry: true                the registry that the image's name says
 *     registry: {revision: true}    a tag "sha-<commit>" must agree with what the image's own
 *                                   label says that it was built from, on every platform */
#include "promote/check.h"

#include "render/doc/json_read.h"
#include "render/doc/scalar.h"

enum { COMMIT_LEAST = 7, COMMIT_MOST = 64 };

/* The digits of "sha-1a2b3c4"; "" for any other tag. */
static str commit_of_tag(str tag)
{
    str hex = str_skip(tag, 4);
    if (!str_starts(tag, S("sha-")) || hex.len < COMMIT_LEAST || hex.len > COMMIT_MOST)
        return S("");
    for (size_t i = 0; i < hex.len; i++) {
        if (!str_has_char(S("0123456789abcdef"), hex.at[i]))
            return S("");
    }
    return hex;
}

static str label_of(struct context *cx, const struct node *config, str name)
{
    const struct node *inner = node_get_text(cx, config, S("config"));
    const struct node *labels = node_get_text(cx, inner, S("Labels"));
    const struct node *label = node_get_text(cx, labels, name);
    return node_is(label, NODE_STRING) ? label->text : S("");
}

static bool check_label(struct context *cx, struct checking *c, const struct candidate *image,
                        struct descriptor manifest, str commit)
{
    static const str name = { "org.opencontainers.image.revision", 33 };
    struct descriptor d;
    struct text *text = registry_manifest(cx, c->registry, image->ref, manifest, image->pos);
    const struct node *n = text ? json_read(cx, text) : NULL;
    const struct node *config = node_get_text(cx, n, S("config"));
    if (!n)
        return false;
    if (!config)
        return report_refused(cx, image->pos, "'%.*s' has no configuration", STR(manifest.digest));
    if (!descriptor_read(cx, config, &d))
        return false;
    text = registry_blob(cx, c->registry, image->ref, d, image->pos);
    n = text ? json_read(cx, text) : NULL;
    if (!n)
        return false;
    str label = label_of(cx, n, name);
    if (str_starts(label, commit))
        return true;
    report_refused(cx, image->pos, "'%.*s' was built from '%.*s', not from '%.*s'",
                   STR(image_ref_print(cx->arena, image->ref)),
                   STR(label.len ? label : S("what nobody says")), STR(commit));
    note(cx, NOWHERE, "its label '%.*s' says so, on '%.*s'", STR(name), STR(manifest.digest));
    return false;
}

static bool wants_revision(struct context *cx, const struct requirement *r)
{
    const struct node *flag = node_get_text(cx, r->how, S("revision"));
    return node_is(flag, NODE_BOOL) && scalar_true(flag->text);
}

static bool check_revision(struct context *cx, struct checking *c, const struct candidate *image,
                           const struct platforms *platforms, str *evidence)
{
    str commit = commit_of_tag(image->ref.tag);
    if (!commit.len)
        return true;
    if (!platforms->len && !check_label(cx, c, image, image->manifest, commit))
        return false;
    for (uint32_t i = 0; i < platforms->len; i++) {
        if (!check_label(cx, c, image, platforms->at[i].manifest, commit))
            return false;
    }
    *evidence = str_format(cx->arena, "%.*s, built from %.*s", STR(*evidence), STR(commit));
    return true;
}

/* The index or manifest is read whole, which compares its bytes with its digest. */
static bool check_image(struct context *cx, struct checking *c, const struct requirement *r,
                        struct candidate *image, str *evidence)
{
    struct platforms platforms = { 0 };
    if (!candidate_resolve(cx, c, image)
        || !registry_manifest(cx, c->registry, image->ref, image->manifest, image->pos)
        || !registry_platforms(cx, c->registry, image->ref, image->manifest, image->pos,
                               &platforms))
        return false;
    for (uint32_t i = 0; i < platforms.len; i++) {
        if (!registry_manifest(cx, c->registry, image->ref, platforms.at[i].manifest, image->pos))
            return false;
    }
    *evidence = platforms.len
                    ? str_format(cx->arena, "index of %u platforms, hashed", platforms.len)
                    : S("manifest, hashed");
    return !wants_revision(cx, r) || check_revision(cx, c, image, &platforms, evidence);
}

/* False when nothing can be asked, which is then everybody's result. */
static bool expect_all(struct context *cx, struct checking *c, uint32_t at)
{
    const struct diag *last = cx->diags.last;
    struct image_ref *refs = NEW_ARRAY(cx->arena, struct image_ref, c->images->len);
    for (uint32_t i = 0; i < c->images->len; i++)
        refs[i] = c->images->at[i].ref;
    if (registry_expect(cx, c->registry, refs, c->images->len, NOWHERE))
        return true;
    check_fail_all(cx, c, at, last);
    return false;
}

void check_registry(struct context *cx, struct checking *c, const struct requirement *r,
                    uint32_t at)
{
    if (!checking_open(cx, c, at) || !expect_all(cx, c, at))
        return;
    for (uint32_t i = 0; i < c->images->len; i++) {
        struct check_result *result = &c->images->at[i].results[at];
        const struct diag *last = cx->diags.last;
        str evidence;
        if (check_image(cx, c, r, &c->images->at[i], &evidence))
            check_pass(result, evidence);
        else
            check_fail(cx, result, last);
    }
}
