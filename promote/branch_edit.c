/* The branch moves last: until then it is only files that have changed, and running it again
 * goes on from there. */
#include "promote/branch_edit.h"

#include <time.h>
#include <unistd.h>

#include "promote/push.h"
#include "render/source/source.h"

/* Twenty that push at once need up to twenty attempts each; a pause grows up to its most. */
enum { ATTEMPTS = 100, PAUSE_MS = 20, PAUSE_MOST_MS = 1000 };

bool branch_edit_begin(struct context *cx, struct branch_edit *e)
{
    e->commit = S("");
    e->repository = repository_open(cx, S("."), NOWHERE);
    if (!e->repository || !head_branch(cx, e->repository, &e->branch)
        || !revision_commit(cx, e->repository, S("HEAD"), NOWHERE, &e->start))
        return false;
    e->base = e->tip = e->start;
    if (e->branch.len)
        return true;
    report(cx, NOWHERE, "HEAD is at no branch, so there is none to commit to");
    hint(cx, NOWHERE, "git switch -C NAME puts it at one, which some CI systems leave to you");
    return false;
}

/* Is HEAD still what it was, so that its files are edited where they lie? */
static bool is_first(const struct branch_edit *e)
{
    return str_eq(e->base, e->start) && str_eq(e->tip, e->start);
}

str branch_edit_revision(const struct branch_edit *e)
{
    return is_first(e) ? S("HEAD") : e->base;
}

struct folder *branch_edit_folder(struct context *cx, const struct branch_edit *e)
{
    struct source *disk = source_disk(cx, S("")), *src;
    str path, here = str_concat(cx->arena, branch_edit_revision(e), S(":."));
    if (!disk || !source_named(cx, disk, here, NOWHERE, &src, &path))
        return NULL;
    return source_folder(cx, src, path, NOWHERE);
}

static str on_disk(struct context *cx, const struct branch_edit *e, const struct file_edit *file)
{
    return str_format(cx->arena, "%.*s/%.*s", STR(repository_worktree(e->repository)),
                      STR(file->path));
}

/* A file on disk may be as HEAD has it, or as it is going to be. */
static bool check_clean(struct context *cx, const struct branch_edit *e)
{
    struct source *disk = source_disk(cx, S(""));
    for (uint32_t i = 0; disk && i < e->len; i++) {
        const struct file_edit *file = &e->files[i];
        str path = on_disk(cx, e, file);
        if (!file->before.at && source_kind(cx, disk, path) == FILE_NONE)
            continue;
        struct text *text = source_read(cx, disk, path, NOWHERE);
        if (!text)
            return false;
        if (str_eq(text->bytes, file->before) || str_eq(text->bytes, file->after))
            continue;
        report(cx, NOWHERE, "'%.*s' has changes that are not committed", STR(file->path));
        hint(cx, NOWHERE, "git stash puts them aside");
        return false;
    }
    return disk;
}

static bool write_files(struct context *cx, const struct branch_edit *e)
{
    for (uint32_t i = 0; i < e->len; i++) {
        if (!e->write(cx, on_disk(cx, e, &e->files[i]), e->files[i].after))
            return false;
    }
    return true;
}

/* First the files of HEAD are edited where they lie; what a remote has brought is checked out
 * as a whole. Without a working tree there is nothing to follow. */
static bool follow(struct context *cx, const struct branch_edit *e,
                   const struct tree_change *changes, str commit)
{
    if (!repository_worktree(e->repository).len)
        return true;
    if (!is_first(e))
        return worktree_follow(cx, e->repository, e->tip, commit);
    return check_clean(cx, e) && write_files(cx, e)
           && index_follow(cx, e->repository, changes, e->len);
}

static bool report_moved(struct context *cx, const struct branch_edit *e)
{
    return report_surroundings(cx, NOWHERE, "the branch '%.*s' has moved meanwhile",
                               STR(e->branch));
}

