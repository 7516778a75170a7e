/* hoist images: what runs, where it is pinned, who runs it. */
#include "cli/commands.h"
#include "promote/pin_site.h"
#include "promote/resolve.h"
#include "render/doc/json_write.h"

struct images_flags {
    bool resolve;
};

static const struct option options[] = {
    { 0, "resolve", NULL, "ask the registry what each tag stands for now", OPTION_FLAG,
      offsetof(struct images_flags, resolve) },
    { 0 },
};

/* "k8s/overlays/staging/kustomization.yaml:31", or "" where nothing of its own decides. */
static str place_of(struct context *cx, struct environment *env, const struct image *image)
{
    struct pin_site site;
    struct place place;
    struct environment_part *part = environment_part_of(env, &image->uses[0]);
    diag_mute(cx);
    bool found = pin_site_find(cx, env, part, NULL, image, &site);
    diag_unmute(cx);
    if (!found || site.kind >= PIN_NEW_ENTRY || !text_place(cx, site.pos, &place))
        return S("");
    return str_format(cx->arena, "%.*s:%u", STR(place.name), place.line);
}

static str platforms_of(struct context *cx, const struct resolution *r)
{
    str *names = NEW_ARRAY(cx->arena, str, r->platforms.len);
    for (uint32_t i = 0; i < r->platforms.len; i++) {
        const struct platform *p = &r->platforms.at[i];
        names[i] = str_format(cx->arena, "%.*s/%.*s%s%.*s", STR(p->os), STR(p->architecture),
                              p->variant.len ? "/" : "", STR(p->variant));
    }
    return str_join(cx->arena, names, r->platforms.len, S(", "));
}

static void print_resolution(struct context *cx, struct buf *out, const struct image *image,
                             const struct resolution *r)
{
    str platforms = platforms_of(cx, r);
    if (!r->manifest.digest.len)
        return;
    buf_format(out, "  is now  %.*s%s%.*s%s\n", STR(r->manifest.digest), platforms.len ? " (" : "",
               STR(platforms), platforms.len ? ")" : "");
    if (resolution_moved(r, image->ref))
        buf_format(out, "  moved   the tag '%.*s' has moved since the digest was pinned\n",
                   STR(image->ref.tag));
}

static void print_text(struct context *cx, struct buf *out, struct environment *env,
                       const struct resolution *resolved)
{
    for (uint32_t i = 0; i < env->images.len; i++) {
        const struct image *image = &env->images.at[i];
        buf_format(out, "%.*s\n", STR(image_ref_print(cx->arena, image->ref)));
        str place = place_of(cx, env, image);
        buf_format(out, "  pinned  %.*s\n",
                   STR(place.len ? place : S("in files that it shares, or not at all")));
        if (resolved)
            print_resolution(cx, out, image, &resolved[i]);
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

static void put_resolution(struct context *cx, struct node *n, const struct image *image,
                           const struct resolution *r)
{
    struct node *platforms = node_list(cx);
    str all = platforms_of(cx, r), one;
    put(cx, n, "resolved", r->manifest.digest);
    while (str_next_field(&all, ',', &one))
        node_push(cx, platforms, node_string(cx, str_trim(one)));
    node_add(cx, n, intern(cx->keys, S("platforms")), platforms);
    node_add(cx, n, intern(cx->keys, S("moved")), node_bool(cx, resolution_moved(r, image->ref)));
}

static bool print_json(struct context *cx, struct buf *out, struct environment *env,
                       const struct resolution *resolved)
{
    for (uint32_t i = 0; i < env->images.len; i++) {
        const struct image *image = &env->images.at[i];
        struct node *n = node_map(cx), *uses = node_list(cx);
        put(cx, n, "name", image->ref.name);
        put(cx, n, "tag", image->ref.tag);
        put(cx, n, "digest", image->ref.digest);
        put(cx, n, "pinned", place_of(cx, env, image));
        if (resolved)
            put_resolution(cx, n, image, &resolved[i]);
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

/* What could not be resolved has been reported, and the rest is printed all the same. */
static struct resolution *resolve(struct context *cx, struct environment *env)
{
    uint32_t n = env->images.len;
    struct resolution *all = NEW_ARRAY(cx->arena, struct resolution, n);
    struct image_ref *refs = NEW_ARRAY(cx->arena, struct image_ref, n);
    struct pos *from = NEW_ARRAY(cx->arena, struct pos, n);
    struct registry *r = registry_of_environment(cx, env);
    if (!r)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        refs[i] = env->images.at[i].ref;
        from[i] = env->images.at[i].uses[0].image->pos;
    }
    resolve_all(cx, r, refs, from, n, all);
    return all;
}

static bool run(struct context *cx, struct call *call)
{
    const struct images_flags *flags = call->options;
    struct environment *env = environment_named(cx, call->operands.at[0]);
    struct resolution *resolved = env && flags->resolve ? resolve(cx, env) : NULL;
    if (!env || (flags->resolve && !resolved))
        return false;
    if (call->globals->json)
        return print_json(cx, call->out, env, resolved);
    print_text(cx, call->out, env, resolved);
    return true;
}

const struct command cmd_images = {
    .name = "images",
    .operands = "PATH",
    .summary = "the images that an environment runs, and where each is pinned",
    .about =
        "PATH may be the name of an environment. With --resolve the registry is asked, as hoist.yaml\n"
        "says, what each tag stands for now: whether it has moved since its digest was pinned.",
    .options = options,
    .options_size = sizeof(struct images_flags),
    .run = run,
};
