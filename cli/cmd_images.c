/* hoist images: what runs, where it is pinned, who runs it. */
#include "cli/commands.h"
#include "promote/pin_site.h"
#include "render/doc/json_write.h"

/* "k8s/overlays/staging/kustomization.yaml:31", or "" where nothing of its own decides. */
static str place_of(struct context *cx, struct environment *env, const struct image *image)
{
    struct pin_site site;
    struct place place;
    diag_mute(cx);
    bool found = pin_site_find(cx, env, NULL, image, &site);
    diag_unmute(cx);
    if (!found || site.kind == PIN_NEW_ENTRY || !text_place(cx, site.pos, &place))
        return S("");
    return str_format(cx->arena, "%.*s:%u", STR(place.name), place.line);
}

static void print_text(struct context *cx, struct buf *out, struct environment *env)
{
    for (uint32_t i = 0; i < env->images.len; i++) {
        const struct image *image = &env->images.at[i];
        buf_format(out, "%.*s\n", STR(image_ref_print(cx->arena, image->ref)));
        str place = place_of(cx, env, image);
        buf_format(out, "  pinned  %.*s\n",
                   STR(place.len ? place : S("in files that it shares, or not at all")));
        for (uint32_t k = 0; k < image->len; k++) {
            struct identity id = identity_of(image->uses[k].document);
            buf_format(out, "  runs in %.*s/%.*s, %.*s\n", STR(id.gvk.kind), STR(id.name),
                       STR(image->uses[k].container));
        }
    }
}

static void put(struct context *cx, struct node *map, const char *key, str value)
{
    node_add(cx, map, intern(cx->keys, str_from(key)), node_string(cx, value));
}

static bool print_json(struct context *cx, struct buf *out, struct environment *env)
{
    for (uint32_t i = 0; i < env->images.len; i++) {
        const struct image *image = &env->images.at[i];
        struct node *n = node_map(cx), *uses = node_list(cx);
        put(cx, n, "name", image->ref.name);
        put(cx, n, "tag", image->ref.tag);
        put(cx, n, "digest", image->ref.digest);
        put(cx, n, "pinned", place_of(cx, env, image));
        for (uint32_t k = 0; k < image->len; k++) {
            struct identity id = identity_of(image->uses[k].document);
            struct node *use = node_map(cx);
            put(cx, use, "kind", id.gvk.kind);
            put(cx, use, "namespace", id.namespace_);
            put(cx, use, "name", id.name);
            put(cx, use, "container", image->uses[k].container);
            node_push(cx, uses, use);
        }
        node_add(cx, n, intern(cx->keys, S("uses")), uses);
        if (!json_write(cx, out, n, (struct json_style){ .keep_html = true, .keep_order = true }))
            return false;
        buf_char(out, '\n');
    }
    return true;
}

static bool run(struct context *cx, struct call *call)
{
    struct environment *env = environment_named(cx, call->operands.at[0]);
    if (!env)
        return false;
    if (call->globals->json)
        return print_json(cx, call->out, env);
    print_text(cx, call->out, env);
    return true;
}

const struct command cmd_images = {
    .name = "images",
    .operands = "PATH",
    .summary = "the images that an environment runs, and where each is pinned",
    .about = "PATH may be the name of an environment.",
    .run = run,
};
