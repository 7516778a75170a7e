/* A digest counts when its bytes were seen: what is written into a file is no mere claim. */
#include "promote/resolve.h"

#include "promote/registries.h"

struct registry *registry_of_environment(struct context *cx, const struct environment *env)
{
    struct folder *folder = env->project;
    if (!folder) {
        struct source *disk = source_disk(cx, S(""));
        folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    }
    struct project *project = folder ? project_read(cx, folder) : NULL;
    return project ? registry_open_for(cx, project, env->name) : NULL;
}

/* With a tag, it is the tag that is asked for. */
static struct image_ref question(struct image_ref ref)
{
    if (ref.tag.len)
        ref.digest = S("");
    return ref;
}

static bool resolve(struct context *cx, struct registry *r, struct image_ref ref, struct pos from,
                    struct resolution *out)
{
    if (registry_resolve(cx, r, ref, from, &out->manifest)
        && registry_manifest(cx, r, ref, out->manifest, from)
        && registry_platforms(cx, r, ref, out->manifest, from, &out->platforms))
        return true;
    *out = (struct resolution){ 0 };
    return false;
}

bool resolve_all(struct context *cx, struct registry *r, const struct image_ref *refs,
                 const struct pos *from, uint32_t n, struct resolution *out)
{
    struct image_ref *questions = NEW_ARRAY(cx->arena, struct image_ref, n);
    for (uint32_t i = 0; i < n; i++)
        questions[i] = question(refs[i]);
    if (!registry_expect(cx, r, questions, n, NOWHERE))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < n; i++) {
        out[i] = (struct resolution){ 0 };
        ok = resolve(cx, r, questions[i], from ? from[i] : NOWHERE, &out[i]) && ok;
    }
    return ok;
}

bool resolution_moved(const struct resolution *r, struct image_ref ref)
{
    return ref.tag.len && ref.digest.len && r->manifest.digest.len
           && !str_eq(r->manifest.digest, ref.digest);
}
