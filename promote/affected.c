/* Answers of sources, asked for again.
 *
 * hoist.yaml is read by all environments, and says a little about each: an environment is reached by
 * a change of it when its own entry has changed. */
#include "promote/affected.h"

#include <stdlib.h>

#include "promote/commit.h"
#include "render/base/buf.h"
#include "render/source/git.h"

static void push_name(struct context *cx, struct names *list, str name)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = name;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const str *)a, *(const str *)b);
}

/* As a user in the working directory would write it. */
static str seen_from_here(struct arena *a, const struct source *src, str real)
{
    str here = src->here;
    uint32_t up = 0;
    while (!(str_starts(real, here) && (real.len == here.len || real.at[here.len] == '/'))) {
        here = str_slice(here, 0, (size_t)str_find_last(here, '/'));
        up++;
    }
    str below = str_skip(real, here.len + 1);
    if (src->closed || !up)
        return below.len ? below : S(".");
    struct buf b;
    buf_init(&b, a, real.len + 3 * (size_t)up);
    for (uint32_t i = 0; i < up; i++)
        buf_str(&b, i + 1 < up || below.len ? S("../") : S(".."));
    buf_str(&b, below);
    return buf_take(&b);
}

static bool holds(str outer, str inner)
{
    return str_starts(inner, outer) && (inner.len == outer.len || inner.at[outer.len] == '/');
}

/* Observing. */

static const struct diag *first_error(const struct diag *d)
{
    while (d && d->kind != DIAG_ERROR)
        d = d->next;
    return d;
}

/* "production", "origin/production", "refs/heads/production". */
static bool names_branch(str revision, str branch)
{
    revision = str_trim_prefix(revision, S("refs/heads/"));
    revision = str_trim_prefix(revision, S("refs/remotes/"));
    str remote;
    return str_eq(revision, branch)
           || (str_cut(revision, '/', &remote, &revision) && str_eq(revision, branch));
}

/* CI checks out a commit, and no branch. */
static bool is_checked_out(struct context *cx, const struct source *branch)
{
    struct repository *repository;
    str commit, head, other;
    if (!source_git_revision(branch, &repository, &commit))
        return false;
    diag_mute(cx);
    bool detached = !head_branch(cx, repository, &other);
    diag_unmute(cx);
    return detached && revision_commit(cx, repository, S("HEAD"), NOWHERE, &head)
           && str_eq(commit, head);
}

struct folder *affected_folder(struct context *cx, struct folder *project,
                               const struct environment_row *row, str revision)
{
    if (row->branch.len && !names_branch(revision, row->branch)) {
        struct folder *folder = environment_folder(cx, project, row);
        if (!folder || (folder != project && !is_checked_out(cx, folder->source)))
            return folder;
    }
    struct source *own = source_disk(cx, S(""));
    return own ? source_folder(cx, own, project->path, NOWHERE) : NULL;
}

struct affected *affected_observe(struct context *cx, const struct project *p,
                                  const struct environment_row *row, str revision)
{
    struct affected *a = NEW(cx->arena, struct affected);
    struct folder *folder = affected_folder(cx, p->folder, row, revision);
    a->row = row;
    if (!folder)
        return NULL;
    struct diags before = cx->diags;
    a->env = environment_open(cx, folder, row);
    if (a->env && environment_finish(cx, a->env))
        return a;
    const struct diag *why = first_error(diag_take_back(cx, before));
    a->failure = why ? why->message : S("it does not render");
    if (!a->env) {
        a->env = NEW(cx->arena, struct environment);
        *a->env = (struct environment){ .name = row->name, .row = row, .project = folder };
    }
    environment_reads_from(cx, a->env, folder->source);
    return a;
}

