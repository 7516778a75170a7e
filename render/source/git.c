/* Opening repositories and resolving revisions, with libgit2.
 *
 * Who may read a repository is libgit2's decision, as it is Git's: one that belongs to
 * another user needs safe.directory. A context without a home reads no user's settings. */
#include "render/source/git.h"

#include <git2.h>

#include "render/base/library.h"
#include "render/base/suggest.h"

struct repository {
    git_repository *handle;
    str worktree;
    struct map blobs;   /* str */
    struct map fetched; /* struct source */
};

struct git_calls {
    __typeof__(git_libgit2_init) *init;
    __typeof__(git_libgit2_shutdown) *shutdown;
    __typeof__(git_libgit2_opts) *opts;
    __typeof__(git_error_last) *error_last;
    __typeof__(git_repository_open_ext) *repository_open;
    __typeof__(git_repository_free) *repository_free;
    __typeof__(git_repository_wrap_odb) *repository_wrap;
    __typeof__(git_odb_open) *odb_open;
    __typeof__(git_odb_free) *odb_free;
    __typeof__(git_repository_workdir) *repository_workdir;
    __typeof__(git_revparse_single) *revparse_single;
    __typeof__(git_object_peel) *object_peel;
    __typeof__(git_object_free) *object_free;
    __typeof__(git_object_id) *object_id;
    __typeof__(git_oid_tostr) *oid_tostr;
    __typeof__(git_merge_base) *merge_base;
    __typeof__(git_reference_list) *reference_list;
    __typeof__(git_reference_name_to_id) *reference_id;
    __typeof__(git_strarray_dispose) *strarray_dispose;
};
static struct git_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct git_calls, member, symbol)
static const struct library_symbol git_symbols[] = {
    ROW(init, git_libgit2_init),
    ROW(shutdown, git_libgit2_shutdown),
    ROW(opts, git_libgit2_opts),
    ROW(error_last, git_error_last),
    ROW(repository_open, git_repository_open_ext),
    ROW(repository_free, git_repository_free),
    ROW(repository_wrap, git_repository_wrap_odb),
    ROW(odb_open, git_odb_open),
    ROW(odb_free, git_odb_free),
    ROW(repository_workdir, git_repository_workdir),
    ROW(revparse_single, git_revparse_single),
    ROW(object_peel, git_object_peel),
    ROW(object_free, git_object_free),
    ROW(object_id, git_object_id),
    ROW(oid_tostr, git_oid_tostr),
    ROW(merge_base, git_merge_base),
    ROW(reference_list, git_reference_list),
    ROW(reference_id, git_reference_name_to_id),
    ROW(strarray_dispose, git_strarray_dispose),
};
static struct library git_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", git_symbols,
                                              &git2) };

static void shut_down(void *unused)
{
    (void)unused;
    git2.shutdown();
}

static void free_repository(void *repository)
{
    git2.repository_free(repository);
}

static void free_object(void *object)
{
    git2.object_free(object);
}

bool report_git(struct context *cx, struct pos from, const char *doing)
{
    const git_error *e = git2.error_last();
    return report_surroundings(cx, from, "cannot %s: %s", doing,
                               e && e->message ? e->message : "no reason was given");
}

/* What a repository may ask for that does not change how its objects and references are
 * read: libgit2 refuses a partial clone or a sparse checkout without them. */
static const char *extensions[] = { "partialclone", "worktreeconfig", "preciousobjects" };

bool git_start(struct context *cx)
{
    if (!library_open(cx, &git_library))
        return false;
    if (git2.init() < 0)
        return report_git(cx, NOWHERE, "start libgit2");
    arena_defer(cx->arena, shut_down, NULL);
    if (git2.opts(GIT_OPT_SET_EXTENSIONS, extensions, countof(extensions)) < 0)
        return report_git(cx, NOWHERE, "start libgit2");
    /* A folder of hundreds of services is a large tree, and every path goes through it. */
    git2.opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)(1 << 20));
    if (!cx->home) {
        git2.opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
        git2.opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
    }
    return true;
}

