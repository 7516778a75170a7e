/* A tree of files behind a few calls.
 *
 * Names are cleaned before links are followed, as kustomize does: "link/../x" is "x". Then
 * the folder of a file is resolved once, link by link, and remembered, so a file costs no
 * more than its own open; a link at the end is found by the open that refuses it. */
#include "render/source/source.h"

#include <stdlib.h>

#include "render/base/suggest.h"

enum { PATH_MOST = 4095, LINKS_MOST = 40 };

/* Why there is no file or folder at the end of a path. */
enum trouble { NO_TROUBLE, ABSENT, OUTSIDE, LINK_LOOP, NO_PATH, REPORTED };

/* What was asked for, and how far following it has come. */
struct search {
    struct context *cx;
    struct source *src;
    str path; /* as the user would write it */
    str name; /* the same, with the source's name before it */
    struct pos from;
    uint32_t links;
    str link; /* the first target on the way */
    enum trouble trouble;
    struct mark before; /* paths on the way live in scratch; those of what was found are kept */
};

static bool fail(struct search *s, enum trouble trouble)
{
    s->trouble = trouble;
    return false;
}

static size_t without_last(const char *path, size_t len, size_t floor)
{
    while (len > floor && path[len - 1] != '/')
        len--;
    return len > floor ? len - 1 : floor;
}

static str clean(struct arena *a, str path)
{
    bool absolute = str_starts(path, S("/"));
    char *out = arena_alloc(a, path.len + 1);
    out[0] = '/';
    size_t n = absolute, floor = n; /* ".." takes nothing away below the floor */
    size_t size = path.len + 1;
    for (str part; str_next_field(&path, '/', &part);) {
        bool up = str_eq(part, S(".."));
        if (part.len == 0 || str_eq(part, S(".")) || (up && absolute && n == floor))
            continue;
        if (up && n > floor) {
            n = without_last(out, n, floor);
            continue;
        }
        if (n > absolute)
            out[n++] = '/';
        memcpy(out + n, part.at, part.len);
        n += part.len;
        floor = up ? n : floor;
    }
    arena_shrink(a, out, size, n);
    return n ? (str){ out, n } : S(".");
}

/* Most paths are clean, and cost no more than this look. */
static bool is_clean(str path)
{
    if (str_starts(path, S("/")))
        return false;
    for (str part; str_next_field(&path, '/', &part);) {
        if (part.len == 0 || str_eq(part, S(".")) || str_eq(part, S("..")))
            return false;
    }
    return true;
}

static str below(struct arena *a, str folder, str name)
{
    char *at = arena_alloc(a, folder.len + name.len + 2);
    memcpy(at, folder.at, folder.len);
    at[folder.len] = '/';
    memcpy(at + folder.len + 1, name.at, name.len);
    at[folder.len + 1 + name.len] = 0;
    return (str){ at, folder.len + 1 + name.len };
}

str source_join(struct arena *a, str folder, str path)
{
    if (str_starts(path, S("/")))
        return clean(a, path);
    bool at_top = folder.len == 0 || str_eq(folder, S("."));
    if (is_clean(path))
        return at_top ? path : below(a, str_eq(folder, S("/")) ? S("") : folder, path);
    return clean(a, at_top ? path : below(a, folder, path));
}

static bool at_or_below(str real, str top)
{
    return str_starts(real, top) && (real.len == top.len || real.at[top.len] == '/');
}

static str parent_of(str real)
{
    ptrdiff_t slash = str_find_last(real, '/');
    return str_slice(real, 0, slash < 0 ? 0 : (size_t)slash);
}

static str terminated(struct arena *a, str s)
{
    return (str){ str_cstr(a, s), s.len };
}

/* The absolute form of a clean path. */
static bool absolute(struct search *s, str *out)
{
    struct arena *a = s->cx->scratch;
    str path = s->path;
    if (s->trouble == NO_PATH || path.len > PATH_MOST)
        return fail(s, NO_PATH);
    bool rooted = str_starts(path, S("/"));
    bool up = str_eq(path, S("..")) || str_starts(path, S("../"));
    if (s->src->closed && (rooted || up))
        return fail(s, OUTSIDE);
    if (str_eq(path, S(".")))
        *out = s->src->here;
    else if (rooted)
        *out = path.len == 1 ? S("") : terminated(a, path);
    else if (up)
        *out = terminated(a, str_trim_suffix(clean(a, below(a, s->src->here, path)), S("/")));
    else
        *out = below(a, s->src->here, path);
    return true;
}

