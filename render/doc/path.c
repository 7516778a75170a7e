/* Field paths in the three spellings that people use. */
#include "render/doc/path.h"

#include "render/base/buf.h"

struct splitter {
    struct arena *arena;
    struct buf part;
    struct path path;
    uint32_t cap;
};

static void end_part(struct splitter *s)
{
    ARENA_PUSH(s->arena, s->path.parts, s->path.len, s->cap);
    s->path.parts[s->path.len++] = str_dup(s->arena, buf_view(&s->part));
    s->part.len = 0;
}

static struct path split(struct arena *a, str text, char sep)
{
    struct splitter s = { .arena = a };
    buf_init(&s.part, a, text.len + 1);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\\' && i + 1 < text.len && text.at[i + 1] == sep)
            buf_char(&s.part, text.at[++i]);
        else if (c == sep)
            end_part(&s);
        else
            buf_char(&s.part, c);
    }
    end_part(&s);
    return s.path;
}

struct path path_slashed(struct arena *a, str text)
{
    return split(a, text, '/');
}

/* Parts from "[…" to "…]" are one, which without a "=" is a field. */
static void join_brackets(struct arena *a, struct path *p)
{
    uint32_t len = 0;
    for (uint32_t i = 0; i < p->len; i++) {
        str part = p->parts[i];
        if (str_starts(part, S("[")) && !str_ends(part, S("]"))) {
            uint32_t first = i;
            while (i + 1 < p->len && (i == first || !str_ends(p->parts[i], S("]"))))
                i++;
            part = str_join(a, p->parts + first, i + 1 - first, S("."));
            if (!str_has_char(part, '='))
                part = str_trim_chars(part, S("[]"));
        }
        p->parts[len++] = part;
    }
    p->len = len;
}

struct path path_dotted(struct arena *a, str text)
{
    struct path p = split(a, text.len > 1 && text.at[0] == '.' ? str_skip(text, 1) : text, '.');
    join_brackets(a, &p);
    return p;
}

bool path_pointer(struct arena *a, str text, struct path *out)
{
    *out = (struct path){ 0 };
    if (text.len == 0)
        return true;
    if (text.at[0] != '/')
        return false;
    *out = split(a, str_skip(text, 1), '/');
    for (uint32_t i = 0; i < out->len; i++) {
        str part = str_replace_all(a, out->parts[i], S("~1"), S("/"));
        out->parts[i] = str_replace_all(a, part, S("~0"), S("~"));
    }
    return true;
}

static bool is_index(str part)
{
    return part.len && str_trim_chars(part, S("0123456789")).len == 0;
}

str path_print(struct arena *a, struct path p)
{
    struct buf b;
    buf_init(&b, a, 64);
    for (uint32_t i = 0; i < p.len; i++) {
        str part = p.parts[i];
        if (is_index(part)) {
            buf_format(&b, "[%.*s]", STR(part));
            continue;
        }
        if (i && part.len && part.at[0] != '[')
            buf_char(&b, '.');
        buf_str(&b, part);
    }
    return buf_take(&b);
}