/* libgit2 1.5 says of another user's repository that "safe.directory" was not found, where
 * later ones say GIT_EOWNER. */
static bool is_foreign(int error)
{
    const git_error *e = git2.error_last();
    return error == GIT_EOWNER || (error == GIT_ENOTFOUND && e && e->klass == GIT_ERROR_CONFIG);
}

static void report_open(struct context *cx, struct pos from, str folder, int error)
{
    if (is_foreign(error)) {
        report_surroundings(cx, from, "the Git repository at '%.*s' belongs to another user",
                            STR(folder));
        hint(cx, NOWHERE, "git config --global --add safe.directory FOLDER trusts it");
    } else if (error == GIT_ENOTFOUND) {
        report(cx, from, "'%.*s' is in no Git repository", STR(folder));
    } else {
        report_git(cx, from, "open the Git repository");
    }
}

static struct repository *new_repository(struct context *cx, git_repository *handle)
{
    arena_defer(cx->arena, free_repository, handle);
    struct repository *repository = NEW(cx->arena, struct repository);
    repository->handle = handle;
    repository->blobs.arena = repository->fetched.arena = cx->arena;
    str worktree = str_from(git2.repository_workdir(handle));
    repository->worktree = str_dup(cx->arena, str_trim_suffix(worktree, S("/")));
    return repository;
}

static struct repository *open_repository(struct context *cx, str folder, uint32_t flags,
                                          struct pos from)
{
    if (!git_start(cx))
        return NULL;
    git_repository *handle;
    int error = git2.repository_open(&handle, str_cstr(cx->arena, folder), flags, NULL);
    if (error < 0) {
        report_open(cx, from, folder, error);
        return NULL;
    }
    return new_repository(cx, handle);
}

struct repository *repository_open(struct context *cx, str folder, struct pos from)
{
    return open_repository(cx, folder, 0, from);
}

struct repository *repository_at(struct context *cx, str folder, struct pos from)
{
    return open_repository(cx, folder, GIT_REPOSITORY_OPEN_NO_SEARCH, from);
}

struct repository *repository_of_objects(struct context *cx, str folder, struct pos from)
{
    git_odb *objects;
    git_repository *handle;
    if (!git_start(cx))
        return NULL;
    if (git2.odb_open(&objects, str_cstr(cx->arena, folder)) < 0) {
        report_git(cx, from, "open the Git objects");
        return NULL;
    }
    int error = git2.repository_wrap(&handle, objects);
    git2.odb_free(objects);
    if (error < 0) {
        report_git(cx, from, "open the Git objects");
        return NULL;
    }
    return new_repository(cx, handle);
}

str repository_worktree(const struct repository *repository)
{
    return repository->worktree;
}

struct map *repository_fetched(struct repository *repository)
{
    return &repository->fetched;
}

struct map *repository_blobs(struct repository *repository)
{
    return &repository->blobs;
}

void *repository_handle(const struct repository *repository)
{
    return repository->handle;
}

bool revision_split(str word, str *revision, str *path)
{
    int depth = 0;
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        depth += (c == '{') - (c == '}' && depth > 0);
        if (c != ':' || depth)
            continue;
        *revision = str_slice(word, 0, i);
        *path = str_skip(word, i + 1);
        return i > 0 && !str_starts(*path, S("//"));
    }
    return false;
}

/* Branches and tags by the short names that people use. */
static void suggest_revision(struct context *cx, struct repository *repository, str revision)
{
    static const str prefixes[] = { S("refs/heads/"), S("refs/tags/"), S("refs/remotes/") };
    git_strarray refs;
    if (git2.reference_list(&refs, repository->handle) < 0)
        return;
    str *names = NEW_ARRAY(cx->arena, str, refs.count + 1);
    for (size_t i = 0; i < refs.count; i++) {
        names[i] = str_dup(cx->arena, str_from(refs.strings[i]));
        for (size_t k = 0; k < countof(prefixes); k++)
            names[i] = str_trim_prefix(names[i], prefixes[k]);
    }
    ptrdiff_t near = suggest(revision, names, refs.count);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    git2.strarray_dispose(&refs);
}

