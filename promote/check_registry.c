/* The registry: the image is there, and its bytes hash to the digest that is promised.
 *
 *     registry: {layout: FOLDER}    an OCI layout folder, seen from hoist.yaml
 *     registry: true                the registry that the image's name says */
#include "promote/check.h"
#include "render/source/registry.h"

static struct registry *open_registry(struct context *cx, const struct project *p,
                                      const struct requirement *r)
{
    const struct node *layout = node_get_text(cx, r->how, S("layout"));
    if (!layout || !node_is_scalar(layout)) {
        report_refused(cx, r->pos, "only an OCI layout folder can be asked for images yet");
        hint(cx, NOWHERE, "registry: {layout: FOLDER}");
        return NULL;
    }
    struct folder *folder = folder_enter(cx, p->folder, layout->text, layout->pos);
    return folder ? oci_layout(cx, folder, layout->pos) : NULL;
}

/* The index or manifest is read whole, which compares its bytes with its digest. */
static bool check_image(struct context *cx, struct registry *registry, struct candidate *c,
                        struct check_result *result)
{
    struct descriptor d;
    struct platforms platforms = { 0 };
    if (!registry_resolve(cx, registry, c->ref, c->pos, &d)
        || !registry_manifest(cx, registry, c->ref, d, c->pos)
        || !registry_platforms(cx, registry, c->ref, d, c->pos, &platforms))
        return false;
    for (uint32_t i = 0; i < platforms.len; i++) {
        if (!registry_manifest(cx, registry, c->ref, platforms.at[i].manifest, c->pos))
            return false;
    }
    c->digest = d.digest;
    result->ok = true;
    result->evidence = platforms.len
                           ? str_format(cx->arena, "index of %u platforms, hashed", platforms.len)
                           : S("manifest, hashed");
    return true;
}

bool check_registry(struct context *cx, const struct project *p, const struct requirement *r,
                    struct candidates *images, uint32_t at)
{
    struct registry *registry = open_registry(cx, p, r);
    bool ok = registry;
    for (uint32_t i = 0; registry && i < images->len; i++) {
        struct check_result *result = &images->at[i].results[at];
        struct diag *last = cx->diags.last;
        if (check_image(cx, registry, &images->at[i], result))
            continue;
        struct diag *first = last ? last->next : cx->diags.first;
        result->evidence = first ? first->message : S("failed");
        ok = false;
    }
    return ok;
}
