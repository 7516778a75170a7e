/* Pins applied: edited, rendered again, written, committed, pushed. */
#include "promote/pin_apply.h"

#include <time.h>
#include <unistd.h>

#include "promote/push.h"
#include "promote/registries.h"
#include "promote/resolve.h"
#include "render/base/buf.h"

/* Twenty that push at once need up to twenty attempts each; a pause grows up to its most. */
enum { ATTEMPTS = 100, PAUSE_MS = 20, PAUSE_MOST_MS = 1000 };

struct pinning {
    const struct pin_request *request;
    const struct image_ref *refs;  /* the request's, or these with their digests */
    struct repository *repository; /* NULL without a commit */
    struct project *project;
    str base;  /* the commit that is edited */
    str start; /* HEAD, before anything */
    str tip;   /* of the branch: HEAD, then our own last commit */
    str branch;
    struct environment *env;
    struct pins pins;
    struct tree_change *changes;
};

static struct folder *working_folder(struct context *cx)
{
    struct source *disk = source_disk(cx, S(""));
    return disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
}

/* Is HEAD still what it was, so that its files are edited where they lie? */
static bool is_first(const struct pinning *p)
{
    return str_eq(p->base, p->start) && str_eq(p->tip, p->start);
}

/* Where the files are that will be edited: on disk, or in the commit that ours follows. */
static struct folder *edited_folder(struct context *cx, const struct pinning *p)
{
    struct source *disk = source_disk(cx, S("")), *src;
    str base = is_first(p) ? S("HEAD") : p->base, path;
    if (!p->repository)
        return working_folder(cx);
    if (!disk
        || !source_named(cx, disk, str_concat(cx->arena, base, S(":.")), NOWHERE, &src, &path))
        return NULL;
    return source_folder(cx, src, path, NOWHERE);
}

static bool check_branch(struct context *cx, const struct environment_row *row)
{
    struct folder *folder = row->branch.len ? working_folder(cx) : NULL;
    if (!row->branch.len)
        return true;
    if (!folder)
        return false;
    if (environment_folder(cx, folder, row) == folder)
        return true;
    if (diag_failed(cx))
        return false;
    report(cx, row->pos, "'%.*s' is on the branch '%.*s', and another is checked out",
           STR(row->name), STR(row->branch));
    hint(cx, NOWHERE, "git switch %.*s", STR(row->branch));
    return false;
}

static struct environment *render_row(struct context *cx, const struct pinning *p,
                                      const struct environment_row *row)
{
    struct folder *folder = edited_folder(cx, p);
    return folder ? environment_render(cx, folder, row) : NULL;
}

static bool open_environment(struct context *cx, struct pinning *p)
{
    str word = p->request->word;
    const struct environment_row *row = project_find(p->project, word);
    if (row) {
        p->env = check_branch(cx, row) ? render_row(cx, p, row) : NULL;
        return p->env;
    }
    if (p->repository)
        word =
            str_format(cx->arena, "%.*s:%.*s", STR(is_first(p) ? S("HEAD") : p->base), STR(word));
    p->env = environment_named(cx, word);
    if (p->env && !p->env->at.folder)
        return report(cx, NOWHERE, "'%.*s' is no folder, so nothing in it can be pinned",
                      STR(word));
    return p->env;
}

/* Those that an environment must not change when it is pinned by its name. */
static bool find_others(struct context *cx, struct pinning *p, struct environments *others)
{
    const struct environment_row *own = p->env->row;
    for (uint32_t i = 0; own && i < p->project->environment_count; i++) {
        const struct environment_row *row = &p->project->environments[i];
        if (row == own || !str_eq(row->branch, own->branch))
            continue;
        struct environment *e = render_row(cx, p, row);
        if (!e)
            return false;
        ARENA_PUSH(cx->arena, others->at, others->len, others->cap);
        others->at[others->len++] = e;
    }
    return true;
}

static bool edit(struct context *cx, struct pinning *p)
{
    struct environments *others = NEW(cx->arena, struct environments);
    if (!find_others(cx, p, others))
        return false;
    p->pins = (struct pins){ .env = p->env, .others = others };
    bool ok = true;
    for (uint32_t i = 0; i < p->request->len; i++)
        ok = pins_add(cx, &p->pins, p->refs[i]) && ok;
    return ok && pins_finish(cx, &p->pins);
}

static bool check_image(struct context *cx, const struct environment *env, struct image_ref ref)
{
    const struct image *image = image_set_find(&env->images, ref);
    for (; image; image = image_set_next(&env->images, image)) {
        bool as_asked = str_eq(image->ref.tag, ref.tag) && str_eq(image->ref.digest, ref.digest);
        /* A chart may print a tag that nobody asked for beside the digest, or none. */
        if (!as_asked && !(ref.digest.len && image_version_equal(image->ref, ref)))
            return report_refused(cx, image->uses[0].image->pos,
                                  "'%.*s' would not be what was asked for", STR(ref.name));
    }
    return true;
}

