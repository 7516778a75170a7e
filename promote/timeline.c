/* Sets, commit by commit (libgit2).
 *
 * A commit is rendered only when one of the folders that the last render read from is
 * another. Each few renders have a context of their own, so that a long history takes no
 * more memory than a short one. */
#include "promote/timeline.h"

#include <git2.h>

#include "promote/environment.h"
#include "render/base/library.h"

struct timeline_calls {
    __typeof__(git_commit_author) *commit_author;
    __typeof__(git_commit_free) *commit_free;
    __typeof__(git_commit_id) *commit_id;
    __typeof__(git_commit_lookup) *commit_lookup;
    __typeof__(git_commit_message) *commit_message;
    __typeof__(git_commit_parent_id) *commit_parent_id;
    __typeof__(git_commit_parentcount) *commit_parentcount;
    __typeof__(git_commit_time) *commit_time;
    __typeof__(git_commit_tree) *commit_tree;
    __typeof__(git_oid_equal) *oid_equal;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_oid_tostr) *oid_print;
    __typeof__(git_repository_path) *repository_path;
    __typeof__(git_revwalk_free) *walk_free;
    __typeof__(git_revwalk_hide) *walk_hide;
    __typeof__(git_revwalk_new) *walk_new;
    __typeof__(git_revwalk_next) *walk_next;
    __typeof__(git_revwalk_push) *walk_push;
    __typeof__(git_revwalk_sorting) *walk_sorting;
    __typeof__(git_tree_entry_bypath) *tree_find;
    __typeof__(git_tree_entry_free) *entry_free;
    __typeof__(git_tree_entry_id) *entry_id;
    __typeof__(git_tree_free) *tree_free;
    __typeof__(git_tree_id) *tree_id;
};
static struct timeline_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct timeline_calls, member, symbol)
static const struct library_symbol timeline_symbols[] = {
    ROW(commit_author, git_commit_author),
    ROW(commit_free, git_commit_free),
    ROW(commit_id, git_commit_id),
    ROW(commit_lookup, git_commit_lookup),
    ROW(commit_message, git_commit_message),
    ROW(commit_parent_id, git_commit_parent_id),
    ROW(commit_parentcount, git_commit_parentcount),
    ROW(commit_time, git_commit_time),
    ROW(commit_tree, git_commit_tree),
    ROW(oid_equal, git_oid_equal),
    ROW(oid_from, git_oid_fromstrn),
    ROW(oid_print, git_oid_tostr),
    ROW(repository_path, git_repository_path),
    ROW(walk_free, git_revwalk_free),
    ROW(walk_hide, git_revwalk_hide),
    ROW(walk_new, git_revwalk_new),
    ROW(walk_next, git_revwalk_next),
    ROW(walk_push, git_revwalk_push),
    ROW(walk_sorting, git_revwalk_sorting),
    ROW(tree_find, git_tree_entry_bypath),
    ROW(entry_free, git_tree_entry_free),
    ROW(entry_id, git_tree_entry_id),
    ROW(tree_free, git_tree_free),
    ROW(tree_id, git_tree_id),
};
static struct library timeline_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5",
                                                   timeline_symbols, &git2) };

enum { COMMITS_MOST = 50000, MESSAGES_MOST = 200, RENDERS_EACH = 16 };

/* A folder that was read, and the tree that stood there. */
struct seen {
    str folder;
    git_oid tree;
    bool there;
};

/* What one commit ran. */
struct glance {
    struct image_ref *at;
    uint32_t len;
    bool rendered;
    struct seen *seen;
    uint32_t seen_len;
};

struct timeline {
    struct context *cx;
    struct timeline_request request;
    git_repository *repository;
    struct context *inner; /* what renders are made in, for a while */
    uint32_t renders;
    git_commit *commit; /* where it stands: the newest that was not given yet */
    struct glance look; /* of it */
    uint32_t commits;
    bool over;
};

static str oid_str(struct context *cx, const git_oid *oid)
{
    char hex[GIT_OID_HEXSZ + 1];
    return str_dup(cx->arena, str_from(git2.oid_print(hex, sizeof hex, oid)));
}

/* Rendering. */

struct render_job {
    struct timeline *t;
    str commit;
    struct environment *env;
};

static struct folder *folder_at(struct context *cx, struct repository *r, str commit, str folder)
{
    struct source *src = source_git(cx, r, commit, NOWHERE);
    return src ? source_folder(cx, src, folder, NOWHERE) : NULL;
}