struct environment *affected_environment(struct context *cx, str word)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct project *p = folder ? project_read(cx, folder) : NULL;
    const struct environment_row *row = p ? project_find(p, word) : NULL;
    if (!p || !row)
        return p ? environment_named(cx, word) : NULL;
    folder = environment_folder(cx, folder, row);
    struct source *own = folder == p->folder ? source_disk(cx, S("")) : NULL;
    if (own)
        folder = source_folder(cx, own, folder->path, NOWHERE);
    return folder ? environment_render(cx, folder, row) : NULL;
}

/* Comparing with a revision. */

struct comparison {
    struct context *cx;
    struct affected *out;
    const struct source *now;
    struct source *then; /* a tree of Git */
    str top;             /* of the working tree, which is the top of that one */
    struct map known;    /* paths that are in `out` already */
};

static void tell(struct comparison *c, str real, enum affected_how how)
{
    struct affected *a = c->out;
    if (map_put(&c->known, real, c))
        return;
    ARENA_PUSH(c->cx->arena, a->files, a->len, a->cap);
    a->files[a->len++] = (struct affected_file){ seen_from_here(c->cx->arena, c->now, real), how };
}

/* Its path in the tree; false for what lies outside. */
static bool path_then(const struct comparison *c, str real, str *out)
{
    if (!str_starts(real, c->top) || (real.len > c->top.len && real.at[c->top.len] != '/'))
        return false;
    *out = str_skip(real, c->top.len);
    return !str_starts(*out, S("/.git/")) && !str_eq(*out, S("/.git"));
}

static bool look_then(struct comparison *c, str path, bool read, struct look *l)
{
    *l = (struct look){ .path = path, .name = path, .read = read };
    return c->then->ops->look(c->cx, c->then, l);
}

static enum affected_how how_from(enum file_kind then, enum file_kind now)
{
    if (then == FILE_NONE)
        return AFFECTED_NEW;
    return now == FILE_NONE ? AFFECTED_GONE : AFFECTED_CHANGED;
}

static bool compare_text(struct comparison *c, str real, const struct text *text)
{
    struct look l;
    str path;
    if (!path_then(c, real, &path))
        return true;
    if (!look_then(c, path, true, &l))
        return false;
    if (l.kind != FILE_PLAIN || !str_eq(l.bytes, text->bytes))
        tell(c, real, how_from(l.kind, FILE_PLAIN));
    return true;
}

static bool compare_look(struct comparison *c, str real, const struct looked *now)
{
    struct look l;
    str path;
    if (!path_then(c, real, &path))
        return true;
    if (!look_then(c, path, false, &l))
        return false;
    if (l.kind != now->kind || (l.kind == FILE_LINK && !str_eq(l.bytes, now->target)))
        tell(c, real, how_from(l.kind, now->kind));
    return true;
}

static const struct listed *find_name(const struct listing *list, str name)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (str_eq(list->at[i].name, name))
            return &list->at[i];
    }
    return NULL;
}

static void tell_in(struct comparison *c, str folder, str name, enum affected_how how)
{
    str real = str_format(c->cx->arena, "%.*s/%.*s", STR(folder), STR(name));
    str path;
    if (path_then(c, real, &path))
        tell(c, real, how);
}

static bool compare_list(struct comparison *c, str real, const struct listing *now)
{
    struct listing then = { 0 };
    struct look l;
    str path;
    if (!path_then(c, real, &path))
        return true;
    if (!look_then(c, path, false, &l))
        return false;
    if (l.kind == FILE_FOLDER && !c->then->ops->list(c->cx, c->then, &l, &then))
        return false;
    for (uint32_t i = 0; i < now->len; i++) {
        if (!find_name(&then, now->at[i].name))
            tell_in(c, real, now->at[i].name, AFFECTED_NEW);
    }
    for (uint32_t i = 0; i < then.len; i++) {
        if (!find_name(now, then.at[i].name))
            tell_in(c, real, then.at[i].name, AFFECTED_GONE);
    }
    return true;
}

static bool is_project_file(const struct project *p, str real)
{
    str path;
    return p->text && source_path(p->folder->source, p->text, &path) && str_eq(path, real);
}

