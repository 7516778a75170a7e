/* One edit for each way of pinning. */
#include "promote/pin.h"

#include "render/base/buf.h"
#include "render/doc/edit_tree.h"
#include "render/doc/yaml_write.h"

struct pinned_file *pins_file(struct context *cx, struct pins *pins, struct text *text, str real)
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

struct node *pins_field(struct context *cx, struct pins *pins, struct text *text,
                        const struct node *map, str key, struct node *(*make)(struct context *))
{
    for (uint32_t i = 0; i < pins->field_count; i++) {
        struct pinned_field *f = &pins->fields[i];
        if (f->text == text && f->map->pos.offset == map->pos.offset && str_eq(f->key, key))
            return f->value;
    }
    ARENA_PUSH(cx->arena, pins->fields, pins->field_count, pins->field_cap);
    struct pinned_field *f = &pins->fields[pins->field_count++];
    *f = (struct pinned_field){ text, map, key, make(cx) };
    return f->value;
}

/* Entries of a kustomization. */

/* A field that is empty must not stay. */
static bool set_or_remove(struct context *cx, struct pinned_file *file, const struct node *entry,
                          const struct key *key, str value)
{
    if (!value.len)
        return edit_remove(file->edits, entry, key->text);
    return edit_set(file->edits, entry, key->text, node_string(cx, value));
}

static bool pin_entry(struct context *cx, struct pinned_file *file, const struct pin_site *site,
                      struct image_ref ref)
{
    return set_or_remove(cx, file, site->entry, KEY(NEW_TAG), ref.tag)
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

static bool pin_new_entry(struct context *cx, struct pins *pins, struct pinned_file *file,
                          const struct pin_site *site, struct image_ref ref)
{
    const struct node *images = node_get(site->root, KEY(IMAGES));
    if (node_is(images, NODE_LIST))
        return edit_append(file->edits, images, new_entry(cx, ref));
    node_push(cx, pins_field(cx, pins, site->text, site->root, KEY(IMAGES)->text, node_list),
              new_entry(cx, ref));
    return true;
}

/* Words of an Application. */

bool pin_parameter(struct context *cx, struct pinned_file *file, const struct generated_site *site,
                   str wanted)
{
    str value;
    if (generated_value(site, wanted, &value))
        return edit_scalar(file->edits, site->parameter, value);
    return report(cx, site->parameter->pos,
                  "the ApplicationSet's template lets this say no '%.*s', only '%.*s…%.*s'",
                  STR(wanted), STR(site->before), STR(site->after));
}

static bool pin_word(struct context *cx, struct pinned_file *file, const struct pin_site *site,
                     struct image_ref ref)
{
    str before, after, word = image_ref_print(cx->arena, ref);
    if (str_cut(site->word->text, '=', &before, &after))
        word = str_format(cx->arena, "%.*s=%.*s", STR(before), STR(word));
    if (site->parameter.parameter)
        return pin_parameter(cx, file, &site->parameter, word);
    return edit_scalar(file->edits, site->word, word);
}

/* An entry that renames is said once more, since Argo CD's word takes its place. */
static bool pin_new_word(struct context *cx, struct pins *pins, struct pinned_file *file,
                         const struct pin_site *site, struct image_ref ref)
{
    const struct node *source = site->part->source;
    const struct node *section = node_get_text(cx, source, S("kustomize"));
    const struct node *images = node_get(section, KEY(IMAGES));
    str was = node_get_str(site->entry, KEY_NAME), word = image_ref_print(cx->arena, ref);
    if (was.len && !str_eq(was, ref.name))
        word = str_format(cx->arena, "%.*s=%.*s", STR(was), STR(word));
    struct node *item = node_string(cx, word), *list;
    if (node_is(images, NODE_LIST) && images->len)
        return edit_append(file->edits, images, item);
    if (node_is(section, NODE_MAP) && section->len) {
        list = pins_field(cx, pins, site->text, section, KEY(IMAGES)->text, node_list);
    } else {
        struct node *made = pins_field(cx, pins, site->text, source, S("kustomize"), node_map);
        list = node_get(made, KEY(IMAGES));
        if (!list)
            node_set(cx, made, KEY(IMAGES), list = node_list(cx));
    }
    node_push(cx, list, item);
    return true;
}

/* Image fields. */

static bool pin_literals(struct context *cx, struct pins *pins, const struct environment_part *part,
                         const struct image *image, struct image_ref ref)
{
    for (uint32_t i = 0; i < image->len; i++) {
        const struct node *n = image->uses[i].image;
        struct text *text = text_of(cx, n->pos);
        str real;
        if (environment_part_of(pins->env, &image->uses[i]) != part)
            continue;
        if (!environment_file(pins->env, text, &real))
            return false;
        struct pinned_file *file = pins_file(cx, pins, text, real);
        if (!file || !edit_scalar(file->edits, n, image_ref_print(cx->arena, ref)))
            return false;
    }
    return true;
}

/* Values. */

/* Each use may have values of its own. */
static bool pin_all_values(struct context *cx, struct pins *pins, struct environment_part *part,
                           const struct image *image, struct image_ref ref)
{
    for (uint32_t i = 0; i < image->len; i++) {
        const struct value_site *site;
        if (environment_part_of(pins->env, &image->uses[i]) != part)
            continue;
        if (!value_site_find(cx, pins->env, part, image->uses[i].image, &site))
            return false;
        if (!site)
            return report(cx, image->uses[i].image->pos, "no value of the chart decides '%.*s'",
                          STR(image->ref.name));
        if (!pin_values(cx, pins, part, site, image->ref, ref))
            return false;
    }
    return true;
}

static bool pin_at(struct context *cx, struct pins *pins, const struct pin_site *site,
                   const struct image *image, struct image_ref ref)
{
    ref.name = image->ref.name;
    if (site->kind == PIN_VALUES)
        return pin_all_values(cx, pins, site->part, image, ref);
    if (site->kind == PIN_LITERAL)
        return pin_literals(cx, pins, site->part, image, ref);
    struct pinned_file *file = pins_file(cx, pins, site->text, site->real);
    if (!file)
        return false;
    switch (site->kind) {
    case PIN_ENTRY:
        return pin_entry(cx, file, site, ref);
    case PIN_WORD:
        return pin_word(cx, file, site, ref);
    case PIN_NEW_ENTRY:
        return pin_new_entry(cx, pins, file, site, ref);
    case PIN_NEW_WORD:
        return pin_new_word(cx, pins, file, site, ref);
    case PIN_LITERAL:
    case PIN_VALUES:
        break;
    }
    return false;
}

/* An entry or a word decides all versions of an image at once. */
static bool decides_all(enum pin_kind kind)
{
    return kind != PIN_LITERAL && kind != PIN_VALUES;
}

static bool pin_part(struct context *cx, struct pins *pins, struct environment_part *part,
                     const struct image *image, struct image_ref ref)
{
    struct pin_site site = { .kind = PIN_LITERAL };
    for (; image && !decides_all(site.kind); image = image_set_next(&pins->env->images, image)) {
        if (!pin_use_in(pins->env, part, image))
            continue;
        if (!pin_site_find(cx, pins->env, part, pins->others, image, &site)
            || !pin_at(cx, pins, &site, image, ref))
            return false;
    }
    return true;
}

bool pins_add(struct context *cx, struct pins *pins, struct image_ref ref)
{
    struct environment *env = pins->env;
    const struct image *image = image_set_find(&env->images, ref);
    if (!image)
        return report(cx, NOWHERE, "'%.*s' runs no image '%.*s'", STR(env->name), STR(ref.name));
    for (uint32_t i = 0; i < env->part_count; i++) {
        if (!pin_part(cx, pins, &env->parts[i], image, ref))
            return false;
    }
    return true;
}

/* A file of comments alone gets its first fields below them. */
static bool begin_file(struct context *cx, const struct pinned_tree *t, struct pinned_file *file)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    if (file->text->bytes.len && !str_ends(file->text->bytes, S("\n")))
        buf_char(&b, '\n');
    if (!yaml_write(cx, &b, t->after))
        return false;
    file->more = buf_take(&b);
    return true;
}