/* Everything of it in the inner context, the project too: keys are compared by pointer. */
static bool render(struct context *cx, void *arg)
{
    struct render_job *job = arg;
    const struct timeline_request *r = &job->t->request;
    struct repository *repository =
        repository_at(cx, str_from(git2.repository_path(job->t->repository)), NOWHERE);
    struct folder *rules = repository ? folder_at(cx, repository, r->rules, r->folder) : NULL;
    struct project *p = rules ? project_read(cx, rules) : NULL;
    const struct environment_row *row = p ? project_find(p, r->environment) : NULL;
    struct folder *folder = row ? folder_at(cx, repository, job->commit, r->folder) : NULL;
    job->env = folder ? environment_render(cx, folder, row) : NULL;
    return job->env;
}

static void free_inner(void *timeline)
{
    struct timeline *t = timeline;
    context_free(t->inner);
    t->inner = NULL;
}

static bool open_inner(struct timeline *t)
{
    const struct context *cx = t->cx;
    if (t->inner && t->renders++ < RENDERS_EACH) {
        limits_default(&t->inner->limits);
        t->inner->limits.deadline_ns = cx->limits.deadline_ns;
        return true;
    }
    free_inner(t);
    t->renders = 1;
    t->inner = context_new(&(struct context_options){
        .home = cx->home, .timezone = cx->timezone, .now = cx->now, .memory = cx->memory });
    if (!t->inner)
        return report_surroundings(t->cx, NOWHERE, "there is no memory to look back");
    t->inner->switches = cx->switches;
    t->inner->limits.deadline_ns = cx->limits.deadline_ns;
    diag_mute(t->inner);
    return true;
}

static struct image_ref copy_ref(struct arena *a, struct image_ref ref)
{
    return (struct image_ref){ str_dup(a, ref.name), str_dup(a, ref.host), str_dup(a, ref.path),
                               str_dup(a, ref.tag), str_dup(a, ref.digest) };
}

static void take_images(struct timeline *t, const struct image_set *set, struct glance *out)
{
    out->at = NEW_ARRAY(t->cx->arena, struct image_ref, set->len);
    out->len = set->len;
    for (uint32_t i = 0; i < set->len; i++)
        out->at[i] = copy_ref(t->cx->arena, set->at[i].ref);
}

/* Trees. */

static void look_at(const git_tree *tree, struct arena *scratch, struct seen *seen)
{
    git_tree_entry *entry;
    if (!seen->folder.len) {
        seen->tree = *git2.tree_id(tree);
        seen->there = true;
        return;
    }
    seen->there = git2.tree_find(&entry, tree, str_cstr(scratch, seen->folder)) == 0;
    if (!seen->there)
        return;
    seen->tree = *git2.entry_id(entry);
    git2.entry_free(entry);
}

static bool is_below(str folder, str outer)
{
    return !outer.len || str_eq(folder, outer)
           || (str_starts(folder, outer) && folder.at[outer.len] == '/');
}

static void see(struct timeline *t, struct glance *out, uint32_t *cap, str folder)
{
    for (uint32_t i = 0; i < out->seen_len; i++) {
        if (is_below(folder, out->seen[i].folder))
            return;
    }
    ARENA_PUSH(t->cx->arena, out->seen, out->seen_len, *cap);
    out->seen[out->seen_len++] = (struct seen){ .folder = str_dup(t->cx->arena, folder) };
}

/* The folders of all that was read: a chart's templates and a generator's files come from them. */
static bool take_folders(struct timeline *t, const struct environment *env, struct glance *out)
{
    uint32_t cap = 0;
    for (uint32_t i = 0; i < env->source_count; i++) {
        const struct map *texts = &env->sources[i]->texts;
        for (uint32_t k = 0; !env->sources[i]->far && k < texts->len; k++) {
            str folder, name;
            bool below =
                str_cut_last(str_trim_prefix(texts->entries[k].key, S("/")), '/', &folder, &name);
            see(t, out, &cap, below ? folder : S(""));
        }
    }
    git_tree *tree;
    if (git2.commit_tree(&tree, t->commit) < 0)
        return report_git(t->cx, NOWHERE, "read a commit's tree");
    struct mark before = arena_mark(t->cx->scratch);
    for (uint32_t i = 0; i < out->seen_len; i++)
        look_at(tree, t->cx->scratch, &out->seen[i]);
    arena_rewind(t->cx->scratch, before);
    git2.tree_free(tree);
    return true;
}