/* The answer is kept without the bytes: those of files that are read are in `texts`. Gives the
 * path as it is kept. */
static str note_look(struct search *s, const struct look *l)
{
    static struct looked plain[] = {
        [FILE_NONE] = { FILE_NONE }, [FILE_PLAIN] = { FILE_PLAIN }, [FILE_FOLDER] = { FILE_FOLDER }
    };
    const struct map_entry *known = map_find(&s->src->looks, l->path);
    if (known)
        return known->key;
    struct looked *kept = &plain[l->kind];
    if (l->kind == FILE_LINK) {
        kept = NEW(s->cx->arena, struct looked);
        *kept = (struct looked){ FILE_LINK, l->bytes };
    }
    str path = terminated(s->cx->arena, l->path);
    map_put(&s->src->looks, path, kept);
    return path;
}

static bool look(struct search *s, str path, bool read, struct look *l)
{
    *l = (struct look){ .path = path, .name = s->name, .from = s->from, .read = read };
    if (!s->src->ops->look(s->cx, s->src, l))
        return fail(s, REPORTED);
    l->path = note_look(s, l);
    return true;
}

static bool follow(struct search *s, str folder, str target, struct look *end);

/* One name in a folder that holds no link itself; a link there is followed. */
static bool step(struct search *s, str folder, str name, struct look *end)
{
    if (!look(s, below(s->cx->scratch, folder, name), false, end))
        return false;
    if (end->kind == FILE_NONE)
        return fail(s, ABSENT);
    return end->kind != FILE_LINK || follow(s, folder, end->bytes, end);
}

/* Follows a link's target as the system does: each ".." is the parent of where one is. */
static bool follow(struct search *s, str folder, str target, struct look *end)
{
    if (++s->links > LINKS_MOST)
        return fail(s, LINK_LOOP);
    if (s->links == 1)
        s->link = target;
    if (target.len == 0 || target.len > PATH_MOST)
        return fail(s, ABSENT);
    if (str_starts(target, S("/"))) {
        if (s->src->closed)
            return fail(s, OUTSIDE);
        folder = S("");
    }
    *end = (struct look){ .path = folder, .kind = FILE_FOLDER };
    for (str part; str_next_field(&target, '/', &part);) {
        if (part.len == 0 || str_eq(part, S(".")))
            continue;
        if (end->kind != FILE_FOLDER)
            return fail(s, ABSENT);
        if (!str_eq(part, S(".."))) {
            if (!step(s, end->path, part, end))
                return false;
        } else if (end->path.len == 0 && s->src->closed) {
            return fail(s, OUTSIDE);
        } else {
            end->path = terminated(s->cx->scratch, parent_of(end->path));
        }
    }
    return true;
}

static str kept_path(struct search *s, str path)
{
    const struct map_entry *looked = map_find(&s->src->looks, path);
    return looked ? looked->key : terminated(s->cx->arena, path);
}

static str *know_folder(struct search *s, str path, str real)
{
    str *kept = NEW(s->cx->arena, str);
    *kept = kept_path(s, real);
    map_put(&s->src->folders, str_eq(path, real) ? *kept : str_dup(s->cx->arena, path), kept);
    return kept;
}

/* A path as the user would write it is mostly the end of the absolute one. */
static str kept_name(struct search *s, str name, str kept)
{
    return str_ends(kept, name) ? str_skip(kept, kept.len - name.len) : str_dup(s->cx->arena, name);
}

/* A folder's path with its links followed. Each folder on the way is looked at once in a run. */
static bool resolve_folder(struct search *s, str path, str *real)
{
    struct map *known = &s->src->folders;
    str begun = path;
    str *at;
    while (!(at = map_get(known, begun)))
        begun = parent_of(begun);
    str rest = begun.len < path.len ? str_skip(path, begun.len + 1) : (str){ 0 };
    for (str name; str_next_field(&rest, '/', &name);) {
        struct look end;
        if (!step(s, *at, name, &end))
            return false;
        if (end.kind != FILE_FOLDER)
            return fail(s, ABSENT);
        at = know_folder(s, str_slice(path, 0, (size_t)(name.at - path.at) + name.len), end.path);
    }
    *real = *at;
    return true;
}

