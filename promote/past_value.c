/* Values, commit by commit (libgit2).
 *
 * A commit is rendered only when its tree would have answered otherwise than the one after it what
 * that one's render asked. Each render has a context of its own, which lives until the next one. */
#include "promote/past_value.h"

#include <git2.h>

#include "promote/affected.h"
#include "promote/explain_values.h"
#include "promote/match.h"
#include "render/base/library.h"
#include "render/doc/edit_print.h"
#include "render/source/git.h"

enum { COMMITS_MOST = 5000, VALUES_MOST = 50 };

struct past_calls {
    __typeof__(git_commit_author) *commit_author;
    __typeof__(git_commit_free) *commit_free;
    __typeof__(git_commit_lookup) *commit_lookup;
    __typeof__(git_commit_parent_id) *commit_parent_id;
    __typeof__(git_commit_summary) *commit_summary;
    __typeof__(git_commit_time) *commit_time;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_oid_tostr) *oid_print;
    __typeof__(git_repository_path) *repository_path;
};
static struct past_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct past_calls, member, symbol)
static const struct library_symbol past_symbols[] = {
    ROW(commit_author, git_commit_author),     ROW(commit_free, git_commit_free),
    ROW(commit_lookup, git_commit_lookup),     ROW(commit_parent_id, git_commit_parent_id),
    ROW(commit_summary, git_commit_summary),   ROW(commit_time, git_commit_time),
    ROW(oid_from, git_oid_fromstrn),           ROW(oid_print, git_oid_tostr),
    ROW(repository_path, git_repository_path),
};
static struct library past_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", past_symbols,
                                               &git2) };

struct past {
    struct context *cx;
    str folder;      /* of the repository */
    str project;     /* from its top: of hoist.yaml, or of what is rendered */
    str environment; /* empty for a path */
    str document;    /* "Deployment/web"; empty for the values of a chart */
    str field;
    /* A branch for one environment need not hold the project's hoist.yaml. */
    const struct environment_row *row;
    struct context *inner;
    const struct environment *env; /* rendered in it; NULL where that failed */
};

static str value_said(struct arena *a, const struct node *n)
{
    struct buf b;
    buf_init(&b, a, 32);
    if (node_is_scalar(n) && str_has_char(n->text, '\n'))
        buf_format(&b, "%zu bytes of text", n->text.len);
    else if (node_is_scalar(n))
        edit_print_scalar(&b, n, STYLE_PLAIN);
    else
        buf_format(&b, n->kind == NODE_MAP ? "a map of %u" : "a list of %u", n->len);
    return buf_take(&b);
}

/* Commits. */

static bool describe(struct past *p, struct past_value *v)
{
    git_oid oid;
    git_commit *commit;
    struct repository *repository = repository_at(p->cx, p->folder, NOWHERE);
    if (!repository || git2.oid_from(&oid, v->commit.at, v->commit.len) < 0)
        return false;
    if (git2.commit_lookup(&commit, repository_handle(repository), &oid) < 0)
        return report_git(p->cx, NOWHERE, "read a commit");
    const git_signature *author = git2.commit_author(commit);
    const char *summary = git2.commit_summary(commit);
    v->when = git2.commit_time(commit);
    v->author = str_dup(p->cx->arena, str_from(author ? author->name : NULL));
    v->summary = str_dup(p->cx->arena, str_from(summary));
    git2.commit_free(commit);
    return true;
}

/* False without a report at the first commit, and where a clone ends. */
static bool parent_of(struct past *p, struct repository *repository, str commit, str *parent)
{
    git_oid oid;
    git_commit *c;
    char hex[GIT_OID_HEXSZ + 1];
    if (git2.oid_from(&oid, commit.at, commit.len) < 0
        || git2.commit_lookup(&c, repository_handle(repository), &oid) < 0)
        return false;
    const git_oid *id = git2.commit_parent_id(c, 0);
    git_commit *there = NULL;
    bool found = id && git2.commit_lookup(&there, repository_handle(repository), id) == 0;
    if (found)
        *parent = str_dup(p->cx->arena, str_from(git2.oid_print(hex, sizeof hex, id)));
    if (there)
        git2.commit_free(there);
    git2.commit_free(c);
    return found;
}