static bool look(struct timeline *t, const git_oid *oid, struct glance *out)
{
    *out = (struct glance){ 0 };
    struct render_job job = { .t = t, .commit = oid_str(t->cx, oid) };
    if (!limit_time(t->cx, NOWHERE) || !open_inner(t))
        return false;
    out->rendered = context_run(t->inner, render, &job);
    if (!out->rendered)
        return true;
    take_images(t, &job.env->images, out);
    return take_folders(t, job.env, out);
}

/* Has a commit what was looked at last? */
static bool is_unchanged(struct timeline *t, git_commit *commit, const struct glance *last)
{
    git_tree *tree;
    if (!last->rendered || !last->seen_len || git2.commit_tree(&tree, commit) < 0)
        return false;
    bool same = true;
    struct mark before = arena_mark(t->cx->scratch);
    for (uint32_t i = 0; same && i < last->seen_len; i++) {
        struct seen now = { .folder = last->seen[i].folder };
        look_at(tree, t->cx->scratch, &now);
        same =
            now.there && last->seen[i].there && git2.oid_equal(&now.tree, &last->seen[i].tree) == 1;
    }
    arena_rewind(t->cx->scratch, before);
    git2.tree_free(tree);
    return same;
}

static bool same_images(const struct glance *a, const struct glance *b)
{
    if (a->len != b->len || a->rendered != b->rendered)
        return false;
    for (uint32_t i = 0; i < a->len; i++) {
        if (!image_ref_same_name(a->at[i], b->at[i]) || !str_eq(a->at[i].tag, b->at[i].tag)
            || !str_eq(a->at[i].digest, b->at[i].digest))
            return false;
    }
    return true;
}

/* Walking. */

static void free_commit(void *timeline)
{
    struct timeline *t = timeline;
    if (t->commit)
        git2.commit_free(t->commit);
    t->commit = NULL;
}

static void free_timeline(void *timeline)
{
    free_commit(timeline);
    free_inner(timeline);
}

struct timeline *timeline_begin(struct context *cx, const struct timeline_request *request)
{
    git_oid oid;
    if (!library_open(cx, &timeline_library))
        return NULL;
    struct timeline *t = NEW(cx->arena, struct timeline);
    t->cx = cx;
    t->request = *request;
    t->repository = repository_handle(request->repository);
    arena_defer(cx->arena, free_timeline, t);
    if (git2.oid_from(&oid, request->tip.at, request->tip.len) < 0
        || git2.commit_lookup(&t->commit, t->repository, &oid) < 0) {
        t->commit = NULL;
        report_git(cx, NOWHERE, "read a commit");
        return NULL;
    }
    return look(t, &oid, &t->look) ? t : NULL;
}

static void describe(struct timeline *t, git_commit *commit, const git_oid *oid,
                     struct past_set *out)
{
    const git_signature *author = git2.commit_author(commit);
    out->commit = oid_str(t->cx, oid);
    out->author = str_format(t->cx->arena, "%s <%s>", author->name, author->email);
    out->message = str_dup(t->cx->arena, str_from(git2.commit_message(commit)));
}

/* One commit further back; false where there is none, and *before says why. */
static bool step(struct timeline *t, git_oid *oid, enum timeline_before *before)
{
    git_commit *parent;
    if (git2.commit_parentcount(t->commit) == 0) {
        *before = BEFORE_NOTHING;
        return false;
    }
    if (t->commits++ >= COMMITS_MOST) {
        *before = BEFORE_LIMIT;
        return false;
    }
    *oid = *git2.commit_parent_id(t->commit, 0);
    if (git2.commit_lookup(&parent, t->repository, oid) < 0) {
        *before = BEFORE_SHALLOW;
        return false;
    }
    free_commit(t);
    t->commit = parent;
    return true;
}

/* Back to the commit before which there was another set. One that says that it is older than
 * its parent is as young as that. */
