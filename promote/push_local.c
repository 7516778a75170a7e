/* Pushes to a repository on this machine (libgit2).
 *
 * libgit2's own transport to a folder looks where the branch stands and then sets it, so of
 * two pushes at once the later one takes away what the earlier has brought. Here the
 * reference is moved under its lock, as a server does it: compared, then set. */
#include "promote/push_local.h"

#include <git2.h>

#include "render/base/library.h"
#include "render/base/map.h"

struct local_calls {
    __typeof__(git_commit_free) *commit_free;
    __typeof__(git_commit_lookup) *commit_lookup;
    __typeof__(git_commit_parent_id) *commit_parent_id;
    __typeof__(git_commit_parentcount) *commit_parentcount;
    __typeof__(git_commit_tree_id) *commit_tree_id;
    __typeof__(git_packbuilder_insert) *pack_insert;
    __typeof__(git_tree_entrycount) *tree_count;
    __typeof__(git_tree_entry_byindex) *tree_entry_at;
    __typeof__(git_tree_entry_id) *entry_id;
    __typeof__(git_tree_entry_type) *entry_type;
    __typeof__(git_tree_free) *tree_free;
    __typeof__(git_tree_lookup) *tree_lookup;
    __typeof__(git_error_last) *error_last;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_odb_exists) *odb_exists;
    __typeof__(git_odb_free) *odb_free;
    __typeof__(git_packbuilder_free) *pack_free;
    __typeof__(git_packbuilder_new) *pack_new;
    __typeof__(git_packbuilder_write) *pack_write;
    __typeof__(git_reference_create_matching) *reference_create;
    __typeof__(git_reference_free) *reference_free;
    __typeof__(git_repository_commondir) *repository_folder;
    __typeof__(git_repository_free) *repository_free;
    __typeof__(git_repository_is_bare) *repository_is_bare;
    __typeof__(git_repository_odb) *repository_odb;
    __typeof__(git_repository_open) *repository_open;
};
static struct local_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct local_calls, member, symbol)
static const struct library_symbol local_symbols[] = {
    ROW(commit_free, git_commit_free),
    ROW(commit_lookup, git_commit_lookup),
    ROW(commit_parent_id, git_commit_parent_id),
    ROW(commit_parentcount, git_commit_parentcount),
    ROW(commit_tree_id, git_commit_tree_id),
    ROW(pack_insert, git_packbuilder_insert),
    ROW(tree_count, git_tree_entrycount),
    ROW(tree_entry_at, git_tree_entry_byindex),
    ROW(entry_id, git_tree_entry_id),
    ROW(entry_type, git_tree_entry_type),
    ROW(tree_free, git_tree_free),
    ROW(tree_lookup, git_tree_lookup),
    ROW(error_last, git_error_last),
    ROW(oid_from, git_oid_fromstrn),
    ROW(odb_exists, git_odb_exists),
    ROW(odb_free, git_odb_free),
    ROW(pack_free, git_packbuilder_free),
    ROW(pack_new, git_packbuilder_new),
    ROW(pack_write, git_packbuilder_write),
    ROW(reference_create, git_reference_create_matching),
    ROW(reference_free, git_reference_free),
    ROW(repository_folder, git_repository_commondir),
    ROW(repository_free, git_repository_free),
    ROW(repository_is_bare, git_repository_is_bare),
    ROW(repository_odb, git_repository_odb),
    ROW(repository_open, git_repository_open),
};
static struct library local_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", local_symbols,
                                                &git2) };

enum { LOCK_TRIES = 50 };

struct local_push {
    struct context *cx;
    const struct push_request *request;
    git_repository *here;
    git_repository *remote;
    git_odb *objects; /* of the remote */
    char *reference;
    git_oid commit;
    git_oid there;
    bool has_there;
};

bool url_is_local(str url)
{
    return str_starts(url, S("file://")) || str_starts(url, S("/")) || str_starts(url, S("."));
}