/* One render. */

struct job {
    struct past *p;
    str commit;
    const struct environment *env;
    const struct node *values; /* of its chart */
    str value;
};

static struct environment *open_path(struct context *cx, struct folder *folder)
{
    struct render_path path;
    if (!folder || !render_path_in(cx, folder, &path))
        return NULL;
    struct environment *env = NEW(cx->arena, struct environment);
    *env = (struct environment){ .name = folder->path };
    environment_add(cx, env, path);
    return env;
}

static bool render(struct context *cx, void *arg)
{
    struct job *job = arg;
    const struct past *p = job->p;
    struct repository *repository = repository_at(cx, p->folder, NOWHERE);
    struct source *src = repository ? source_git(cx, repository, job->commit, NOWHERE) : NULL;
    struct folder *folder =
        src ? source_folder(cx, src, p->project.len ? p->project : S("."), NOWHERE) : NULL;
    struct environment *env = NULL;
    if (p->environment.len) {
        struct project *project = folder ? project_read(cx, folder) : NULL;
        const struct environment_row *row = p->row;
        if (project && !row)
            row = project_find(project, p->environment);
        env = row ? environment_open(cx, folder, row) : NULL;
    } else {
        env = open_path(cx, folder);
    }
    if (env && !p->document.len)
        job->values = explain_values(cx, env);
    bool ok = env && (p->document.len ? environment_finish(cx, env) : job->values != NULL);
    job->env = ok ? env : NULL;
    return ok;
}

static bool open_inner(struct past *p)
{
    const struct context *cx = p->cx;
    context_free(p->inner);
    p->inner = context_new(&(struct context_options){
        .home = cx->home, .timezone = cx->timezone, .now = cx->now, .memory = cx->memory });
    if (!p->inner)
        return report_surroundings(p->cx, NOWHERE, "there is no memory to look back");
    p->inner->switches = cx->switches;
    p->inner->limits.deadline_ns = cx->limits.deadline_ns;
    diag_mute(p->inner);
    return true;
}

static bool find_value(struct context *cx, void *arg)
{
    struct job *job = arg;
    const struct past *p = job->p;
    struct field field;
    const struct node *document = job->values;
    if (!document)
        document = explain_document(cx, &job->env->documents, p->document);
    const struct node *n = document && field_read(cx, document, p->field, &field)
                               ? field_find(document, &field)
                               : NULL;
    job->value = n ? value_said(p->cx->arena, n) : S("");
    return n != NULL;
}

/* What it was at a commit. False after a report. */
static bool look(struct past *p, str commit, struct past_value *out)
{
    struct job job = { .p = p, .commit = commit };
    *out = (struct past_value){ .commit = commit };
    if (!limit_time(p->cx, NOWHERE) || !open_inner(p))
        return false;
    out->rendered = context_run(p->inner, render, &job);
    p->env = out->rendered ? job.env : NULL;
    out->there = out->rendered && context_run(p->inner, find_value, &job);
    out->value = job.value;
    return true;
}

static bool differs(struct context *cx, void *arg)
{
    struct job *job = arg;
    struct repository *repository = repository_at(cx, job->p->folder, NOWHERE);
    struct source *then = repository ? source_git(cx, repository, job->commit, NOWHERE) : NULL;
    bool answer = true;
    return !then || !affected_by_tree(cx, job->env, then, &answer) || answer;
}

/* Would the older commit's tree have given the last render other answers? */
static bool is_other(struct past *p, str commit)
{
    struct job job = { .p = p, .commit = commit, .env = p->env };
    return !p->env || context_run(p->inner, differs, &job);
}

/* All of it. */

