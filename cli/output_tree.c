/* Whatever fails, what was written so far is taken away again. */
#include "cli/output_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/output.h"

struct writing {
    struct context *cx;
    str path;        /* as the user says it */
    str beside;      /* where it grows */
    struct map made; /* folders, the outer first */
};

static bool cannot(struct writing *w)
{
    return report_surroundings(w->cx, NOWHERE, "can't write '%.*s': %s", STR(w->path),
                               strerror(errno));
}

static bool make_folder(struct writing *w, str path)
{
    if (map_get(&w->made, path))
        return true;
    if (mkdir(str_cstr(w->cx->arena, path), 0777) != 0)
        return cannot(w);
    map_put(&w->made, path, w);
    return true;
}

static bool make_folders(struct writing *w, str path)
{
    for (size_t i = w->beside.len + 1; i < path.len; i++) {
        if (path.at[i] == '/' && !make_folder(w, str_slice(path, 0, i)))
            return false;
    }
    return true;
}

static bool write_one(struct writing *w, const struct local_file *file)
{
    str path = str_format(w->cx->arena, "%.*s/%.*s", STR(w->beside), STR(file->path));
    if (!make_folders(w, path))
        return false;
    return file->folder ? make_folder(w, path) : output_file(w->cx, path, file->bytes);
}

static bool write_all(struct writing *w, const struct local_copy *copy)
{
    if (!make_folder(w, w->beside))
        return false;
    for (uint32_t i = 0; i < copy->len; i++) {
        if (!write_one(w, &copy->files[i]))
            return false;
    }
    return rename(str_cstr(w->cx->arena, w->beside), str_cstr(w->cx->arena, w->path)) == 0
           || cannot(w);
}

static void take_away(struct writing *w, const struct local_copy *copy)
{
    for (uint32_t i = 0; i < copy->len; i++)
        unlink(str_cstr(w->cx->arena, str_format(w->cx->arena, "%.*s/%.*s", STR(w->beside),
                                                 STR(copy->files[i].path))));
    for (uint32_t i = w->made.len; i > 0; i--)
        rmdir(str_cstr(w->cx->arena, w->made.entries[i - 1].key));
}

bool output_tree(struct context *cx, str path, const struct local_copy *copy, str *real)
{
    struct writing w = { .cx = cx, .path = path };
    w.beside = str_format(cx->arena, "%.*s.hoist-%ld", STR(path), (long)getpid());
    w.made.arena = cx->arena;
    if (!write_all(&w, copy)) {
        take_away(&w, copy);
        return false;
    }
    char *resolved = realpath(str_cstr(cx->arena, path), NULL);
    *real = resolved ? str_dup(cx->arena, str_from(resolved)) : path;
    free(resolved);
    return true;
}
