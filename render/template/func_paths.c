/* Paths with slashes. Those of the operating system are the same here. */
#include "render/template/func.h"

static str path_arg(const struct call *c)
{
    return value_str(c->args[0]);
}

/* The shortest equal path: no "." or "..", no empty parts, "." for nothing. */
static str cleaned(struct arena *a, str path)
{
    bool rooted = str_starts(path, S("/"));
    char *out = arena_alloc(a, path.len + 2);
    size_t len = 0, floor = 0; /* nothing before `floor` can be undone by ".." */
    if (rooted)
        out[len++] = '/';
    floor = len;
    str rest = path, part;
    while (str_next_field(&rest, '/', &part)) {
        if (!part.len || str_eq(part, S(".")))
            continue;
        bool up = str_eq(part, S(".."));
        if (up && len > floor) {
            while (len > floor && out[len - 1] != '/')
                len--;
            len -= len > floor;
            continue;
        }
        if (up && rooted)
            continue;
        if (len > rooted)
            out[len++] = '/';
        memcpy(out + len, part.at, part.len);
        len += part.len;
        if (up)
            floor = len;
    }
    return len ? (str){ out, len } : S(".");
}

static struct value clean(struct call *c)
{
    return value_string(cleaned(c->arena, path_arg(c)));
}

static struct value base(struct call *c)
{
    str path = path_arg(c);
    if (!path.len)
        return value_string(S("."));
    while (path.len && path.at[path.len - 1] == '/')
        path.len--;
    path = str_skip(path, (size_t)(str_find_last(path, '/') + 1));
    return value_string(path.len ? path : S("/"));
}

static struct value dir(struct call *c)
{
    str path = path_arg(c);
    return value_string(
        cleaned(c->arena, str_slice(path, 0, (size_t)(str_find_last(path, '/') + 1))));
}

static struct value ext(struct call *c)
{
    str path = path_arg(c);
    path = str_skip(path, (size_t)(str_find_last(path, '/') + 1));
    ptrdiff_t dot = str_find_last(path, '.');
    return value_string(dot < 0 ? S("") : str_skip(path, (size_t)dot));
}

static struct value is_abs(struct call *c)
{
    return value_bool(str_starts(path_arg(c), S("/")));
}

const struct func path_funcs[] = {
    { "base", "s", base },
    { "clean", "s", clean },
    { "dir", "s", dir },
    { "ext", "s", ext },
    { "isAbs", "s", is_abs },
    { "osBase", "s", base },
    { "osClean", "s", clean },
    { "osDir", "s", dir },
    { "osExt", "s", ext },
    { "osIsAbs", "s", is_abs },
    { 0 },
};