/* What stands at a path in the end. A file is read, but not when it is out of `fence`. */
static bool find(struct search *s, const str *fence, bool read, struct look *end)
{
    str path, folder;
    if (!absolute(s, &path))
        return false;
    if (map_get(&s->src->folders, path)) {
        *end =
            (struct look){ .path = *(str *)map_get(&s->src->folders, path), .kind = FILE_FOLDER };
        return at_or_below(end->path, s->src->top) || fail(s, OUTSIDE);
    }
    str name = str_skip(path, parent_of(path).len + 1);
    if (!resolve_folder(s, parent_of(path), &folder))
        return false;
    str real = str_eq(folder, parent_of(path)) ? path : below(s->cx->scratch, folder, name);
    bool inside = at_or_below(real, s->src->top) && (!fence || at_or_below(real, *fence));
    if (!look(s, real, read && inside, end))
        return false;
    if (end->kind == FILE_NONE)
        return fail(s, ABSENT);
    bool link = end->kind == FILE_LINK;
    if (link && !follow(s, folder, end->bytes, end))
        return false;
    if (!at_or_below(end->path, s->src->top))
        return fail(s, OUTSIDE);
    bool again = read && end->kind == FILE_PLAIN && (link || !inside);
    if (again && (!fence || at_or_below(end->path, *fence)))
        return look(s, end->path, true, end);
    return true;
}

static void suggest_name(struct search *s)
{
    str path, folder;
    struct listing names = { 0 };
    if (s->cx->diags.muted || !absolute(s, &path) || !resolve_folder(s, parent_of(path), &folder))
        return;
    struct look l = { .path = folder, .name = s->name };
    diag_mute(s->cx);
    bool listed = s->src->ops->list(s->cx, s->src, &l, &names);
    diag_unmute(s->cx);
    if (!listed)
        return;
    str *candidates = NEW_ARRAY(s->cx->scratch, str, names.len);
    for (uint32_t i = 0; i < names.len; i++)
        candidates[i] = names.at[i].name;
    ptrdiff_t near = suggest(str_skip(path, parent_of(path).len + 1), candidates, names.len);
    if (near >= 0)
        hint(s->cx, NOWHERE, "did you mean '%.*s'?", STR(candidates[near]));
}

static bool report_trouble(struct search *s)
{
    switch (s->trouble) {
    case ABSENT:
        report(s->cx, s->from, "no file or folder '%.*s'", STR(s->name));
        if (s->link.len)
            note(s->cx, NOWHERE, "it is, or goes through, a link to '%.*s'", STR(s->link));
        else
            suggest_name(s);
        return false;
    case OUTSIDE:
        if (s->src->closed)
            return report(s->cx, s->from, "security; '%.*s' leads out of its tree", STR(s->name));
        return report(s->cx, s->from, "security; '%.*s' is not in or below '%.*s'", STR(s->name),
                      STR(s->src->top));
    case LINK_LOOP:
        return report(s->cx, s->from, "'%.*s' goes through too many links", STR(s->name));
    case NO_PATH:
        return report(s->cx, s->from, "a path is too long or holds a zero byte");
    case NO_TROUBLE:
    case REPORTED:
        break;
    }
    return false;
}

static struct search search(struct context *cx, struct source *src, str folder, str path,
                            struct pos from)
{
    struct search s = { .cx = cx, .src = src, .from = from, .before = arena_mark(cx->scratch) };
    if (path.len > PATH_MOST || str_has_char(path, 0)) {
        path = S(".");
        s.trouble = NO_PATH;
    }
    s.path = source_join(cx->scratch, folder, path);
    s.name = src->name.len ? str_concat(cx->scratch, src->name, s.path) : s.path;
    return s;
}

static void search_end(struct search *s)
{
    arena_rewind(s->cx->scratch, s->before);
}

