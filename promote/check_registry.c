/* The registry: the image is there, and its bytes hash to the digest that is promised.
 *
 *     registry: {layout: FOLDER}    an OCI layout folder, seen from hoist.yaml
 *     registry: true                the registry that the image's name says */
#include "promote/check.h"

/* The index or manifest is read whole, which compares its bytes with its digest. */
static bool check_image(struct context *cx, struct checking *c, struct candidate *image,
                        str *evidence)
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
    return true;
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
    for (uint32_t i = 0; i < c->images->len; i++)
        check_fail(cx, &c->images->at[i].results[at], last);
    return false;
}

void check_registry(struct context *cx, struct checking *c, const struct requirement *r,
                    uint32_t at)
{
    (void)r;
    if (!checking_open(cx, c, at) || !expect_all(cx, c, at))
        return;
    for (uint32_t i = 0; i < c->images->len; i++) {
        struct check_result *result = &c->images->at[i].results[at];
        const struct diag *last = cx->diags.last;
        str evidence;
        if (check_image(cx, c, &c->images->at[i], &evidence))
            check_pass(result, evidence);
        else
            check_fail(cx, result, last);
    }
}
