/* .gitmodules says where a submodule comes from, the tree which commit of it is meant.
 *
 * An address in .gitmodules is the work of whoever wrote the repository: as for Git itself,
 * it may be remote or relative, but never a path of this machine nor a program to run. */
#include "render/source/submodules.h"

#include "render/base/buf.h"

struct submodule {
    str path; /* "/vendor/base" */
    struct git_remote_tree tree;
    struct source *source; /* NULL until it was entered */
};

struct joined {
    struct source source;
    struct source *outer;
    struct submodule *at;
    uint32_t len;
    uint32_t cap;
};

static struct submodule *holder(struct joined *j, str path)
{
    for (uint32_t i = 0; i < j->len; i++) {
        str top = j->at[i].path;
        if (str_starts(path, top) && (path.len == top.len || path.at[top.len] == '/'))
            return &j->at[i];
    }
    return NULL;
}

/* The submodule's own source; NULL after a report. */
static struct source *open_submodule(struct context *cx, struct submodule *m, struct pos from)
{
    if (m->source)
        return m->source;
    if (!limit_enter(cx, LIMIT_DEPTH, from))
        return NULL;
    diag_enter(cx, from, "in a submodule that is needed here");
    m->source = fetch_git_whole(cx, &m->tree, from);
    diag_leave(cx);
    limit_leave(cx, LIMIT_DEPTH);
    return m->source;
}

static bool joined_look(struct context *cx, struct source *src, struct look *l)
{
    struct joined *j = (struct joined *)src;
    struct submodule *m = holder(j, l->path);
    if (!m)
        return j->outer->ops->look(cx, j->outer, l);
    if (l->path.len == m->path.len) {
        l->kind = FILE_FOLDER;
        return true;
    }
    struct source *inner = open_submodule(cx, m, l->from);
    if (!inner)
        return false;
    str whole = l->path;
    l->path = str_skip(whole, m->path.len);
    bool ok = inner->ops->look(cx, inner, l);
    l->path = whole;
    return ok;
}

/* A link that is a submodule is a folder to those who list. */
static bool joined_list(struct context *cx, struct source *src, struct look *l, struct listing *out)
{
    struct joined *j = (struct joined *)src;
    struct submodule *m = holder(j, l->path);
    struct source *inner = m ? open_submodule(cx, m, l->from) : j->outer;
    if (!inner)
        return false;
    str whole = l->path;
    l->path = str_skip(whole, m ? m->path.len : 0);
    bool ok = inner->ops->list(cx, inner, l, out);
    l->path = whole;
    for (uint32_t i = 0; ok && !m && i < out->len; i++) {
        str path = str_format(cx->scratch, "%.*s/%.*s", STR(whole), STR(out->at[i].name));
        struct submodule *there = holder(j, path);
        if (there && there->path.len == path.len)
            out->at[i].kind = FILE_FOLDER;
    }
    return ok;
}

static const struct source_ops joined_ops = { joined_look, joined_list };

/* A value of Git's configuration: quotes and escapes undone, a comment cut. */
static str value_of(struct context *cx, str raw)
{
    struct buf b;
    bool quoted = false;
    raw = str_trim(raw);
    buf_init(&b, cx->arena, raw.len);
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.at[i];
        if (c == '"')
            quoted = !quoted;
        else if ((c == '#' || c == ';') && !quoted)
            break;
        else if (c == '\\' && i + 1 < raw.len)
            buf_char(&b, raw.at[++i]);
        else
            buf_char(&b, c);
    }
    return str_trim(buf_take(&b));
}

static bool is_relative(str url)
{
    return str_starts(url, S("./")) || str_starts(url, S("../"));
}

/* "../other" beside the repository that says so. */
static str beside(struct context *cx, str outer, str url)
{
    outer = str_trim_suffix(outer, S("/"));
    char between = '/';
    while (is_relative(url)) {
        bool up = str_starts(url, S("../"));
        url = str_skip(url, up ? 3 : 2);
        ptrdiff_t slash = up ? str_find_last(outer, '/') : -1;
        ptrdiff_t colon = up ? str_find_last(outer, ':') : -1;
        ptrdiff_t cut = slash > colon ? slash : colon;
        if (cut > 0) {
            between = outer.at[cut];
            outer = str_slice(outer, 0, (size_t)cut);
        }
    }
    return str_format(cx->arena, "%.*s%c%.*s", STR(outer), between, STR(url));
}

static bool is_remote(str url)
{
    static const str schemes[] = { S("https://"), S("http://"), S("ssh://"), S("git://") };
    for (size_t i = 0; i < countof(schemes); i++) {
        if (str_starts(url, schemes[i]))
            return true;
    }
    ptrdiff_t colon = str_find_char(url, ':');
    str host = str_slice(url, 0, colon < 0 ? 0 : (size_t)colon);
    bool scp = colon > 0 && !str_has_char(host, '/') && host.at[0] != '-';
    return scp && !str_starts(str_skip(url, (size_t)colon), S("::"))
           && !str_starts(str_skip(url, (size_t)colon), S("://"));
}

/* One section of .gitmodules is done. */
static bool add(struct context *cx, struct joined *j, const struct git_remote_tree *outer, str path,
                str url)
{
    str commit;
    path = source_join(cx->arena, S(""), path);
    if (!path.len || !url.len || !source_git_link(cx->arena, j->outer, path, &commit))
        return true;
    if (is_relative(url))
        url = beside(cx, outer->url, url);
    if (!is_remote(url))
        return true; /* as an unknown one: who enters it is told that it is a submodule */
    ARENA_PUSH(cx->arena, j->at, j->len, j->cap);
    j->at[j->len++] = (struct submodule){
        .path = str_concat(cx->arena, S("/"), path),
        .tree = { url, commit, outer->timeout_ns, true },
    };
    return limit_count(cx, LIMIT_NODES, 1, NOWHERE);
}

static bool read_modules(struct context *cx, struct joined *j, const struct git_remote_tree *outer,
                         const struct text *text)
{
    str rest = text->bytes, line, path = S(""), url = S(""), name, value;
    while (str_next_line(&rest, &line)) {
        line = str_trim(line);
        if (str_starts(line, S("["))) {
            if (!add(cx, j, outer, path, url))
                return false;
            path = url = S("");
        } else if (str_cut(line, '=', &name, &value)) {
            if (str_eq(str_trim(name), S("path")))
                path = value_of(cx, value);
            else if (str_eq(str_trim(name), S("url")))
                url = value_of(cx, value);
        }
    }
    return add(cx, j, outer, path, url);
}

struct source *fetch_git_whole(struct context *cx, const struct git_remote_tree *tree,
                               struct pos from)
{
    struct source *outer = fetch_git(cx, tree, from);
    if (!outer || !tree->submodules || source_kind(cx, outer, S(".gitmodules")) != FILE_PLAIN)
        return outer;
    struct text *text = source_read(cx, outer, S(".gitmodules"), from);
    struct joined *j = NEW(cx->arena, struct joined);
    source_begin(cx, &j->source, &joined_ops, outer->name);
    j->outer = outer;
    if (!text || !read_modules(cx, j, tree, text))
        return NULL;
    return j->len ? &j->source : outer;
}