static bool compare_source(struct comparison *c, const struct project *p)
{
    const struct source *src = c->now;
    bool ok = true;
    for (uint32_t i = 0; ok && i < src->texts.len; i++) {
        const struct map_entry *e = &src->texts.entries[i];
        if (e->value && !is_project_file(p, e->key))
            ok = compare_text(c, e->key, e->value);
    }
    for (uint32_t i = 0; ok && i < src->looks.len; i++)
        ok = compare_look(c, src->looks.entries[i].key, src->looks.entries[i].value);
    for (uint32_t i = 0; ok && i < src->lists.len; i++)
        ok = compare_list(c, src->lists.entries[i].key, src->lists.entries[i].value);
    return ok;
}

/* Its entry in hoist.yaml. */

static bool same_values(const struct environment_row *a, const struct environment_row *b)
{
    for (uint32_t i = 0; i < a->value_count; i++) {
        if (i >= b->value_count || !str_eq(a->values[i].path, b->values[i].path))
            return false;
    }
    return a->value_count == b->value_count;
}

static bool same_nodes(const struct node *a, const struct node *b)
{
    return a == b || (a && b && node_equal(a, b));
}

static bool same_row(const struct environment_row *a, const struct environment_row *b)
{
    return str_eq(a->path, b->path) && str_eq(a->application, b->application)
           && str_eq(a->branch, b->branch) && str_eq(a->release, b->release)
           && str_eq(a->namespace_, b->namespace_) && str_eq(a->kube_version, b->kube_version)
           && same_nodes(a->api_versions, b->api_versions) && same_nodes(a->set, b->set)
           && same_values(a, b);
}

static bool compare_row(struct comparison *c, const struct project *p)
{
    str real, path;
    struct look l;
    if (!p->text || !source_path(p->folder->source, p->text, &real) || !path_then(c, real, &path))
        return true;
    if (!look_then(c, path, true, &l))
        return false;
    if (l.kind == FILE_PLAIN && str_eq(l.bytes, p->text->bytes))
        return true;
    struct diags before = c->cx->diags;
    str folder = str_skip(path, 1), name;
    if (!str_cut_last(folder, '/', &folder, &name))
        folder = S(".");
    struct folder *then = source_folder(c->cx, c->then, folder, NOWHERE);
    struct project *old = then ? project_read(c->cx, then) : NULL;
    const struct environment_row *row = old ? project_find(old, c->out->row->name) : NULL;
    diag_take_back(c->cx, before);
    if (!row || !same_row(row, c->out->row))
        tell(c, real, how_from(l.kind, FILE_PLAIN));
    return true;
}

/* Of a new folder, what it holds says enough. */
static void drop_folders(struct affected *a)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < a->len; i++) {
        bool held = false;
        for (uint32_t k = 0; k < a->len && !held; k++)
            held = k != i && holds(a->files[i].path, a->files[k].path);
        if (!held)
            a->files[kept++] = a->files[i];
    }
    a->len = kept;
}

bool affected_since(struct context *cx, struct affected *a, const struct project *p,
                    struct repository *repository, str commit)
{
    struct comparison c = { .cx = cx, .out = a, .known.arena = cx->arena };
    c.top = str_trim_suffix(repository_worktree(repository), S("/"));
    c.then = source_git(cx, repository, commit, NOWHERE);
    c.now = p->folder->source;
    if (!c.then || !compare_row(&c, p))
        return false;
    for (uint32_t i = 0; i < a->env->source_count; i++) {
        c.now = a->env->sources[i];
        if (!c.now->closed && !compare_source(&c, p))
            return false;
    }
    drop_folders(a);
    return true;
}

