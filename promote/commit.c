/* Objects, then the reference (libgit2). */
#include "promote/commit.h"

#include <git2.h>
#include <time.h>

#include "promote/signing.h"
#include "promote/stale_lock.h"
#include "render/base/library.h"
#include "render/base/map.h"

struct commit_calls {
    __typeof__(git_blob_create_from_buffer) *blob_create;
    __typeof__(git_branch_is_checked_out) *is_checked_out;
    __typeof__(git_checkout_options_init) *checkout_init;
    __typeof__(git_checkout_tree) *checkout;
    __typeof__(git_buf_dispose) *buf_dispose;
    __typeof__(git_commit_create_buffer) *commit_print;
    __typeof__(git_commit_create_with_signature) *commit_sign;
    __typeof__(git_commit_free) *commit_free;
    __typeof__(git_commit_lookup) *commit_lookup;
    __typeof__(git_commit_message) *commit_message;
    __typeof__(git_commit_parent_id) *commit_parent_id;
    __typeof__(git_commit_parentcount) *commit_parentcount;
    __typeof__(git_commit_tree) *commit_tree;
    __typeof__(git_commit_tree_id) *commit_tree_id;
    __typeof__(git_graph_descendant_of) *descends;
    __typeof__(git_index_add_bypath) *index_add;
    __typeof__(git_index_free) *index_free;
    __typeof__(git_index_write) *index_write;
    __typeof__(git_libgit2_opts) *opts;
    __typeof__(git_oid_equal) *oid_equal;
    __typeof__(git_oid_fromstrn) *oid_from;
    __typeof__(git_oid_tostr) *oid_print;
    __typeof__(git_reference_create_matching) *reference_create;
    __typeof__(git_reference_free) *reference_free;
    __typeof__(git_reference_lookup) *reference_lookup;
    __typeof__(git_reference_name_is_valid) *reference_is_valid;
    __typeof__(git_reference_symbolic_target) *reference_symbolic_target;
    __typeof__(git_reference_target) *reference_target;
    __typeof__(git_repository_commondir) *repository_folder;
    __typeof__(git_repository_index) *repository_index;
    __typeof__(git_revwalk_free) *walk_free;
    __typeof__(git_revwalk_hide) *walk_hide;
    __typeof__(git_revwalk_new) *walk_new;
    __typeof__(git_revwalk_next) *walk_next;
    __typeof__(git_revwalk_push) *walk_push;
    __typeof__(git_signature_default) *signature_default;
    __typeof__(git_signature_free) *signature_free;
    __typeof__(git_signature_new) *signature_new;
    __typeof__(git_tree_create_updated) *tree_update;
    __typeof__(git_tree_entry_bypath) *tree_find;
    __typeof__(git_tree_entry_filemode) *entry_mode;
    __typeof__(git_tree_entry_free) *entry_free;
    __typeof__(git_tree_free) *tree_free;
    __typeof__(git_tree_lookup) *tree_lookup;
};
static struct commit_calls git2;
#define ROW(member, symbol) LIBRARY_SYMBOL(struct commit_calls, member, symbol)
static const struct library_symbol commit_symbols[] = {
    ROW(blob_create, git_blob_create_from_buffer),
    ROW(is_checked_out, git_branch_is_checked_out),
    ROW(checkout_init, git_checkout_options_init),
    ROW(checkout, git_checkout_tree),
    ROW(buf_dispose, git_buf_dispose),
    ROW(commit_print, git_commit_create_buffer),
    ROW(commit_sign, git_commit_create_with_signature),
    ROW(commit_free, git_commit_free),
    ROW(commit_lookup, git_commit_lookup),
    ROW(commit_message, git_commit_message),
    ROW(commit_parent_id, git_commit_parent_id),
    ROW(commit_parentcount, git_commit_parentcount),
    ROW(commit_tree, git_commit_tree),
    ROW(commit_tree_id, git_commit_tree_id),
    ROW(descends, git_graph_descendant_of),
    ROW(index_add, git_index_add_bypath),
    ROW(index_free, git_index_free),
    ROW(index_write, git_index_write),
    ROW(opts, git_libgit2_opts),
    ROW(oid_equal, git_oid_equal),
    ROW(oid_from, git_oid_fromstrn),
    ROW(oid_print, git_oid_tostr),
    ROW(reference_create, git_reference_create_matching),
    ROW(reference_free, git_reference_free),
    ROW(reference_lookup, git_reference_lookup),
    ROW(reference_is_valid, git_reference_name_is_valid),
    ROW(reference_symbolic_target, git_reference_symbolic_target),
    ROW(reference_target, git_reference_target),
    ROW(repository_folder, git_repository_commondir),
    ROW(repository_index, git_repository_index),
    ROW(walk_free, git_revwalk_free),
    ROW(walk_hide, git_revwalk_hide),
    ROW(walk_new, git_revwalk_new),
    ROW(walk_next, git_revwalk_next),
    ROW(walk_push, git_revwalk_push),
    ROW(signature_default, git_signature_default),
    ROW(signature_free, git_signature_free),
    ROW(signature_new, git_signature_new),
    ROW(tree_update, git_tree_create_updated),
    ROW(tree_find, git_tree_entry_bypath),
    ROW(entry_mode, git_tree_entry_filemode),
    ROW(entry_free, git_tree_entry_free),
    ROW(tree_free, git_tree_free),
    ROW(tree_lookup, git_tree_lookup),
};
static struct library commit_library = { LIBRARY("libgit2.so.1.5", "libgit2-1.5", commit_symbols,
                                                 &git2) };

