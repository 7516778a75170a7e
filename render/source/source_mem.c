/* A tree of literals: what tests write down, what is generated, what was unpacked. */
#include "render/source/source.h"

struct entry {
    enum file_kind kind;
    str bytes;
    struct listing names; /* of a folder */
};

struct mem {
    struct source source;
    struct map entries; /* by absolute path; "" is the top */
};

static bool mem_look(struct context *cx, struct source *src, struct look *l)
{
    (void)cx;
    const struct entry *e = map_get(&((struct mem *)src)->entries, l->path);
    l->kind = e ? e->kind : FILE_NONE;
    if (e && l->read)
        l->bytes = e->bytes;
    return true;
}

static bool mem_list(struct context *cx, struct source *src, struct look *l, struct listing *out)
{
    const struct entry *e = map_get(&((struct mem *)src)->entries, l->path);
    for (uint32_t i = 0; i < e->names.len; i++)
        listing_add(cx, out, e->names.at[i].name, e->names.at[i].kind);
    return true;
}

static const struct source_ops mem_ops = { mem_look, mem_list };

static struct entry *add(struct context *cx, struct mem *m, str path, enum file_kind kind)
{
    struct entry *e = NEW(cx->arena, struct entry);
    e->kind = kind;
    map_put(&m->entries, path, e);
    return e;
}

struct source *source_mem(struct context *cx, str name)
{
    struct mem *m = NEW(cx->arena, struct mem);
    source_begin(cx, &m->source, &mem_ops, name);
    m->entries.arena = cx->arena;
    add(cx, m, S(""), FILE_FOLDER);
    return &m->source;
}

/* The folder at a path, made with those above it; NULL when a file stands in the way. */
static struct entry *make_folder(struct context *cx, struct mem *m, str path)
{
    struct entry *folder = map_get(&m->entries, S(""));
    for (size_t at = 0; at < path.len;) {
        size_t end = at + 1;
        while (end < path.len && path.at[end] != '/')
            end++;
        str here = str_slice(path, 0, end);
        struct entry *next = map_get(&m->entries, here);
        if (!next) {
            listing_add(cx, &folder->names, str_skip(here, at + 1), FILE_FOLDER);
            next = add(cx, m, here, FILE_FOLDER);
        }
        if (next->kind != FILE_FOLDER)
            return NULL;
        folder = next;
        at = end;
    }
    return folder;
}

bool source_mem_put(struct context *cx, struct source *mem, str path, str bytes, struct pos from)
{
    struct mem *m = (struct mem *)mem;
    str whole = source_join(cx->arena, S("/"), path);
    if (str_starts(path, S("/")) || str_eq(whole, S("/"))
        || !str_eq(str_skip(whole, 1), source_join(cx->arena, S("."), path)))
        return report(cx, from, "'%.*s' leads out of its tree", STR(path));
    ptrdiff_t slash = str_find_last(whole, '/');
    struct entry *e = map_get(&m->entries, whole);
    struct entry *folder = make_folder(cx, m, str_slice(whole, 0, (size_t)slash));
    if (!folder || (e && e->kind == FILE_FOLDER))
        return report(cx, from, "'%.*s' can't be both a file and a folder", STR(path));
    if (!e) {
        listing_add(cx, &folder->names, str_skip(whole, (size_t)slash + 1), FILE_PLAIN);
        e = add(cx, m, whole, FILE_PLAIN);
    }
    e->bytes = bytes;
    return true;
}