/* Values in a text of the Application are edited there, and the text is then set. */
static bool finish_tree(struct context *cx, const struct pinned_tree *t, struct pinned_file *file)
{
    if (!t->before)
        return begin_file(cx, t, file);
    if (!t->holder)
        return edit_tree(file->edits, t->before, t->after);
    struct edits *inner = edits_begin(cx, text_of(cx, t->before->pos));
    return inner && edit_tree(inner, t->before, t->after)
           && edit_set(file->edits, t->holder, S("values"), node_string(cx, edits_apply(inner)));
}

bool pins_finish(struct context *cx, struct pins *pins)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < pins->tree_count; i++) {
        if (!finish_tree(cx, &pins->trees[i], pins_file(cx, pins, pins->trees[i].text, S(""))))
            return false;
    }
    for (uint32_t i = 0; i < pins->field_count; i++) {
        const struct pinned_field *f = &pins->fields[i];
        if (!edit_set(pins_file(cx, pins, f->text, S(""))->edits, f->map, f->key, f->value))
            return false;
    }
    for (uint32_t i = 0; i < pins->len; i++) {
        struct pinned_file *file = &pins->files[i];
        file->bytes = str_concat(cx->arena, edits_apply(file->edits), file->more);
        if (!str_eq(file->bytes, file->text->bytes))
            pins->files[kept++] = *file;
    }
    pins->len = kept;
    return true;
}