/* What a commit is made of, on the way. */
struct maker {
    struct context *cx;
    const struct commit_request *request;
    git_repository *repository;
    git_oid base;
    git_commit *base_commit;
    git_oid tree;
    git_oid tip; /* of the branch */
    bool has_tip;
    char *reference; /* refs/heads/… */
};

static str oid_str(struct context *cx, const git_oid *oid)
{
    char hex[GIT_OID_HEXSZ + 1];
    return str_dup(cx->arena, str_from(git2.oid_print(hex, sizeof hex, oid)));
}

static bool fail(struct maker *m, const char *doing)
{
    return report_git(m->cx, NOWHERE, doing);
}

static void free_commit(void *commit)
{
    git2.commit_free(commit);
}

static bool open_base(struct maker *m)
{
    str base = m->request->base;
    if (git2.oid_from(&m->base, base.at, base.len) < 0
        || git2.commit_lookup(&m->base_commit, m->repository, &m->base) < 0)
        return fail(m, "read the base commit");
    arena_defer(m->cx->scratch, free_commit, m->base_commit);
    return true;
}

/* The branch as it is now, and whether it may be moved. */
static bool open_branch(struct maker *m)
{
    str branch = m->request->branch;
    int valid = 0;
    if (git2.reference_is_valid(&valid, m->reference) < 0 || !valid)
        return report(m->cx, NOWHERE, "'%.*s' cannot be the name of a branch", STR(branch));
    git_reference *found;
    int error = git2.reference_lookup(&found, m->repository, m->reference);
    if (error == GIT_ENOTFOUND)
        return true;
    if (error < 0)
        return fail(m, "read the branch");
    const git_oid *target = git2.reference_target(found);
    bool checked_out = git2.is_checked_out(found) == 1;
    m->has_tip = target;
    if (target)
        m->tip = *target;
    git2.reference_free(found);
    if (!target)
        return report(m->cx, NOWHERE, "the branch '%.*s' only stands for another", STR(branch));
    if (checked_out && m->request->rule == BRANCH_OURS) {
        report_refused(m->cx, NOWHERE, "the branch '%.*s' is checked out in a working tree",
                       STR(branch));
        hint(m->cx, NOWHERE, "git switch - leaves it");
        return false;
    }
    return true;
}

static bool read_seal(struct maker *m, const git_oid *oid, enum seal *seal)
{
    git_commit *commit;
    if (git2.commit_lookup(&commit, m->repository, oid) < 0)
        return fail(m, "read a commit of the branch");
    bool one = git2.commit_parentcount(commit) == 1;
    *seal = seal_read(m->cx->arena, oid_str(m->cx, git2.commit_tree_id(commit)),
                      one ? oid_str(m->cx, git2.commit_parent_id(commit, 0)) : S(""),
                      str_from(git2.commit_message(commit)));
    git2.commit_free(commit);
    return true;
}

bool commit_report_theirs(struct context *cx, str branch, str commit, enum seal seal)
{
    report_refused(cx, NOWHERE, "the branch '%.*s' holds a commit that is %s: %.*s", STR(branch),
                   seal == SEAL_BROKEN ? "hoist's, but somebody has changed it" : "not hoist's",
                   STR(str_slice(commit, 0, 12)));
    hint(cx, NOWHERE, "merge or delete the branch, or name another in hoist.yaml");
    return false;
}