static bool commit(struct context *cx, struct branch_edit *e)
{
    struct tree_change *changes = NEW_ARRAY(cx->arena, struct tree_change, e->len);
    struct commit_request r = { .repository = e->repository,
                                .base = e->base,
                                .branch = e->branch,
                                .rule = BRANCH_TIP,
                                .expected = e->tip,
                                .changes = changes,
                                .len = e->len,
                                .message = e->message,
                                .log = e->log,
                                .author = e->author,
                                .committer = e->committer };
    for (uint32_t i = 0; i < e->len; i++)
        changes[i] = (struct tree_change){ e->files[i].path, e->files[i].after };
    struct commit_result made;
    if (!commit_write(cx, &r, &made))
        return false;
    if (made.outcome == COMMIT_MADE
        && (!follow(cx, e, changes, made.commit) || !commit_move(cx, &r, &made)))
        return false;
    if (made.outcome == COMMIT_MOVED)
        return report_moved(cx, e);
    e->tip = e->commit = made.commit;
    return true;
}

static bool attempt(struct context *cx, struct branch_edit *e)
{
    return e->make(cx, e) && (!e->len || commit(cx, e));
}

static bool report_behind(struct context *cx, const struct branch_edit *e)
{
    report_surroundings(cx, NOWHERE, "'%.*s' has commits at '%.*s' that are not here",
                        STR(e->remote), STR(e->branch));
    hint(cx, NOWHERE, "git pull --rebase brings them, then push");
    return false;
}

/* Those who were refused together come back one by one: each waits for a part of the pause
 * that nobody else would take. */
static void pause_before(int attempt)
{
    uint64_t most = attempt < 6 ? (uint64_t)PAUSE_MS << attempt : PAUSE_MOST_MS;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t mixed = ((uint64_t)now.tv_nsec ^ ((uint64_t)getpid() << 17)) * 0x9E3779B97F4A7C15u;
    uint64_t ns = (mixed >> 32) % (most * 1000000);
    nanosleep(&(struct timespec){ (time_t)(ns / 1000000000), (long)(ns % 1000000000) }, NULL);
}

/* What was asked for is in the remote's branch already: our own commit says nothing more. */
static bool take_theirs(struct context *cx, struct branch_edit *e, str there)
{
    struct commit_request r = {
        .repository = e->repository, .branch = e->branch, .rule = BRANCH_TIP, .log = e->log
    };
    struct commit_result moved = { COMMIT_MADE, there, e->tip };
    if ((repository_worktree(e->repository).len
         && !worktree_follow(cx, e->repository, e->tip, there))
        || !commit_move(cx, &r, &moved))
        return false;
    if (moved.outcome == COMMIT_MOVED)
        return report_moved(cx, e);
    e->tip = there;
    e->commit = S("");
    return true;
}

/* Made again on top of what the remote has now, unless other commits wait to be pushed. */
static bool push(struct context *cx, struct branch_edit *e)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        if (i && !limit_time(cx, NOWHERE))
            return false;
        if (i)
            pause_before(i - 1);
        struct push_request r = {
            e->repository, e->remote, e->branch, e->tip, e->base, BRANCH_TIP
        };
        struct push_result pushed;
        bool follows = false;
        if (!push_branch(cx, &r, &pushed))
            return false;
        e->pushed = pushed.outcome == PUSH_DONE;
        if (pushed.outcome != PUSH_BEHIND)
            return true;
        if (!pushed.there.len || str_eq(pushed.there, e->base))
            continue;
        if (!commit_follows(cx, e->repository, pushed.there, e->start, &follows))
            return false;
        if (!follows)
            return report_behind(cx, e);
        e->base = pushed.there;
        if (!attempt(cx, e))
            return false;
        if (!e->len)
            return take_theirs(cx, e, pushed.there);
    }
    return report_surroundings(cx, NOWHERE, "'%.*s' kept moving; the commit is not pushed",
                               STR(e->remote));
}

bool branch_edit_run(struct context *cx, struct branch_edit *e)
{
    return attempt(cx, e) && (!e->remote.len || push(cx, e));
}
