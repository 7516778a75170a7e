/* Pushes to a repository on this machine (libgit2).
 *
 * libgit2's own transport to a folder looks where the branch stands and then sets it, so of
 * two pushes at once the later one takes away what the earlier has brought. Here the
 * reference is moved under its lock, as a server does it: compared, then set. */
#include "promote/push_local.h"

#include <git2.h>

#include "render/base/library.h"

struct local_calls {
    __typeof__(git_error_last) *error_last;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_odb_exists) *odb_exists;
    __typeof__(git_odb_free) *odb_free;
    __typeof__(git_packbuilder_free) *pack_free;
    __typeof__(git_packbuilder_insert_walk) *pack_insert;
    __typeof__(git_packbuilder_new) *pack_new;
    __typeof__(git_packbuilder_write) *pack_write;
    __typeof__(git_reference_create_matching) *reference_create;
    __typeof__(git_reference_free) *reference_free;
    __typeof__(git_reference_list) *reference_list;
    __typeof__(git_reference_name_to_id) *reference_id;
    __typeof__(git_repository_commondir) *repository_folder;
    __typeof__(git_repository_free) *repository_free;
    __typeof__(git_repository_is_bare) *repository_is_bare;
    __typeof__(git_repository_odb) *repository_odb;
    __typeof__(git_repository_open) *repository_open;
    __typeof__(git_revwalk_free) *walk_free;
    __typeof__(git_revwalk_hide) *walk_hide;
    __typeof__(git_revwalk_new) *walk_new;
    __typeof__(git_revwalk_push) *walk_push;
    __typeof__(git_strarray_dispose) *strarray_dispose;
};
static struct local_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct local_calls, member, symbol)
static const struct library_symbol local_symbols[] = {
    ROW(error_last, git_error_last),
    ROW(oid_from, git_oid_fromstrn),
    ROW(odb_exists, git_odb_exists),
    ROW(odb_free, git_odb_free),
    ROW(pack_free, git_packbuilder_free),
    ROW(pack_insert, git_packbuilder_insert_walk),
    ROW(pack_new, git_packbuilder_new),
    ROW(pack_write, git_packbuilder_write),
    ROW(reference_create, git_reference_create_matching),
    ROW(reference_free, git_reference_free),
    ROW(reference_list, git_reference_list),
    ROW(reference_id, git_reference_name_to_id),
    ROW(repository_folder, git_repository_commondir),
    ROW(repository_free, git_repository_free),
    ROW(repository_is_bare, git_repository_is_bare),
    ROW(repository_odb, git_repository_odb),
    ROW(repository_open, git_repository_open),
    ROW(walk_free, git_revwalk_free),
    ROW(walk_hide, git_revwalk_hide),
    ROW(walk_new, git_revwalk_new),
    ROW(walk_push, git_revwalk_push),
    ROW(strarray_dispose, git_strarray_dispose),
};
static struct library local_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", local_symbols,
                                                &git2) };

enum { LOCK_TRIES = 50 };

struct local_push {
    struct context *cx;
    const struct push_request *request;
    git_repository *here;
    git_repository *remote;
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

static void free_repository(void *repository)
{
    git2.repository_free(repository);
}

static bool open_remote(struct local_push *p, str url)
{
    if (git2.repository_open(&p->remote, path_of(p->cx, url)) < 0)
        return fail(p);
    arena_defer(p->cx->scratch, free_repository, p->remote);
    if (git2.repository_is_bare(p->remote))
        return true;
    report_refused(p->cx, NOWHERE, "'%.*s' has a working tree, which a push would not change",
                   STR(p->request->remote));
    hint(p->cx, NOWHERE, "git init --bare makes a repository to push to");
    return false;
}

/* What its references lead to is there already. */
static bool hide_known(struct local_push *p, git_revwalk *walk)
{
    git_strarray names;
    git_odb *odb;
    if (git2.repository_odb(&odb, p->here) < 0)
        return fail(p);
    bool ok = git2.reference_list(&names, p->remote) == 0 || fail(p);
    for (size_t i = 0; ok && i < names.count; i++) {
        git_oid oid;
        if (git2.reference_id(&oid, p->remote, names.strings[i]) == 0
            && git2.odb_exists(odb, &oid) == 1)
            git2.walk_hide(walk, &oid); /* a tag of something else hides nothing */
    }
    if (ok)
        git2.strarray_dispose(&names);
    git2.odb_free(odb);
    return ok;
}

static bool send_objects(struct local_push *p)
{
    git_revwalk *walk = NULL;
    git_packbuilder *pack = NULL;
    str folder =
        str_concat(p->cx->scratch, str_from(git2.repository_folder(p->remote)), S("objects/pack"));
    bool ok = git2.walk_new(&walk, p->here) == 0 && git2.walk_push(walk, &p->commit) == 0
              && git2.pack_new(&pack, p->here) == 0;
    if (!ok)
        fail(p);
    ok = ok && hide_known(p, walk);
    if (ok
        && (git2.pack_insert(pack, walk) < 0
            || git2.pack_write(pack, str_cstr(p->cx->scratch, folder), 0, NULL, NULL) < 0))
        ok = fail(p);
    git2.pack_free(pack);
    git2.walk_free(walk);
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