static bool check_ours(struct maker *m, const git_oid *oid)
{
    enum seal seal = SEAL_NONE;
    return read_seal(m, oid, &seal)
           && (seal == SEAL_HOLDS
               || commit_report_theirs(m->cx, m->request->branch, oid_str(m->cx, oid), seal));
}

/* All that a commit leads to, as far as a shallow clone holds it, less what is known. */
struct reach {
    struct map seen;
    git_oid *todo;
    uint32_t len;
    uint32_t cap;
};

static void reach_add(struct maker *m, struct reach *r, const struct map *known, const git_oid *oid)
{
    str name = str_dup(m->cx->scratch, (str){ (const char *)oid->id, sizeof oid->id });
    if (map_get(&r->seen, name) || (known && map_get(known, name)))
        return;
    map_put(&r->seen, name, m);
    ARENA_PUSH(m->cx->scratch, r->todo, r->len, r->cap);
    r->todo[r->len++] = *oid;
}

static bool reach_next(struct maker *m, struct reach *r, const struct map *known, git_oid *oid)
{
    git_commit *commit;
    while (r->len) {
        *oid = r->todo[--r->len];
        if (git2.commit_lookup(&commit, m->repository, oid) < 0)
            continue;
        for (unsigned int i = 0; i < git2.commit_parentcount(commit); i++)
            reach_add(m, r, known, git2.commit_parent_id(commit, i));
        git2.commit_free(commit);
        return true;
    }
    return false;
}

/* libgit2's walk stops where a parent is not there. */
static bool check_shallow(struct maker *m)
{
    struct reach base = { .seen.arena = m->cx->scratch }, tip = { .seen.arena = m->cx->scratch };
    git_oid oid;
    reach_add(m, &base, NULL, &m->base);
    while (reach_next(m, &base, NULL, &oid))
        ;
    reach_add(m, &tip, &base.seen, &m->tip);
    while (reach_next(m, &tip, &base.seen, &oid)) {
        if (!check_ours(m, &oid))
            return false;
    }
    return true;
}

/* Commits that people made on our branch are never overwritten. */
static bool check_branch(struct maker *m)
{
    git_revwalk *walk;
    if (!m->has_tip || m->request->rule != BRANCH_OURS)
        return true;
    if (git2.walk_new(&walk, m->repository) < 0)
        return fail(m, "walk the branch");
    git_oid oid;
    bool ok = true;
    int error = git2.walk_push(walk, &m->tip) == 0 ? git2.walk_hide(walk, &m->base) : -1;
    while (ok && error == 0) {
        error = git2.walk_next(&oid, walk);
        ok = error != 0 || check_ours(m, &oid);
    }
    git2.walk_free(walk);
    return ok && (error == GIT_ITEROVER || check_shallow(m));
}

static bool file_mode(struct maker *m, const git_tree *tree, const char *path, git_filemode_t *out)
{
    git_tree_entry *entry;
    int error = git2.tree_find(&entry, tree, path);
    *out = GIT_FILEMODE_BLOB;
    if (error == GIT_ENOTFOUND)
        return true;
    if (error < 0)
        return fail(m, "find the file in the base commit");
    *out = git2.entry_mode(entry);
    git2.entry_free(entry);
    return true;
}

static bool write_blobs(struct maker *m, const git_tree *tree, git_tree_update *updates)
{
    for (uint32_t i = 0; i < m->request->len; i++) {
        const struct tree_change *c = &m->request->changes[i];
        git_tree_update *u = &updates[i];
        u->action = GIT_TREE_UPDATE_UPSERT;
        u->path = str_cstr(m->cx->scratch, c->path);
        if (!file_mode(m, tree, u->path, &u->filemode))
            return false;
        if (git2.blob_create(&u->id, m->repository, c->bytes.at, c->bytes.len) < 0)
            return fail(m, "write a file into the repository");
    }
    return true;
}

static bool write_tree(struct maker *m)
{
    git_tree *tree;
    if (git2.commit_tree(&tree, m->base_commit) < 0)
        return fail(m, "read the base tree");
    git_tree_update *updates = NEW_ARRAY(m->cx->scratch, git_tree_update, m->request->len);
    bool ok = write_blobs(m, tree, updates);
    if (ok && git2.tree_update(&m->tree, m->repository, tree, m->request->len, updates) < 0)
        ok = fail(m, "write a tree into the repository");
    git2.tree_free(tree);
    return ok;
}