/* The edited files must render to what was asked for. */
static bool check(struct context *cx, struct pinning *p)
{
    struct source *edited = source_edited(cx, p->env->sources[0]);
    for (uint32_t i = 0; i < p->pins.len; i++) {
        str path = p->pins.files[i].real;
        if (edited->closed)
            path = str_trim_prefix(path, S("/"));
        if (!source_edit(cx, edited, path, p->pins.files[i].bytes, NOWHERE))
            return false;
    }
    struct environment after;
    if (!environment_again(cx, p->env, edited, &after))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < p->request->len; i++)
        ok = check_image(cx, &after, p->refs[i]) && ok;
    return ok;
}

static str on_disk(struct context *cx, const struct pinning *p, const struct pinned_file *file)
{
    return p->repository ? str_concat(cx->arena, repository_worktree(p->repository), file->real)
                         : file->real;
}

static bool write_files(struct context *cx, struct pinning *p)
{
    for (uint32_t i = 0; i < p->pins.len; i++) {
        const struct pinned_file *file = &p->pins.files[i];
        if (!p->request->write(cx, on_disk(cx, p, file), file->bytes))
            return false;
    }
    return true;
}

/* A file on disk may be as HEAD has it, or as it is going to be. */
static bool check_clean(struct context *cx, struct pinning *p)
{
    struct source *disk = source_disk(cx, S(""));
    bool ok = disk;
    for (uint32_t i = 0; ok && i < p->pins.len; i++) {
        const struct pinned_file *file = &p->pins.files[i];
        struct text *text = source_read(cx, disk, on_disk(cx, p, file), NOWHERE);
        if (!text)
            return false;
        if (str_eq(text->bytes, file->text->bytes) || str_eq(text->bytes, file->bytes))
            continue;
        ok = report(cx, NOWHERE, "'%.*s' has changes that are not committed",
                    STR(str_trim_prefix(file->real, S("/"))));
        hint(cx, NOWHERE, "git stash puts them aside");
    }
    return ok;
}

static str message_of(struct context *cx, const struct pinning *p)
{
    const struct pin_request *r = p->request;
    struct buf b;
    buf_init(&b, cx->arena, 512);
    if (r->len == 1)
        buf_format(&b, "Pin %.*s\n\n", STR(image_ref_print(cx->arena, p->refs[0])));
    else
        buf_format(&b, "Pin %u images\n\n", r->len);
    for (uint32_t i = 0; i < r->len; i++) {
        buf_format(&b, "%.*s\n", STR(image_ref_print(cx->arena, p->refs[i])));
        const struct image *image = image_set_find(&p->env->images, p->refs[i]);
        for (uint32_t k = 0; image && k < image->len; k++) {
            struct identity id = identity_of(image->uses[k].document);
            buf_format(&b, "    %.*s/%.*s\n", STR(id.gvk.kind), STR(id.name));
        }
    }
    if (r->trigger.len)
        buf_format(&b, "\nHoist-Trigger: %.*s\n", STR(r->trigger));
    return buf_take(&b);
}

/* First the files of HEAD are edited where they lie; what a remote has brought is checked out
 * as a whole. Without a working tree there is nothing to follow. */
static bool follow(struct context *cx, struct pinning *p, str commit)
{
    if (!repository_worktree(p->repository).len)
        return true;
    if (!is_first(p))
        return worktree_follow(cx, p->repository, p->tip, commit);
    return check_clean(cx, p) && write_files(cx, p)
           && index_follow(cx, p->repository, p->changes, p->pins.len);
}

/* The branch moves last: until then it is only files that have changed, and running it again
 * goes on from there. */
static bool commit(struct context *cx, struct pinning *p, struct pin_result *out)
{
    struct commit_request r = { .repository = p->repository,
                                .base = p->base,
                                .branch = p->branch,
                                .rule = BRANCH_TIP,
                                .expected = p->tip,
                                .len = p->pins.len,
                                .message = message_of(cx, p),
                                .log = S("hoist: pin"),
                                .author = p->request->author,
                                .committer = p->request->committer };
    p->changes = NEW_ARRAY(cx->arena, struct tree_change, p->pins.len);
    for (uint32_t i = 0; i < p->pins.len; i++)
        p->changes[i] = (struct tree_change){ str_trim_prefix(p->pins.files[i].real, S("/")),
                                              p->pins.files[i].bytes };
    r.changes = p->changes;
    struct commit_result made;
    if (!commit_write(cx, &r, &made))
        return false;
    if (made.outcome == COMMIT_MADE && (!follow(cx, p, made.commit) || !commit_move(cx, &r, &made)))
        return false;
    if (made.outcome == COMMIT_MOVED)
        return report_surroundings(cx, NOWHERE, "the branch '%.*s' has moved meanwhile",
                                   STR(p->branch));
    p->tip = out->commit = made.commit;
    return true;
}