static void push(struct past *p, struct past_values *out, struct past_value v)
{
    ARENA_PUSH(p->cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = v;
}

static bool same_value(const struct past_value *a, const struct past_value *b)
{
    return a->rendered == b->rendered && a->there == b->there && str_eq(a->value, b->value);
}

static bool walk(struct past *p, struct repository *repository, str tip, struct past_values *out)
{
    struct past_value v;
    str commit = tip;
    if (!look(p, tip, &v))
        return false;
    bool committed = out->len && same_value(&out->at[0], &v);
    if (committed)
        out->at[0].commit = tip;
    else
        push(p, out, v);
    for (uint32_t i = 0; parent_of(p, repository, commit, &commit); i++) {
        struct past_value *last = &out->at[out->len - 1];
        out->more = i >= COMMITS_MOST || out->len >= VALUES_MOST;
        if (out->more)
            return true;
        bool other = is_other(p, commit);
        if (other && !look(p, commit, &v))
            return false;
        if (!other || same_value(last, &v))
            last->commit = commit;
        else
            push(p, out, v);
    }
    return true;
}

static void free_inner(void *past)
{
    struct past *p = past;
    context_free(p->inner);
    p->inner = NULL;
}

/* Where the history begins. */

/* From the top of the repository; what is not in it has no history. */
static bool below_top(struct context *cx, const struct folder *folder, str top, str *out)
{
    top = str_trim_suffix(top, S("/"));
    if (folder->source->closed || !top.len || !str_starts(folder->real, top))
        return report(cx, NOWHERE, "'%.*s' is in no working tree, so it has no history here",
                      STR(folder->path));
    *out = str_trim_prefix(str_skip(folder->real, top.len), S("/"));
    return true;
}

/* Of a folder of a revision: that revision. Of one on disk: HEAD, and what is not committed. */
static bool find_tip(struct past *p, const struct folder *folder, struct repository **repository,
                     str *tip, bool *on_disk)
{
    struct context *cx = p->cx;
    str revision = S("HEAD");
    *on_disk = !source_git_revision(folder->source, repository, &revision);
    if (*on_disk && !(*repository = repository_open(cx, folder->real, NOWHERE)))
        return false;
    if (!library_open(cx, &past_library)
        || !revision_commit(cx, *repository, revision, NOWHERE, tip))
        return false;
    p->folder = repository_worktree(*repository);
    if (!p->folder.len)
        p->folder =
            str_dup(cx->arena, str_from(git2.repository_path(repository_handle(*repository))));
    if (*on_disk)
        return below_top(cx, folder, repository_worktree(*repository), &p->project);
    p->project = str_trim_prefix(folder->real, S("/"));
    return true;
}

static str word_of(struct context *cx, const struct node *document)
{
    struct identity id = identity_of(document);
    return str_format(cx->arena, "%.*s/%.*s", STR(id.gvk.kind), STR(name_without_hash(id.name)));
}

bool past_values_of(struct context *cx, const struct environment *env, const struct node *document,
                    bool of_chart, const struct field *f, struct past_values *out)
{
    const struct folder *folder = env->row ? env->project : env->at.folder;
    struct repository *repository;
    bool on_disk;
    str tip;
    *out = (struct past_values){ 0 };
    if (!folder)
        return report(cx, NOWHERE, "'%.*s' is no folder, so it has no history", STR(env->name));
    struct past *p = NEW(cx->arena, struct past);
    *p = (struct past){ .cx = cx, .field = field_print(cx->arena, f) };
    p->environment = env->row ? env->row->name : S("");
    p->document = of_chart ? S("") : word_of(cx, document);
    if (!find_tip(p, folder, &repository, &tip, &on_disk))
        return false;
    p->row = env->row && env->row->branch.len && !on_disk ? env->row : NULL;
    arena_defer(cx->arena, free_inner, p);
    if (on_disk)
        push(p, out,
             (struct past_value){ .rendered = true,
                                  .there = true,
                                  .value = value_said(cx->arena, field_find(document, f)) });
    bool ok = walk(p, repository, tip, out);
    for (uint32_t i = 0; ok && i < out->len; i++)
        ok = !out->at[i].commit.len || describe(p, &out->at[i]);
    return ok;
}