/* The branch's only commit makes this very tree from this very base. */
static bool is_there(struct maker *m, bool *there)
{
    git_commit *tip;
    *there = false;
    if (!m->has_tip)
        return true;
    if (git2.commit_lookup(&tip, m->repository, &m->tip) < 0)
        return fail(m, "read the branch's commit");
    *there = git2.oid_equal(git2.commit_tree_id(tip), &m->tree) && git2.commit_parentcount(tip) == 1
             && git2.oid_equal(git2.commit_parent_id(tip, 0), &m->base);
    git2.commit_free(tip);
    return true;
}

/* What is not said comes from Git's configuration, else from the CI that runs us. */
static bool complete(struct maker *m, struct author *a)
{
    git_signature *signature;
    if (a->name.len && a->email.len)
        return true;
    if (git2.signature_default(&signature, m->repository) < 0) {
        a->name = a->name.len ? a->name : a->ci_name;
        a->email = a->email.len ? a->email : a->ci_email;
        if (a->name.len && a->email.len)
            return true;
        report_surroundings(m->cx, NOWHERE, "nobody is named as the author of the commit");
        hint(m->cx, NOWHERE,
             "git config user.name and user.email, or GIT_AUTHOR_NAME and "
             "GIT_AUTHOR_EMAIL, say who");
        return false;
    }
    if (!a->name.len)
        a->name = str_dup(m->cx->arena, str_from(signature->name));
    if (!a->email.len)
        a->email = str_dup(m->cx->arena, str_from(signature->email));
    git2.signature_free(signature);
    return true;
}

static bool signature_of(struct maker *m, struct author a, git_signature **out)
{
    if (!complete(m, &a))
        return false;
    char *name = str_cstr(m->cx->scratch, a.name);
    char *email = str_cstr(m->cx->scratch, a.email);
    return git2.signature_new(out, name, email, a.when, a.offset) == 0
           || report(m->cx, NOWHERE, "'%s <%s>' cannot be the author of a commit", name, email);
}

/* The commit's bytes, then those with a signature where one is wanted. */
static bool store_commit(struct maker *m, const git_signature *committer, const git_buf *bytes,
                         git_oid *out)
{
    str signature;
    str who = str_format(m->cx->scratch, "%s <%s>", committer->name, committer->email);
    if (!signing_make(m->cx, m->request->repository, (str){ bytes->ptr, bytes->size }, who,
                      &signature))
        return false;
    /* The header ends the last line itself. */
    char *header = str_cstr(m->cx->scratch, str_trim_chars(signature, S("\n")));
    return git2.commit_sign(out, m->repository, bytes->ptr, signature.len ? header : NULL, NULL)
               == 0
           || fail(m, "write a commit into the repository");
}

/* Only what may be replaced later needs to be known again. */
static char *message_of(struct maker *m)
{
    const struct commit_request *r = m->request;
    str message = r->message;
    if (r->rule == BRANCH_OURS)
        message = str_concat(m->cx->scratch, message,
                             seal_line(m->cx->scratch, oid_str(m->cx, &m->tree), r->base, message));
    return str_cstr(m->cx->scratch, message);
}

static bool write_commit(struct maker *m, git_oid *out)
{
    git_signature *author = NULL, *committer = NULL;
    git_tree *tree = NULL;
    git_buf bytes = { 0 };
    const git_commit *parents[] = { m->base_commit };
    bool ok = signature_of(m, m->request->author, &author)
              && signature_of(m, m->request->committer, &committer);
    if (ok && git2.tree_lookup(&tree, m->repository, &m->tree) < 0)
        ok = fail(m, "read the new tree");
    if (ok
        && git2.commit_print(&bytes, m->repository, author, committer, NULL, message_of(m), tree, 1,
                             parents)
               < 0)
        ok = fail(m, "make a commit");
    ok = ok && store_commit(m, committer, &bytes, out);
    git2.buf_dispose(&bytes);
    git2.tree_free(tree);
    git2.signature_free(author);
    git2.signature_free(committer);
    return ok;
}

/* A run that was killed may have left its lock. */
static bool report_move(struct maker *m, int error)
{
    fail(m, "move the branch");
    if (error == GIT_ELOCKED)
        hint(m->cx, NOWHERE, "when no other process is at it, that file may be removed");
    return false;
}

