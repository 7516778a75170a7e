/* One edit for each way of pinning. */
#include "promote/pin.h"

static struct pinned_file *file_of(struct context *cx, struct pins *pins, struct text *text,
                                   str real)
{
    for (uint32_t i = 0; i < pins->len; i++) {
        if (pins->files[i].text == text)
            return &pins->files[i];
    }
    struct edits *edits = edits_begin(cx, text);
    if (!edits)
        return NULL;
    ARENA_PUSH(cx->arena, pins->files, pins->len, pins->cap);
    struct pinned_file *file = &pins->files[pins->len++];
    *file = (struct pinned_file){ .text = text, .real = real, .edits = edits };
    return file;
}

/* A field that is empty must not stay. */
static bool set_or_remove(struct context *cx, struct pinned_file *file, const struct node *entry,
                          const struct key *key, str value)
{
    if (!value.len)
        return edit_remove(file->edits, entry, key->text);
    return edit_set(file->edits, entry, key->text, node_string(cx, value));
}

static bool pin_entry(struct context *cx, struct pins *pins, const struct pin_site *site,
                      struct image_ref ref)
{
    struct pinned_file *file = file_of(cx, pins, site->text, site->real);
    return file && set_or_remove(cx, file, site->entry, KEY(NEW_TAG), ref.tag)
           && set_or_remove(cx, file, site->entry, KEY(DIGEST), ref.digest);
}

static struct node *new_entry(struct context *cx, struct image_ref ref)
{
    struct node *entry = node_map(cx);
    node_add(cx, entry, KEY_NAME, node_string(cx, ref.name));
    if (ref.tag.len)
        node_add(cx, entry, KEY(NEW_TAG), node_string(cx, ref.tag));
    if (ref.digest.len)
        node_add(cx, entry, KEY(DIGEST), node_string(cx, ref.digest));
    return entry;
}

static bool pin_new_entry(struct context *cx, struct pins *pins, const struct pin_site *site,
                          struct image_ref ref)
{
    struct pinned_file *file = file_of(cx, pins, site->text, site->real);
    if (!file)
        return false;
    const struct node *images = node_get(site->root, KEY(IMAGES));
    if (node_is(images, NODE_LIST))
        return edit_append(file->edits, images, new_entry(cx, ref));
    if (!file->new_list) {
        file->root = site->root;
        file->new_list = node_list(cx);
    }
    node_push(cx, file->new_list, new_entry(cx, ref));
    return true;
}

static bool pin_literals(struct context *cx, struct pins *pins, const struct image *image,
                         struct image_ref ref)
{
    for (uint32_t i = 0; i < image->len; i++) {
        const struct node *n = image->uses[i].image;
        struct text *text = text_of(cx, n->pos);
        str real;
        if (!environment_file(pins->env, text, &real))
            return false;
        struct pinned_file *file = file_of(cx, pins, text, real);
        struct image_ref whole = { .name = image->ref.name, .tag = ref.tag, .digest = ref.digest };
        if (!file || !edit_scalar(file->edits, n, image_ref_print(cx->arena, whole)))
            return false;
    }
    return true;
}

static bool pin_at(struct context *cx, struct pins *pins, const struct pin_site *site,
                   const struct image *image, struct image_ref ref)
{
    ref.name = image->ref.name;
    switch (site->kind) {
    case PIN_ENTRY:
        return pin_entry(cx, pins, site, ref);
    case PIN_LITERAL:
        return pin_literals(cx, pins, image, ref);
    case PIN_NEW_ENTRY:
        return pin_new_entry(cx, pins, site, ref);
    }
    return false;
}

bool pins_add(struct context *cx, struct pins *pins, struct image_ref ref)
{
    const struct image_set *set = &pins->env->images;
    const struct image *image = image_set_find(set, ref);
    if (!image)
        return report(cx, NOWHERE, "'%.*s' runs no image '%.*s'", STR(pins->env->name),
                      STR(ref.name));
    struct pin_site site = { .kind = PIN_LITERAL };
    /* An entry decides all versions at once. */
    for (; image && site.kind == PIN_LITERAL; image = image_set_next(set, image)) {
        if (!pin_site_find(cx, pins->env, pins->others, image, &site)
            || !pin_at(cx, pins, &site, image, ref))
            return false;
    }
    return true;
}

bool pins_finish(struct pins *pins)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < pins->len; i++) {
        struct pinned_file *file = &pins->files[i];
        if (file->new_list && !edit_set(file->edits, file->root, KEY(IMAGES)->text, file->new_list))
            return false;
        file->bytes = edits_apply(file->edits);
        if (!str_eq(file->bytes, file->text->bytes))
            pins->files[kept++] = *file;
    }
    pins->len = kept;
    return true;
}