static bool fail(struct local_push *p)
{
    const git_error *e = git2.error_last();
    return report_surroundings(p->cx, NOWHERE, "cannot push to '%.*s': %s", STR(p->request->remote),
                               e && e->message ? e->message : "no reason was given");
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "file:///a%20b" is "/a b"; a path is itself. */
static char *path_of(struct context *cx, str url)
{
    if (!str_starts(url, S("file://")))
        return str_cstr(cx->scratch, url);
    str coded = str_trim_prefix(str_skip(url, 7), S("localhost"));
    char *path = arena_alloc(cx->scratch, coded.len + 1), *end = path;
    for (size_t i = 0; i < coded.len; i++) {
        int high = i + 2 < coded.len ? hex_digit(coded.at[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(coded.at[i + 2]) : -1;
        bool escape = coded.at[i] == '%' && high >= 0 && low >= 0;
        *end++ = (char)(escape ? high * 16 + low : coded.at[i]);
        i += escape ? 2 : 0;
    }
    *end = '\0';
    return path;
}

static void free_objects(void *objects)
{
    git2.odb_free(objects);
}

static void free_repository(void *repository)
{
    git2.repository_free(repository);
}

static bool open_remote(struct local_push *p, str url)
{
    if (git2.repository_open(&p->remote, path_of(p->cx, url)) < 0)
        return fail(p);
    arena_defer(p->cx->scratch, free_repository, p->remote);
    if (git2.repository_odb(&p->objects, p->remote) < 0)
        return fail(p);
    arena_defer(p->cx->scratch, free_objects, p->objects);
    if (git2.repository_is_bare(p->remote))
        return true;
    report_refused(p->cx, NOWHERE, "'%.*s' has a working tree, which a push would not change",
                   STR(p->request->remote));
    hint(p->cx, NOWHERE, "git init --bare makes a repository to push to");
    return false;
}

static bool has(const struct local_push *p, const git_oid *oid)
{
    return git2.odb_exists(p->objects, oid) == 1;
}

static bool pack_tree(struct local_push *p, git_packbuilder *pack, const git_oid *oid)
{
    git_tree *tree = NULL;
    if (has(p, oid))
        return true;
    if (!limit_enter(p->cx, LIMIT_DEPTH, NOWHERE))
        return false;
    bool ok = git2.tree_lookup(&tree, p->here, oid) == 0 || fail(p);
    for (size_t i = 0; ok && i < git2.tree_count(tree); i++) {
        const git_tree_entry *e = git2.tree_entry_at(tree, i);
        const git_oid *id = git2.entry_id(e);
        git_object_t type = git2.entry_type(e); /* a submodule's commit is not of this repository */
        if (type == GIT_OBJECT_TREE)
            ok = pack_tree(p, pack, id);
        else if (type == GIT_OBJECT_BLOB && !has(p, id))
            ok = git2.pack_insert(pack, id, NULL) == 0 || fail(p);
    }
    if (ok)
        ok = git2.pack_insert(pack, oid, NULL) == 0 || fail(p);
    if (tree)
        git2.tree_free(tree);
    limit_leave(p->cx, LIMIT_DEPTH);
    return ok;
}

struct commits {
    git_oid *at;
    uint32_t len;
    uint32_t cap;
};

static bool pack_commit(struct local_push *p, git_packbuilder *pack, const git_oid *oid,
                        struct commits *todo)
{
    git_commit *commit;
    if (git2.commit_lookup(&commit, p->here, oid) < 0)
        return fail(p);
    bool ok = pack_tree(p, pack, git2.commit_tree_id(commit))
              && (git2.pack_insert(pack, oid, NULL) == 0 || fail(p));
    for (unsigned int i = 0; ok && i < git2.commit_parentcount(commit); i++) {
        ARENA_PUSH(p->cx->scratch, todo->at, todo->len, todo->cap);
        todo->at[todo->len++] = *git2.commit_parent_id(commit, i);
    }
    git2.commit_free(commit);
    return ok;
}

/* Whatever the remote does not have, looked up there and not in our own history, which a
 * shallow clone does not hold. What is there came with all that it leads to: a pack appears as a
 * whole. */
static bool send_objects(struct local_push *p)
{
    git_packbuilder *pack;
    struct commits todo = { 0 };
    struct map seen = { .arena = p->cx->scratch };
    str folder =
        str_concat(p->cx->scratch, str_from(git2.repository_folder(p->remote)), S("objects/pack"));
    if (has(p, &p->commit))
        return true;
    if (git2.pack_new(&pack, p->here) < 0)
        return fail(p);
    bool ok = pack_commit(p, pack, &p->commit, &todo);
    while (ok && todo.len) {
        git_oid oid = todo.at[--todo.len];
        str name = str_dup(p->cx->scratch, (str){ (const char *)oid.id, sizeof oid.id });
        if (has(p, &oid) || map_get(&seen, name))
            continue;
        map_put(&seen, name, p);
        ok = pack_commit(p, pack, &oid, &todo);
    }
    if (ok && git2.pack_write(pack, str_cstr(p->cx->scratch, folder), 0, NULL, NULL) < 0)
        ok = fail(p);
    git2.pack_free(pack);
    return ok;
}

static bool move_reference(struct local_push *p, enum push_outcome *outcome)
{
    const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
    int error = GIT_ELOCKED;
    for (int i = 0; i < LOCK_TRIES && error == GIT_ELOCKED; i++) {
        if (i)
            nanosleep(&pause, NULL);
        git_reference *moved = NULL;
        error = git2.reference_create(&moved, p->remote, p->reference, &p->commit, p->has_there,
                                      p->has_there ? &p->there : NULL, "push");
        git2.reference_free(moved);
    }
    *outcome = PUSH_DONE;
    if (error == GIT_EMODIFIED || error == GIT_EEXISTS || error == GIT_ENOTFOUND)
        *outcome = PUSH_BEHIND;
    else if (error < 0)
        return fail(p);
    return true;
}

static bool run(struct local_push *p, str url, str there, enum push_outcome *outcome)
{
    str commit = p->request->commit;
    p->has_there = there.len > 0;
    if (git2.oid_from(&p->commit, commit.at, commit.len) < 0
        || (p->has_there && git2.oid_from(&p->there, there.at, there.len) < 0))
        return fail(p);
    return open_remote(p, url) && send_objects(p) && move_reference(p, outcome);
}

bool push_local(struct context *cx, const struct push_request *request, str url, str there,
                enum push_outcome *outcome)
{
    if (!library_open(cx, &local_library))
        return false;
    struct mark before = arena_mark(cx->scratch);
    struct local_push p = { .cx = cx,
                            .request = request,
                            .here = repository_handle(request->repository) };
    p.reference = str_cstr(cx->scratch, str_concat(cx->scratch, S("refs/heads/"), request->branch));
    bool ok = run(&p, url, there, outcome);
    arena_rewind(cx->scratch, before);
    return ok;
}