/* A lock is held for an instant, so it is waited for as Git does: a tenth of a second. */
static int try_reference(struct maker *m, const git_oid *commit)
{
    const struct timespec pause = { .tv_nsec = 10 * 1000 * 1000 };
    char *log = str_cstr(m->cx->scratch, m->request->log);
    int error = GIT_ELOCKED;
    for (int i = 0; i < 10 && error == GIT_ELOCKED; i++) {
        if (i)
            nanosleep(&pause, NULL);
        git_reference *moved = NULL;
        error = git2.reference_create(&moved, m->repository, m->reference, commit, m->has_tip,
                                      m->has_tip ? &m->tip : NULL, log);
        git2.reference_free(moved);
    }
    return error;
}

/* What a run that was killed has left does not stop the next one. */
static int create_reference(struct maker *m, const git_oid *commit)
{
    int error = try_reference(m, commit);
    if (error != GIT_ELOCKED || m->request->rule != BRANCH_OURS)
        return error;
    str lock = str_format(m->cx->scratch, "%s%s.lock", git2.repository_folder(m->repository),
                          m->reference);
    return stale_lock_remove(str_cstr(m->cx->scratch, lock)) ? try_reference(m, commit) : error;
}

static bool move_branch(struct maker *m, struct commit_result *out)
{
    git_oid commit;
    m->has_tip = out->previous.len > 0;
    if (git2.oid_from(&commit, out->commit.at, out->commit.len) < 0
        || (m->has_tip && git2.oid_from(&m->tip, out->previous.at, out->previous.len) < 0))
        return fail(m, "read a commit's name");
    int error = create_reference(m, &commit);
    if (error == GIT_EMODIFIED || error == GIT_EEXISTS || error == GIT_ENOTFOUND)
        out->outcome = COMMIT_MOVED;
    else if (error < 0)
        return report_move(m, error);
    return true;
}

/* With BRANCH_TIP the branch must be where it is expected. */
static bool is_elsewhere(struct maker *m)
{
    str expected = m->request->expected.len ? m->request->expected : m->request->base;
    git_oid oid;
    return m->request->rule == BRANCH_TIP
           && (!m->has_tip || git2.oid_from(&oid, expected.at, expected.len) < 0
               || !git2.oid_equal(&m->tip, &oid));
}

static bool write_all(struct maker *m, struct commit_result *out)
{
    bool there;
    git_oid commit;
    if (!open_base(m) || !open_branch(m) || !check_branch(m))
        return false;
    *out = (struct commit_result){ .outcome = COMMIT_MADE };
    if (m->has_tip)
        out->previous = oid_str(m->cx, &m->tip);
    if (is_elsewhere(m)) {
        out->outcome = COMMIT_MOVED;
        return true;
    }
    if (!write_tree(m) || !is_there(m, &there))
        return false;
    if (there) {
        out->outcome = COMMIT_THERE;
        out->commit = out->previous;
        return true;
    }
    if (!write_commit(m, &commit))
        return false;
    out->commit = oid_str(m->cx, &commit);
    return true;
}

/* Runs a step with a maker of its own, and the library ready. */
static bool with_maker(struct context *cx, const struct commit_request *request,
                       bool (*step)(struct maker *, struct commit_result *),
                       struct commit_result *out)
{
    if (!library_open(cx, &commit_library))
        return false;
    /* What was written is on the disk before the reference says so. */
    git2.opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    struct mark before = arena_mark(cx->scratch);
    struct maker m = { .cx = cx,
                       .request = request,
                       .repository = repository_handle(request->repository) };
    m.reference = str_cstr(cx->scratch, str_concat(cx->scratch, S("refs/heads/"), request->branch));
    bool ok = step(&m, out);
    arena_rewind(cx->scratch, before);
    return ok;
}

bool commit_write(struct context *cx, const struct commit_request *request,
                  struct commit_result *out)
{
    return with_maker(cx, request, write_all, out);
}

bool commit_move(struct context *cx, const struct commit_request *request,
                 struct commit_result *out)
{
    return with_maker(cx, request, move_branch, out);
}

bool commit_make(struct context *cx, const struct commit_request *request,
                 struct commit_result *out)
{
    return commit_write(cx, request, out)
           && (out->outcome != COMMIT_MADE || commit_move(cx, request, out));
}

