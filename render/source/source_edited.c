/* A tree as it would be with some files changed: what a promotion renders before it
 * writes. Whatever is not edited is the original's. */
#include "render/source/source.h"

struct edited {
    struct source source;
    struct source *original;
    struct map edits; /* struct edit, by real path */
};

struct edit {
    str bytes;
    str maker; /* the name of the file that asks for it, or empty */
};

static bool edited_look(struct context *cx, struct source *src, struct look *l)
{
    struct edited *e = (struct edited *)src;
    const struct edit *edit = map_get(&e->edits, l->path);
    if (!edit)
        return e->original->ops->look(cx, e->original, l);
    l->kind = FILE_PLAIN;
    l->maker = edit->maker;
    if (l->read)
        l->bytes = edit->bytes;
    return true;
}

static bool has(const struct listing *l, str name)
{
    for (uint32_t i = 0; i < l->len; i++) {
        if (str_eq(l->at[i].name, name))
            return true;
    }
    return false;
}

static bool edited_list(struct context *cx, struct source *src, struct look *l, struct listing *out)
{
    struct edited *e = (struct edited *)src;
    if (!e->original->ops->list(cx, e->original, l, out))
        return false;
    for (uint32_t i = 0; i < e->edits.len; i++) {
        str path = e->edits.entries[i].key;
        size_t folder = (size_t)str_find_last(path, '/');
        if (str_eq(str_slice(path, 0, folder), l->path) && !has(out, str_skip(path, folder + 1)))
            listing_add(cx, out, str_skip(path, folder + 1), FILE_PLAIN);
    }
    return true;
}

static const struct source_ops edited_ops = { edited_look, edited_list };

struct source *source_edited(struct context *cx, struct source *original)
{
    struct edited *e = NEW(cx->arena, struct edited);
    source_begin(cx, &e->source, &edited_ops, original->name);
    e->source.here = original->here;
    e->source.top = original->top;
    e->source.closed = original->closed;
    e->source.unfenced = original->unfenced;
    e->source.far = original->far;
    e->original = original;
    e->edits.arena = cx->arena;
    for (uint32_t i = 0; i < original->folders.len; i++)
        map_put(&e->source.folders, original->folders.entries[i].key,
                original->folders.entries[i].value);
    return &e->source;
}

struct source *source_original(struct source *src)
{
    while (src->ops == &edited_ops)
        src = ((struct edited *)src)->original;
    return src;
}

bool source_edit(struct context *cx, struct source *edited, str path, str bytes, struct pos from)
{
    struct edited *e = (struct edited *)edited;
    str real;
    if (!source_real(cx, edited, path, from, &real))
        return false;
    const struct text *maker = text_of(cx, from);
    struct edit *kept = NEW(cx->arena, struct edit);
    *kept = (struct edit){ bytes, maker ? maker->name : S("") };
    map_put(&e->edits, real, kept);
    map_put(&edited->texts, real, NULL);
    return true;
}