static bool report_fence(struct search *s, const struct folder *f, const struct look *end)
{
    report(s->cx, s->from, "security; file '%.*s' is not in or below '%.*s%.*s'", STR(s->name),
           STR(s->src->name), STR(f->path));
    str path;
    if (absolute(s, &path) && !str_eq(path, end->path))
        note(s->cx, NOWHERE, "links lead to '%.*s%.*s'", STR(s->src->name),
             STR(str_trim_prefix(end->path, s->src->closed ? S("/") : S(""))));
    return false;
}

static str text_name(struct search *s, const struct look *end, str kept)
{
    if (!end->maker.len)
        return kept_name(s, s->name, kept);
    return str_format(s->cx->arena, "%.*s (of %.*s)", STR(s->name), STR(end->maker));
}

static struct text *add_text(struct search *s, const struct look *end)
{
    struct map_entry *e = map_entry(&s->src->texts, kept_path(s, end->path));
    if (!e->value && end->bytes.len > UINT32_MAX)
        report(s->cx, s->from, "'%.*s' is larger than 4 GiB", STR(s->name));
    else if (!e->value && limit_count(s->cx, LIMIT_FILES, 1, s->from))
        e->value = text_add(s->cx, text_name(s, end, e->key), end->bytes);
    return e->value;
}

static enum file_kind take(struct search *s, const struct folder *f, struct text **text)
{
    const str *fence = f && !s->src->unfenced ? &f->real : NULL;
    struct look end;
    str path;
    /* A file read before is known by its own path; a link to it is followed again. */
    bool known = absolute(s, &path) && (!fence || at_or_below(path, *fence));
    *text = known ? map_get(&s->src->texts, path) : NULL;
    if (*text)
        return FILE_PLAIN;
    if (!find(s, fence, true, &end)) {
        report_trouble(s);
        return FILE_NONE;
    }
    if (end.kind == FILE_FOLDER)
        return FILE_FOLDER;
    if (fence && !at_or_below(end.path, *fence)) {
        report_fence(s, f, &end);
        return FILE_NONE;
    }
    *text = add_text(s, &end);
    return *text ? FILE_PLAIN : FILE_NONE;
}

static struct text *read_file(struct search *s, const struct folder *f)
{
    struct text *text;
    if (take(s, f, &text) == FILE_FOLDER)
        report(s->cx, s->from, "'%.*s' is a folder; a file is needed here", STR(s->name));
    return text;
}

static bool read_pipe(struct search *s, struct look *l)
{
    *l = (struct look){ .path = terminated(s->cx->scratch, s->path), .name = s->name };
    l->from = s->from;
    l->read = l->pipes = true;
    return !s->src->closed && !s->src->top.len && s->trouble != NO_PATH
           && s->src->ops->look(s->cx, s->src, l) && l->kind == FILE_PLAIN;
}

static enum file_kind kind_of(struct search *s)
{
    struct look end;
    diag_mute(s->cx);
    bool found = find(s, NULL, false, &end);
    diag_unmute(s->cx);
    return found ? end.kind : FILE_NONE;
}

static struct folder *enter(struct search *s)
{
    struct look end;
    str path;
    if (!find(s, NULL, false, &end) || !absolute(s, &path)) {
        report_trouble(s);
        return NULL;
    }
    if (end.kind != FILE_FOLDER) {
        report(s->cx, s->from, "'%.*s' is a file; a folder is needed here", STR(s->name));
        return NULL;
    }
    struct folder *f = NEW(s->cx->arena, struct folder);
    *f = (struct folder){ .source = s->src, .real = *know_folder(s, path, end.path) };
    str here = s->src->here;
    if (str_eq(path, f->real))
        f->path = kept_name(s, s->path, f->real);
    else if (str_eq(f->real, here))
        f->path = S(".");
    else if (at_or_below(f->real, here))
        f->path = str_skip(f->real, here.len + 1);
    else
        f->path = f->real.len ? f->real : S("/");
    return f;
}

struct text *source_read(struct context *cx, struct source *src, str path, struct pos from)
{
    struct search s = search(cx, src, S("."), path, from);
    struct look end;
    struct text *text = read_pipe(&s, &end) ? add_text(&s, &end) : read_file(&s, NULL);
    search_end(&s);
    return text;
}

enum file_kind source_kind(struct context *cx, struct source *src, str path)
{
    struct search s = search(cx, src, S("."), path, NOWHERE);
    enum file_kind kind = kind_of(&s);
    search_end(&s);
    return kind;
}