bool affected_by_tree(struct context *cx, const struct environment *env, struct source *then,
                      bool *other)
{
    static const struct project none;
    struct affected told = { 0 };
    struct comparison c = { .cx = cx, .out = &told, .then = then, .known.arena = cx->arena };
    c.top = S("");
    for (uint32_t i = 0; i < env->source_count && !told.len; i++) {
        c.now = env->sources[i];
        if (!c.now->far && !compare_source(&c, &none))
            return false;
    }
    *other = told.len > 0;
    return true;
}

/* By paths. */

static bool asked_for(const struct source *src, str real)
{
    str folder, name;
    const struct looked *l = map_get(&src->looks, real);
    if (map_get(&src->texts, real) || l)
        return true;
    if (!str_cut_last(real, '/', &folder, &name))
        return false;
    if (map_get(&src->lists, folder))
        return true;
    /* Below a folder that was looked for in vain. */
    while (folder.len) {
        l = map_get(&src->looks, folder);
        if (l && l->kind == FILE_NONE)
            return true;
        folder = str_slice(folder, 0, (size_t)str_find_last(folder, '/'));
    }
    return false;
}

bool affected_by(struct context *cx, struct affected *a, const str *paths, size_t n)
{
    struct comparison c = { .cx = cx, .out = a, .known.arena = cx->arena };
    for (size_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < a->env->source_count; k++) {
            c.now = a->env->sources[k];
            str real = source_join(cx->arena, c.now->here, paths[i]);
            if (!c.now->closed && asked_for(c.now, real))
                tell(&c, real, AFFECTED_CHANGED);
        }
    }
    return true;
}

/* What it reads. */

bool affected_reads(struct context *cx, const struct environment *env, struct names *out)
{
    *out = (struct names){ 0 };
    for (uint32_t i = 0; i < env->source_count; i++) {
        const struct source *src = env->sources[i];
        for (uint32_t k = 0; k < src->texts.len; k++) {
            const struct map_entry *e = &src->texts.entries[k];
            str path = e->value ? seen_from_here(cx->arena, src, e->key) : S("");
            if (path.len)
                push_name(cx, out, str_concat(cx->arena, src->name, path));
        }
    }
    if (out->len)
        qsort(out->at, out->len, sizeof *out->at, by_text);
    return true;
}

static str folder_of(str real)
{
    return str_slice(real, 0, (size_t)str_find_last(real, '/'));
}

/* "../../base" from "/a/overlays/x" to "/a/base". */
static str seen_from(struct arena *a, str from, str to)
{
    struct source at = { .here = from };
    return seen_from_here(a, &at, to);
}

bool affected_paths(struct context *cx, const struct environment *env, str *out)
{
    struct names folders = { 0 };
    const struct folder *own = env->at.folder;
    if (!own)
        return report(cx, NOWHERE, "'%.*s' is no folder, as an Application renders one",
                      STR(env->name));
    /* A change of the Application itself is noticed without it. */
    str itself = env->row && env->row->application.len
                     ? source_join(cx->arena, env->project->real, env->row->application)
                     : S("");
    push_name(cx, &folders, own->real);
    for (uint32_t i = 0; i < env->source_count; i++) {
        const struct source *src = env->sources[i];
        for (uint32_t k = 0; src == own->source && k < src->texts.len; k++) {
            if (src->texts.entries[k].value && !str_eq(src->texts.entries[k].key, itself))
                push_name(cx, &folders, folder_of(src->texts.entries[k].key));
        }
    }
    /* Sorted, a folder stands before all that it holds, but for its neighbours "a-b" of "a". */
    qsort(folders.at, folders.len, sizeof *folders.at, by_text);
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_char(&b, '.');
    for (uint32_t i = 0; i < folders.len; i++) {
        bool held = holds(own->real, folders.at[i]);
        for (uint32_t k = 0; k < i && !held; k++)
            held = holds(folders.at[k], folders.at[i]);
        if (!held)
            buf_format(&b, ";%.*s", STR(seen_from(cx->arena, own->real, folders.at[i])));
    }
    *out = buf_take(&b);
    return true;
}