bool commits_are_ours(struct context *cx, struct repository *repository, str branch, str tip,
                      str base)
{
    if (!library_open(cx, &commit_library))
        return false;
    struct commit_request request = { .branch = branch, .rule = BRANCH_OURS };
    struct maker m = { .cx = cx, .request = &request, .has_tip = true };
    m.repository = repository_handle(repository);
    if (git2.oid_from(&m.base, base.at, base.len) < 0 || git2.oid_from(&m.tip, tip.at, tip.len) < 0)
        return fail(&m, "read the branch's commit");
    return check_branch(&m);
}

/* The same within what a shallow clone holds. */
static bool leads_to(struct context *cx, struct repository *repository, const git_oid *from,
                     const git_oid *to)
{
    struct mark before = arena_mark(cx->scratch);
    struct maker m = { .cx = cx, .repository = repository_handle(repository) };
    struct reach reach = { .seen.arena = cx->scratch };
    git_oid oid;
    bool found = false;
    reach_add(&m, &reach, NULL, from);
    while (!found && reach_next(&m, &reach, NULL, &oid))
        found = git2.oid_equal(&oid, to);
    arena_rewind(cx->scratch, before);
    return found;
}

bool commit_follows(struct context *cx, struct repository *repository, str commit, str earlier,
                    bool *follows)
{
    git_oid a, b;
    if (!library_open(cx, &commit_library))
        return false;
    if (git2.oid_from(&a, commit.at, commit.len) < 0
        || git2.oid_from(&b, earlier.at, earlier.len) < 0)
        return report_git(cx, NOWHERE, "read a commit's name");
    int answer = git2.descends(repository_handle(repository), &a, &b);
    *follows = answer == 1 || git2.oid_equal(&a, &b);
    if (answer < 0)
        *follows = leads_to(cx, repository, &a, &b);
    return true;
}

static bool tree_of(struct context *cx, git_repository *repository, str name, git_tree **out)
{
    git_oid oid;
    git_commit *commit;
    if (git2.oid_from(&oid, name.at, name.len) < 0
        || git2.commit_lookup(&commit, repository, &oid) < 0)
        return report_git(cx, NOWHERE, "read a commit");
    int error = git2.commit_tree(out, commit);
    git2.commit_free(commit);
    return error == 0 || report_git(cx, NOWHERE, "read a commit's tree");
}

bool worktree_follow(struct context *cx, struct repository *repository, str from, str to)
{
    if (!library_open(cx, &commit_library))
        return false;
    git_repository *handle = repository_handle(repository);
    git_tree *old = NULL, *new_ = NULL;
    bool ok = tree_of(cx, handle, from, &old) && tree_of(cx, handle, to, &new_);
    git_checkout_options options;
    git2.checkout_init(&options, GIT_CHECKOUT_OPTIONS_VERSION);
    options.checkout_strategy = GIT_CHECKOUT_SAFE;
    options.baseline = old;
    int error = ok ? git2.checkout(handle, (const git_object *)new_, &options) : 0;
    if (error == GIT_ECONFLICT)
        ok = report(cx, NOWHERE,
                    "changes that are not committed stand in the way of the "
                    "remote's commits");
    else if (error < 0)
        ok = report_git(cx, NOWHERE, "update the working tree");
    git2.tree_free(old);
    git2.tree_free(new_);
    return ok;
}

bool index_follow(struct context *cx, struct repository *repository,
                  const struct tree_change *changes, uint32_t len)
{
    if (!library_open(cx, &commit_library))
        return false;
    git_index *index;
    if (git2.repository_index(&index, repository_handle(repository)) < 0)
        return report_git(cx, NOWHERE, "open the index");
    bool ok = true;
    for (uint32_t i = 0; ok && i < len; i++)
        ok = git2.index_add(index, str_cstr(cx->scratch, changes[i].path)) == 0;
    ok = (ok && git2.index_write(index) == 0) || report_git(cx, NOWHERE, "write the index");
    git2.index_free(index);
    return ok;
}

bool head_branch(struct context *cx, struct repository *repository, str *branch)
{
    *branch = S("");
    if (!library_open(cx, &commit_library))
        return false;
    git_reference *head;
    int error = git2.reference_lookup(&head, repository_handle(repository), "HEAD");
    if (error < 0)
        return report_git(cx, NOWHERE, "read HEAD");
    str target = str_from(git2.reference_symbolic_target(head));
    if (str_starts(target, S("refs/heads/")))
        *branch = str_dup(cx->arena, str_skip(target, 11));
    git2.reference_free(head);
    return true;
}