static void report_revision(struct context *cx, struct repository *repository, str revision,
                            struct pos from, int error)
{
    if (error == GIT_EAMBIGUOUS) {
        report(cx, from, "more than one object is called '%.*s'", STR(revision));
        hint(cx, NOWHERE, "more of its digits, or a branch, would tell which");
    } else if (error == GIT_ENOTFOUND || error == GIT_EINVALIDSPEC) {
        report(cx, from, "the repository has no revision '%.*s'", STR(revision));
        suggest_revision(cx, repository, revision);
    } else {
        report_git(cx, from, "resolve the revision");
    }
}

bool repository_reference(struct context *cx, struct repository *repository, str name,
                          struct pos from, str *object)
{
    static const char *const meanings[] = { "%.*s", "refs/%.*s", "refs/tags/%.*s",
                                            "refs/heads/%.*s" };
    git_oid id;
    for (size_t i = 0; i < countof(meanings); i++) {
        str full = str_format(cx->arena, meanings[i], STR(name));
        if (git2.reference_id(&id, repository->handle, str_cstr(cx->arena, full)) < 0)
            continue;
        char hex[GIT_OID_HEXSZ + 1];
        *object = str_dup(cx->arena, str_from(git2.oid_tostr(hex, sizeof hex, &id)));
        return true;
    }
    report_revision(cx, repository, name, from, GIT_ENOTFOUND);
    return false;
}

static git_object *find(struct context *cx, struct repository *repository, str revision,
                        struct pos from, git_object_t type)
{
    git_object *object, *peeled;
    if (str_has_char(revision, 0)) {
        report(cx, from, "a revision holds a zero byte");
        return NULL;
    }
    int error = git2.revparse_single(&object, repository->handle, str_cstr(cx->arena, revision));
    if (error < 0) {
        report_revision(cx, repository, revision, from, error);
        return NULL;
    }
    error = git2.object_peel(&peeled, object, type);
    git2.object_free(object);
    if (error < 0) {
        report(cx, from, "'%.*s' is no %s", STR(revision),
               type == GIT_OBJECT_COMMIT ? "commit" : "commit or tree");
        return NULL;
    }
    arena_defer(cx->arena, free_object, peeled);
    return peeled;
}

bool revision_commit(struct context *cx, struct repository *repository, str revision,
                     struct pos from, str *commit)
{
    git_object *object = find(cx, repository, revision, from, GIT_OBJECT_COMMIT);
    if (!object)
        return false;
    char hex[GIT_OID_HEXSZ + 1];
    *commit = str_dup(cx->arena, str_from(git2.oid_tostr(hex, sizeof hex, git2.object_id(object))));
    return true;
}

void *revision_tree(struct context *cx, struct repository *repository, str revision,
                    struct pos from)
{
    return find(cx, repository, revision, from, GIT_OBJECT_TREE);
}

bool revision_left(struct context *cx, struct repository *repository, str revision, struct pos from,
                   str *commit)
{
    git_object *theirs = find(cx, repository, revision, from, GIT_OBJECT_COMMIT);
    git_object *ours = theirs ? find(cx, repository, S("HEAD"), from, GIT_OBJECT_COMMIT) : NULL;
    git_oid base;
    char hex[GIT_OID_HEXSZ + 1];
    if (!ours)
        return false;
    int error =
        git2.merge_base(&base, repository->handle, git2.object_id(ours), git2.object_id(theirs));
    if (error == GIT_ENOTFOUND)
        return report(cx, from, "'%.*s' and HEAD have no commit in common", STR(revision));
    if (error < 0)
        return report_git(cx, from, "find where the histories part");
    *commit = str_dup(cx->arena, str_from(git2.oid_tostr(hex, sizeof hex, &base)));
    return true;
}