static bool follow(struct timeline *t, struct past_set *out)
{
    for (;;) {
        git_oid oid = *git2.commit_id(t->commit);
        describe(t, t->commit, &oid, out);
        out->when = git2.commit_time(t->commit);
        bool further = step(t, &oid, &out->before);
        if (further && git2.commit_time(t->commit) > out->when)
            out->when = git2.commit_time(t->commit);
        bool old = t->request.since && out->when <= t->request.since;
        if (old)
            out->before = BEFORE_SINCE;
        t->over = old || !further;
        if (t->over)
            return true;
        if (is_unchanged(t, t->commit, &t->look))
            continue;
        struct glance earlier;
        if (!look(t, &oid, &earlier))
            return false;
        bool same = same_images(&earlier, &t->look);
        t->look = earlier;
        if (!same) {
            out->before = BEFORE_OTHER;
            return true;
        }
    }
}

void timeline_now(struct timeline *t, struct past_set *out)
{
    *out = (struct past_set){ .rendered = t->look.rendered, .at = t->look.at, .len = t->look.len };
}

bool timeline_next(struct timeline *t, struct past_set *out)
{
    if (t->over)
        return false;
    timeline_now(t, out);
    out->newest = oid_str(t->cx, git2.commit_id(t->commit));
    return follow(t, out);
}

const struct image_ref *past_image(const struct past_set *set, struct image_ref name)
{
    for (uint32_t i = 0; i < set->len; i++) {
        if (image_ref_same_name(set->at[i], name))
            return &set->at[i];
    }
    return NULL;
}

/* What came by a merge. */

static bool add_message(struct context *cx, git_repository *repository, const git_oid *oid,
                        struct messages *out)
{
    git_commit *commit;
    if (git2.commit_lookup(&commit, repository, oid) < 0)
        return false; /* a shallow clone ends there */
    ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
    out->at[out->len++] = str_dup(cx->arena, str_from(git2.commit_message(commit)));
    git2.commit_free(commit);
    return true;
}

static bool walk_merge(struct context *cx, git_repository *repository, git_commit *merge,
                       struct messages *out)
{
    git_revwalk *walk;
    git_oid oid;
    if (git2.walk_new(&walk, repository) < 0)
        return report_git(cx, NOWHERE, "walk a merge");
    bool ok = git2.walk_hide(walk, git2.commit_parent_id(merge, 0)) == 0;
    for (unsigned int i = 1; ok && i < git2.commit_parentcount(merge); i++)
        ok = git2.walk_push(walk, git2.commit_parent_id(merge, i)) == 0;
    while (ok && out->len < MESSAGES_MOST && git2.walk_next(&oid, walk) == 0)
        add_message(cx, repository, &oid, out);
    git2.walk_free(walk);
    return true;
}

bool timeline_messages(struct context *cx, struct repository *repository, str commit,
                       struct messages *out)
{
    git_repository *handle = repository_handle(repository);
    git_commit *c;
    git_oid oid;
    *out = (struct messages){ 0 };
    if (!library_open(cx, &timeline_library))
        return false;
    if (git2.oid_from(&oid, commit.at, commit.len) < 0 || git2.commit_lookup(&c, handle, &oid) < 0)
        return report_git(cx, NOWHERE, "read a commit");
    add_message(cx, handle, &oid, out);
    bool ok = git2.commit_parentcount(c) < 2 || walk_merge(cx, handle, c, out);
    git2.commit_free(c);
    return ok;
}

struct message_walk {
    struct context *cx;
    git_repository *repository;
    git_revwalk *walk;
};

static void free_walk(void *walk)
{
    git2.walk_free(walk);
}

struct message_walk *messages_begin(struct context *cx, struct repository *repository, str commit)
{
    git_oid oid;
    if (!library_open(cx, &timeline_library))
        return NULL;
    struct message_walk *w = NEW(cx->arena, struct message_walk);
    *w = (struct message_walk){ cx, repository_handle(repository), NULL };
    if (git2.oid_from(&oid, commit.at, commit.len) < 0
        || git2.walk_new(&w->walk, w->repository) < 0) {
        report_git(cx, NOWHERE, "walk the history");
        return NULL;
    }
    arena_defer(cx->arena, free_walk, w->walk);
    git2.walk_sorting(w->walk, GIT_SORT_TIME);
    if (git2.walk_push(w->walk, &oid) == 0)
        return w;
    report_git(cx, NOWHERE, "walk the history");
    return NULL;
}

bool messages_next(struct message_walk *w, str *message)
{
    struct messages one = { 0 };
    git_oid oid;
    if (git2.walk_next(&oid, w->walk) < 0 || !add_message(w->cx, w->repository, &oid, &one))
        return false;
    *message = one.at[0];
    return true;
}