static bool attempt(struct context *cx, struct pinning *p, struct pin_result *out)
{
    if (!open_environment(cx, p) || !edit(cx, p) || !check(cx, p))
        return false;
    out->files = p->pins.files;
    out->len = p->pins.len;
    if (p->request->dry_run || !p->pins.len)
        return true;
    return p->repository ? commit(cx, p, out) : write_files(cx, p);
}

static bool report_behind(struct context *cx, const struct pinning *p)
{
    report_surroundings(cx, NOWHERE, "'%.*s' has commits at '%.*s' that are not here",
                        STR(p->request->remote), STR(p->branch));
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
static bool take_theirs(struct context *cx, struct pinning *p, str there, struct pin_result *out)
{
    struct commit_request r = {
        .repository = p->repository, .branch = p->branch, .rule = BRANCH_TIP, .log = S("hoist: pin")
    };
    struct commit_result moved = { COMMIT_MADE, there, p->tip };
    if ((repository_worktree(p->repository).len
         && !worktree_follow(cx, p->repository, p->tip, there))
        || !commit_move(cx, &r, &moved))
        return false;
    if (moved.outcome == COMMIT_MOVED)
        return report_surroundings(cx, NOWHERE, "the branch '%.*s' has moved meanwhile",
                                   STR(p->branch));
    p->tip = there;
    out->commit = S("");
    return true;
}

/* Made again on top of what the remote has now, unless other commits wait to be pushed. */
static bool push(struct context *cx, struct pinning *p, struct pin_result *out)
{
    for (int i = 0; i < ATTEMPTS; i++) {
        if (i && !limit_time(cx, NOWHERE))
            return false;
        if (i)
            pause_before(i - 1);
        struct push_request r = { p->repository, p->request->remote, p->branch, p->tip,
                                  p->base,       BRANCH_TIP };
        struct push_result pushed;
        bool follows = false;
        if (!push_branch(cx, &r, &pushed))
            return false;
        out->pushed = pushed.outcome == PUSH_DONE;
        if (pushed.outcome != PUSH_BEHIND)
            return true;
        if (!pushed.there.len || str_eq(pushed.there, p->base))
            continue;
        if (!commit_follows(cx, p->repository, pushed.there, p->start, &follows))
            return false;
        if (!follows)
            return report_behind(cx, p);
        p->base = pushed.there;
        if (!attempt(cx, p, out))
            return false;
        if (!out->len)
            return take_theirs(cx, p, pushed.there, out);
    }
    return report_surroundings(cx, NOWHERE, "'%.*s' kept moving; the commit is not pushed",
                               STR(p->request->remote));
}

static bool begin(struct context *cx, struct pinning *p)
{
    struct folder *folder = working_folder(cx);
    p->project = folder ? project_read(cx, folder) : NULL;
    if (!p->project || !p->request->commit)
        return p->project;
    p->repository = repository_open(cx, S("."), NOWHERE);
    if (!p->repository || !head_branch(cx, p->repository, &p->branch)
        || !revision_commit(cx, p->repository, S("HEAD"), NOWHERE, &p->start))
        return false;
    p->base = p->tip = p->start;
    return p->branch.len
           || report(cx, NOWHERE, "HEAD is at no branch, so there is none to commit to");
}

/* Once, before all attempts: each of them must write the same. */
static bool resolve(struct context *cx, struct pinning *p)
{
    uint32_t n = p->request->len;
    if (!p->request->resolve)
        return true;
    struct registry *registry = registry_open_for(cx, p->project, p->request->word);
    struct image_ref *refs = arena_copy(cx->arena, p->refs, n * sizeof *refs);
    struct resolution *all = NEW_ARRAY(cx->arena, struct resolution, n);
    if (!registry || !resolve_all(cx, registry, refs, NULL, n, all))
        return false;
    bool ok = true;
    for (uint32_t i = 0; i < n; i++) {
        str digest = all[i].manifest.digest;
        if (resolution_moved(&all[i], refs[i]))
            ok = report_refused(cx, NOWHERE, "the tag of '%.*s' stands for '%.*s'",
                                STR(image_ref_print(cx->arena, refs[i])), STR(digest));
        refs[i].digest = digest;
    }
    p->refs = refs;
    return ok;
}

bool pin_apply(struct context *cx, const struct pin_request *request, struct pin_result *out)
{
    struct pinning p = { .request = request, .refs = request->refs };
    *out = (struct pin_result){ .commit = S("") };
    if (!begin(cx, &p) || !resolve(cx, &p) || !attempt(cx, &p, out))
        return false;
    out->branch = p.branch;
    if (request->dry_run || !request->remote.len)
        return true;
    return push(cx, &p, out);
}