struct folder *source_folder(struct context *cx, struct source *src, str path, struct pos from)
{
    struct search s = search(cx, src, S("."), path, from);
    struct folder *found = enter(&s);
    search_end(&s);
    return found;
}

struct text *folder_read(struct context *cx, const struct folder *f, str path, struct pos from)
{
    struct search s = search(cx, f->source, f->path, path, from);
    struct text *text = read_file(&s, f);
    search_end(&s);
    return text;
}

enum file_kind folder_kind(struct context *cx, const struct folder *f, str path)
{
    struct search s = search(cx, f->source, f->path, path, NOWHERE);
    enum file_kind kind = kind_of(&s);
    search_end(&s);
    return kind;
}

enum file_kind folder_take(struct context *cx, const struct folder *f, str path, struct pos from,
                           struct text **text)
{
    struct search s = search(cx, f->source, f->path, path, from);
    enum file_kind kind = take(&s, f, text);
    search_end(&s);
    return kind;
}

struct folder *folder_enter(struct context *cx, const struct folder *f, str path, struct pos from)
{
    struct search s = search(cx, f->source, f->path, path, from);
    struct folder *inner = enter(&s);
    search_end(&s);
    return inner;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct listed *)a)->name, ((const struct listed *)b)->name);
}

bool folder_list(struct context *cx, const struct folder *f, struct pos from, struct listing *out)
{
    *out = (struct listing){ 0 };
    struct search s = search(cx, f->source, f->path, S("."), from);
    struct look l = { .path = f->real, .name = s.name, .from = from };
    bool listed = f->source->ops->list(cx, f->source, &l, out);
    search_end(&s);
    if (!listed)
        return false;
    struct listing *kept = NEW(cx->arena, struct listing);
    kept->at = arena_copy(cx->arena, out->at, out->len * sizeof *out->at);
    kept->len = kept->cap = out->len;
    map_put(&f->source->lists, f->real, kept);
    for (uint32_t i = 0; i < out->len; i++) {
        if (out->at[i].kind == FILE_LINK)
            out->at[i].kind = folder_kind(cx, f, out->at[i].name);
    }
    if (out->len)
        qsort(out->at, out->len, sizeof *out->at, by_name);
    return true;
}

bool folder_holds(const struct folder *outer, const struct folder *inner)
{
    return outer->source == inner->source && at_or_below(inner->real, outer->real);
}

bool source_path(const struct source *src, const struct text *text, str *path)
{
    for (uint32_t i = 0; i < src->texts.len; i++) {
        if (src->texts.entries[i].value != text)
            continue;
        *path = str_skip(src->texts.entries[i].key, src->closed ? 1 : 0);
        return true;
    }
    return false;
}

static bool real_of(struct search *s, str *real)
{
    struct look end;
    str path, folder;
    if (find(s, NULL, false, &end)) {
        *real = kept_path(s, end.path);
        return end.kind == FILE_PLAIN
               || report(s->cx, s->from, "'%.*s' is a folder; a file is needed here", STR(s->name));
    }
    bool absent = s->trouble == ABSENT && s->links == 0;
    if (!absent || !absolute(s, &path) || !resolve_folder(s, parent_of(path), &folder))
        return report_trouble(s);
    *real = below(s->cx->arena, folder, str_skip(path, parent_of(path).len + 1));
    return true;
}

bool source_real(struct context *cx, struct source *src, str path, struct pos from, str *real)
{
    struct search s = search(cx, src, S("."), path, from);
    bool ok = real_of(&s, real);
    search_end(&s);
    return ok;
}

void source_begin(struct context *cx, struct source *src, const struct source_ops *ops, str name)
{
    *src = (struct source){ .ops = ops, .name = name, .closed = true };
    src->here = src->top = S("");
    src->texts.arena = src->folders.arena = cx->arena;
    src->looks.arena = src->lists.arena = cx->arena;
    map_put(&src->folders, S(""), arena_copy(cx->arena, &S(""), sizeof(str)));
}

void listing_add(struct context *cx, struct listing *l, str name, enum file_kind kind)
{
    ARENA_PUSH(cx->arena, l->at, l->len, l->cap);
    l->at[l->len++] = (struct listed){ name, kind };
}
