/* Walking a folder, with links that may lead anywhere: back up, or to one place from many.
 * The first is reported; the second is what the limit of files is for. */
#include "render/source/walk.h"

struct walk {
    struct context *cx;
    const struct folder *top;
    struct pos from;
    const struct walk_filter *filter;
    struct listing *out;
};

struct level {
    const struct folder *folder;
    str path; /* from the top; "" there */
    const struct level *outer;
};

static bool walk_level(struct walk *w, const struct level *here);

static bool leads_back(const struct level *here, const struct folder *next)
{
    for (; here; here = here->outer) {
        if (str_eq(here->folder->real, next->real))
            return true;
    }
    return false;
}

static bool walk_into(struct walk *w, const struct level *here, str name, str path)
{
    struct level next = { .path = path, .outer = here };
    next.folder = folder_enter(w->cx, here->folder, name, w->from);
    if (!next.folder)
        return false;
    if (leads_back(here, next.folder))
        return report(w->cx, w->from, "the link '%.*s' in '%.*s%.*s' leads back to where it is",
                      STR(path), STR(w->top->source->name), STR(w->top->path));
    if (!w->top->source->unfenced && !folder_holds(w->top, next.folder))
        return report(w->cx, w->from, "security; folder '%.*s' is not in or below '%.*s%.*s'",
                      STR(path), STR(w->top->source->name), STR(w->top->path));
    if (!limit_enter(w->cx, LIMIT_DEPTH, w->from))
        return false;
    bool ok = walk_level(w, &next);
    limit_leave(w->cx, LIMIT_DEPTH);
    return ok;
}

static bool walk_level(struct walk *w, const struct level *here)
{
    struct listing names;
    if (!folder_list(w->cx, here->folder, w->from, &names)
        || !limit_count(w->cx, LIMIT_FILES, names.len, w->from))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        enum file_kind kind = names.at[i].kind;
        str path = source_join(w->cx->arena, here->path, names.at[i].name);
        if (w->filter && w->filter->skip(w->filter->who, path, kind))
            continue;
        if (kind != FILE_FOLDER)
            listing_add(w->cx, w->out, path, kind);
        else if (!walk_into(w, here, names.at[i].name, path))
            return false;
    }
    return true;
}

bool folder_walk(struct context *cx, const struct folder *f, struct pos from,
                 const struct walk_filter *filter, struct listing *out)
{
    struct walk w = { cx, f, from, filter, out };
    struct level top = { .folder = f, .path = S("") };
    *out = (struct listing){ 0 };
    return walk_level(&w, &top);
}
