/* Words of a command line to images in documents. */
#include "promote/image_override.h"

#include "render/doc/origin.h"

bool image_override_parse(struct context *cx, str word, struct image_override *out)
{
    str before, after;
    bool renamed = str_cut(word, '=', &before, &after);
    *out = (struct image_override){ .word = word };
    if (!image_ref_parse(cx, renamed ? after : word, NOWHERE, &out->to))
        return false;
    if (!renamed && !out->to.tag.len && !out->to.digest.len)
        return report(cx, NOWHERE, "--image: '%.*s' says neither a name, a tag nor a digest",
                      STR(word));
    out->from = out->to;
    if (renamed && !image_ref_parse(cx, before, NOWHERE, &out->from))
        return false;
    if (renamed && (out->from.tag.len || out->from.digest.len))
        return report(cx, NOWHERE, "--image: '%.*s' is a name, so it has no version", STR(before));
    return true;
}

struct overrider {
    struct context *cx;
    struct image_override *at;
    uint32_t len;
};

static bool override(void *who, const struct node *container)
{
    struct overrider *o = who;
    struct entry *e = node_entry(container, KEY(IMAGE));
    struct image_ref ref;
    if (!e || !node_is_scalar(e->value) || !image_ref_try(o->cx, e->value->text, &ref))
        return true;
    for (uint32_t i = 0; i < o->len; i++) {
        const struct image_ref *to = &o->at[i].to;
        if (!image_ref_same_name(o->at[i].from, ref))
            continue;
        o->at[i].used = true;
        ref.name = str_has_char(o->at[i].word, '=') ? to->name : ref.name;
        if (to->tag.len || to->digest.len) {
            ref.tag = to->tag;
            ref.digest = to->digest;
        }
        struct node *value = node_string(o->cx, image_ref_print(o->cx->arena, ref));
        node_set_was(o->cx, value, e->value);
        e->value = value;
        break;
    }
    return true;
}

void image_overrides_apply(struct context *cx, struct image_override *overrides, uint32_t n,
                           const struct documents *documents)
{
    struct overrider o = { cx, overrides, n };
    const struct step *before = step_switch(cx, step_new(cx, S("--image"), NOWHERE));
    for (uint32_t i = 0; n && i < documents->len; i++)
        containers_each(documents->at[i], override, &o);
    step_switch(cx, before);
}
