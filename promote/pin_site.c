/* Pin sites, found by where the rendered image stands. */
#include "promote/pin_site.h"

#include "overlays/kustomization.h"

static bool is_shared(const struct environments *others, str real)
{
    for (uint32_t i = 0; others && i < others->len; i++) {
        if (environment_reads(others->at[i], real))
            return true;
    }
    return false;
}

/* Entries name the image as it was before them, or say what it is called from then on; of
 * several the last one counts. */
static struct node *find_entry(const struct node *images, str name)
{
    struct node *found = NULL;
    for (uint32_t i = 0; node_is(images, NODE_LIST) && i < images->len; i++) {
        str renamed = node_get_str(images->items[i], KEY(NEW_NAME));
        str was = node_get_str(images->items[i], KEY_NAME);
        if (str_eq(renamed.len ? renamed : was, name))
            found = images->items[i];
    }
    return found;
}

/* Do these very bytes stand there, or has a step changed what the node says? */
static bool stands_in(const struct text *text, const struct node *image)
{
    str bytes = str_skip(text->bytes, image->pos.offset);
    bool quoted = str_starts(bytes, S("'")) || str_starts(bytes, S("\""));
    return str_starts(str_skip(bytes, quoted ? 1 : 0), image->text);
}

static bool is_own_literal(struct context *cx, const struct environment *env,
                           const struct environments *others, const struct node *image, str *real)
{
    struct text *text = text_of(cx, image->pos);
    if (!text || !environment_file(env, text, real) || !stands_in(text, image))
        return false;
    str folder = env->at.folder->real;
    bool below = str_starts(*real, folder) && real->at[folder.len] == '/';
    return below && !is_shared(others, *real);
}

static bool all_literal(struct context *cx, const struct environment *env,
                        const struct environments *others, const struct image *image)
{
    str real;
    for (uint32_t i = 0; i < image->len; i++) {
        if (!is_own_literal(cx, env, others, image->uses[i].image, &real))
            return false;
    }
    return image->len > 0;
}

static bool report_shared(struct context *cx, const struct environment *env,
                          const struct image *image)
{
    report(cx, image->len ? image->uses[0].image->pos : NOWHERE,
           "'%.*s' is set in files that '%.*s' shares with others", STR(image->ref.name),
           STR(env->name));
    hint(cx, NOWHERE, "a kustomization of its own could set it for '%.*s' alone", STR(env->name));
    return false;
}

static bool load_kustomization(struct context *cx, struct environment *env)
{
    str name;
    if (env->fields)
        return true;
    env->file = kustomization_read(cx, env->at.folder, NOWHERE, &name);
    if (!env->file || !environment_file(env, env->file, &env->file_real))
        return false;
    env->fields = yaml_read(cx, env->file, YAML_GO3);
    return env->fields;
}

bool pin_site_find(struct context *cx, struct environment *env, const struct environments *others,
                   const struct image *image, struct pin_site *out)
{
    bool kustomized = env->at.folder && env->at.renderer == RENDER_KUSTOMIZATION;
    if (kustomized && !load_kustomization(cx, env))
        return false;
    *out = (struct pin_site){ .text = env->file, .real = env->file_real, .root = env->fields };
    const struct node *images = node_get(out->root, KEY(IMAGES));
    out->entry = find_entry(images, image->ref.name);
    if (out->entry && !is_shared(others, out->real)) {
        out->kind = PIN_ENTRY;
        out->pos = out->entry->pos;
        return true;
    }
    if (env->at.folder && all_literal(cx, env, others, image)) {
        out->kind = PIN_LITERAL;
        out->root = NULL;
        out->pos = image->uses[0].image->pos;
        out->text = text_of(cx, out->pos);
        return environment_file(env, out->text, &out->real);
    }
    if (!kustomized || is_shared(others, out->real))
        return report_shared(cx, env, image);
    out->kind = PIN_NEW_ENTRY;
    out->pos = images ? images->pos : out->root->pos;
    return true;
}
