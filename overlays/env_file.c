/* Literals, files and env files, as kustomize reads them. */
#include "overlays/env_file.h"

#include "overlays/remote.h"
#include "render/base/map.h"
#include "render/base/unicode.h"

static void add(struct context *cx, struct pairs *out, str key, str value, struct pos pos)
{
    if (!out->at) /* many have one */
        out->at = NEW_ARRAY(cx->arena, struct pair, out->cap = 1);
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = (struct pair){ key, value, pos, pos };
}

static str without_quotes(str s)
{
    bool quoted = s.len >= 2 && s.at[0] == s.at[s.len - 1] && (s.at[0] == '"' || s.at[0] == '\'');
    return quoted ? str_slice(s, 1, s.len - 1) : s;
}

static bool read_literal(struct context *cx, const struct node *n, struct pairs *out)
{
    str key, value;
    if (!str_cut(n->text, '=', &key, &value) || key.len == 0)
        return report(cx, n->pos, "invalid literal source '%.*s', expected key=value",
                      STR(n->text));
    add(cx, out, key, without_quotes(value), n->pos);
    return true;
}

static str base_name(str path)
{
    str folder, name;
    path = str_trim_suffix(path, S("/"));
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

static bool read_file(struct context *cx, struct overlay *o, const struct node *n,
                      struct pairs *out)
{
    str key, path;
    if (!str_cut(n->text, '=', &key, &path)) {
        path = n->text;
        key = base_name(path);
    } else if (str_has_char(path, '=')) {
        return report(cx, n->pos, "the key or the path in '%.*s' contains '='", STR(n->text));
    } else if (key.len == 0 || path.len == 0) {
        return report(cx, n->pos, "missing %s in '%.*s'", key.len ? "path" : "key", STR(n->text));
    }
    const struct text *text = remote_read(cx, o, path, n->pos);
    if (!text)
        return false;
    add(cx, out, key, text->bytes, n->pos);
    out->at[out->len - 1].value_at = (struct pos){ text->id, 0 };
    return true;
}

static str trim_left(str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        if (!rune_is_space(utf8_next(s, &i)))
            return str_skip(s, at);
    }
    return S("");
}

static bool read_line(struct context *cx, str line, struct pos pos, struct pairs *out)
{
    str key, value;
    if (!utf8_valid(line))
        return report(cx, pos, "this line is not UTF-8");
    line = trim_left(line);
    if (line.len == 0 || line.at[0] == '#')
        return true;
    str_cut(line, '=', &key, &value);
    if (key.len)
        add(cx, out, key, value, pos);
    return true;
}

/* kustomize reads a file line by line into a room of 64 KiB, and takes what does not fit there for
 * the end of the file. hostile.py: "an env file with a line of a megabyte" */
static bool is_too_long(str rest)
{
    enum { ROOM = 65536 };
    return rest.len >= ROOM && !memchr(rest.at, '\n', ROOM);
}

static bool read_env(struct context *cx, struct overlay *o, const struct node *n, struct pairs *out)
{
    const struct text *text = remote_read(cx, o, n->text, n->pos);
    if (!text)
        return false;
    str rest = str_trim_prefix(text->bytes, S("\xEF\xBB\xBF"));
    str line;
    for (struct pos pos = { text->id, (uint32_t)(text->bytes.len - rest.len) };
         !is_too_long(rest) && str_next_line(&rest, &line);
         pos.offset = (uint32_t)(text->bytes.len - rest.len)) {
        if (!read_line(cx, line, pos, out))
            return false;
    }
    if (rest.len)
        warn(cx, (struct pos){ text->id, (uint32_t)(text->bytes.len - rest.len) },
             "this line has more than 65535 bytes: it is left out, and all behind it");
    return true;
}

/* Letters, digits, '-', '_' and '.'; not "." or "..". kustomize takes anything, and leaves
 * the refusal to the cluster. */
static bool check_key(struct context *cx, const struct pair *p)
{
    if (!cx->switches.strict)
        return true;
    bool ok = p->key.len > 0 && p->key.len <= 253 && !str_eq(p->key, S("."))
              && !str_starts(p->key, S(".."));
    for (size_t i = 0; ok && i < p->key.len; i++) {
        char c = p->key.at[i];
        ok = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
             || str_has_char(S("-._"), c);
    }
    return ok
           || report(cx, p->pos, "'%.*s' is not a valid key name: letters, digits, '-', '_' or '.'",
                     STR(p->key));
}

static bool check_all(struct context *cx, const struct pairs *pairs)
{
    struct map seen = { .arena = cx->scratch };
    struct mark before = arena_mark(cx->scratch);
    bool ok = true;
    for (uint32_t i = 0; ok && i < pairs->len; i++) {
        const struct pair *p = &pairs->at[i];
        const struct pair *first = map_put(&seen, p->key, (void *)p);
        ok = check_key(cx, p);
        if (ok && first) {
            ok = report(cx, p->pos, "the key '%.*s' is here twice", STR(p->key));
            note(cx, first->pos, "it is first set here");
        }
    }
    arena_rewind(cx->scratch, before);
    return ok;
}

bool pairs_read(struct context *cx, struct overlay *o, const struct node *generator,
                struct pairs *out)
{
    const struct node *envs = node_get(generator, KEY(ENVS));
    const struct node *literals = node_get(generator, KEY(LITERALS));
    const struct node *files = node_get(generator, KEY(FILES));
    for (uint32_t i = 0; node_is(envs, NODE_LIST) && i < envs->len; i++) {
        if (!read_env(cx, o, envs->items[i], out))
            return false;
    }
    for (uint32_t i = 0; node_is(literals, NODE_LIST) && i < literals->len; i++) {
        if (!read_literal(cx, literals->items[i], out))
            return false;
    }
    for (uint32_t i = 0; node_is(files, NODE_LIST) && i < files->len; i++) {
        if (!read_file(cx, o, files->items[i], out))
            return false;
    }
    return check_all(cx, out);
}
