/* hoist pin: set images in an environment's own files; what CI does after a build.
 *
 * Without --commit the files on disk are edited. With it the edit is made to what HEAD
 * holds, committed on HEAD's branch, and the files and the index follow: a file with other
 * changes stops it. */
#include "cli/author.h"
#include "cli/commands.h"
#include "promote/pin.h"
#include "promote/push.h"

struct pin_flags {
    bool commit;
    bool push;
    str remote;
    str trigger;
    bool dry_run;
};

static const struct option options[] = {
    { 'n', "dry-run", NULL, "write nothing, and say what would be edited", OPTION_FLAG,
      offsetof(struct pin_flags, dry_run) },
    { 0, "commit", NULL, "commit the change, and nothing else, to the current branch", OPTION_FLAG,
      offsetof(struct pin_flags, commit) },
    { 0, "push", NULL, "push the branch; --commit is meant, too", OPTION_FLAG,
      offsetof(struct pin_flags, push) },
    { 0, "remote", "NAME", "where to (origin)", OPTION_TEXT, offsetof(struct pin_flags, remote) },
    { 0, "trigger", "TEXT", "what asked for it, for the commit's message", OPTION_TEXT,
      offsetof(struct pin_flags, trigger) },
    { 0 },
};

/* What is being pinned, from the words to the bytes. */
struct pinning {
    struct call *call;
    const struct pin_flags *flags;
    struct repository *repository; /* NULL without --commit */
    struct environment *env;
    struct image_ref *refs;
    uint32_t len;
    struct pins pins;
    struct tree_change *changes; /* the same for a commit */
};

static bool read_images(struct context *cx, struct pinning *p)
{
    const struct words *words = &p->call->operands;
    p->len = words->len - 1;
    p->refs = NEW_ARRAY(cx->arena, struct image_ref, p->len);
    bool ok = true;
    for (uint32_t i = 0; i < p->len; i++) {
        str word = words->at[i + 1];
        if (!image_ref_parse(cx, word, NOWHERE, &p->refs[i]))
            ok = false;
        else if (!p->refs[i].tag.len && !p->refs[i].digest.len)
            ok = report(cx, NOWHERE, "'%.*s' says neither a tag nor a digest", STR(word));
    }
    return ok;
}

/* A path, or the path of an environment that hoist.yaml names, in HEAD. */
static bool word_in_head(struct context *cx, str word, str *out)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *here = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct project *project = here ? project_read(cx, here) : NULL;
    if (!project)
        return false;
    const struct environment_row *row = project_find(project, word);
    *out = str_concat(cx->arena, S("HEAD:"), row ? row->path : word);
    return true;
}

static bool open_environment(struct context *cx, struct pinning *p)
{
    str word = p->call->operands.at[0];
    if (p->flags->commit || p->flags->push) {
        p->repository = repository_open(cx, S("."), NOWHERE);
        if (!p->repository || !word_in_head(cx, word, &word))
            return false;
    }
    p->env = environment_named(cx, word);
    if (p->env && !p->env->at.folder)
        return report(cx, NOWHERE, "'%.*s' is no folder, so nothing in it can be pinned",
                      STR(word));
    return p->env;
}

/* An environment of the project that is pinned by name shares nothing with the others. */
static bool find_others(struct context *cx, struct pinning *p, struct environments *others)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *here = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct project *project = here ? project_read(cx, here) : NULL;
    str word = p->call->operands.at[0];
    const struct environment_row *own = project ? project_find(project, word) : NULL;
    if (!own || p->repository)
        return project;
    for (uint32_t i = 0; i < project->environment_count; i++) {
        const struct environment_row *row = &project->environments[i];
        if (row == own || row->unsupported)
            continue;
        struct source *alone = source_disk(cx, S(""));
        struct folder *folder = alone ? source_folder(cx, alone, S("."), NOWHERE) : NULL;
        struct environment *e = folder ? environment_render(cx, folder, row) : NULL;
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
    for (uint32_t i = 0; i < p->len; i++)
        ok = pins_add(cx, &p->pins, p->refs[i]) && ok;
    return ok && pins_finish(&p->pins);
}

/* The edited files must render to what was asked for. */
static bool check(struct context *cx, struct pinning *p)
{
    struct source *edited = source_edited(cx, p->env->at.folder->source);
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
    for (uint32_t i = 0; i < p->len; i++) {
        for (const struct image *image = image_set_find(&after.images, p->refs[i]); image;
             image = image_set_next(&after.images, image)) {
            if (!str_eq(image->ref.tag, p->refs[i].tag)
                || !str_eq(image->ref.digest, p->refs[i].digest))
                return report_refused(cx, image->uses[0].image->pos,
                                      "'%.*s' would not be what was asked for",
                                      STR(image->ref.name));
        }
    }
    return true;
}

static str on_disk(struct context *cx, const struct pinning *p, const struct pinned_file *file)
{
    return p->repository ? str_concat(cx->arena, repository_worktree(p->repository), file->real)
                         : file->real;
}

static void list_files(struct pinning *p, const char *what)
{
    for (uint32_t i = 0; i < p->pins.len; i++) {
        str name = str_trim_prefix(p->pins.files[i].text->name, S("HEAD:"));
        buf_format(p->call->out, "%s %.*s\n", what, STR(name));
    }
    if (!p->pins.len)
        buf_format(p->call->out, "'%.*s' runs it already\n", STR(p->call->operands.at[0]));
}

static bool write_files(struct context *cx, struct pinning *p)
{
    for (uint32_t i = 0; i < p->pins.len; i++) {
        if (!output_file(cx, on_disk(cx, p, &p->pins.files[i]), p->pins.files[i].bytes))
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
    struct buf b;
    buf_init(&b, cx->arena, 512);
    if (p->len == 1)
        buf_format(&b, "Pin %.*s\n\n", STR(image_ref_print(cx->arena, p->refs[0])));
    else
        buf_format(&b, "Pin %u images\n\n", p->len);
    for (uint32_t i = 0; i < p->len; i++) {
        buf_format(&b, "%.*s\n", STR(image_ref_print(cx->arena, p->refs[i])));
        const struct image *image = image_set_find(&p->env->images, p->refs[i]);
        for (uint32_t k = 0; image && k < image->len; k++) {
            struct identity id = identity_of(image->uses[k].document);
            buf_format(&b, "    %.*s/%.*s\n", STR(id.gvk.kind), STR(id.name));
        }
    }
    if (p->flags->trigger.len)
        buf_format(&b, "\nHoist-Trigger: %.*s\n", STR(p->flags->trigger));
    return buf_take(&b);
}

static bool make_commit(struct context *cx, struct pinning *p, struct commit_request *r,
                        struct commit_result *result)
{
    *r = (struct commit_request){ .repository = p->repository, .rule = BRANCH_TIP };
    r->log = S("hoist: pin");
    r->message = message_of(cx, p);
    r->changes = p->changes;
    r->len = p->pins.len;
    if (!head_branch(cx, p->repository, &r->branch)
        || !revision_commit(cx, p->repository, S("HEAD"), NOWHERE, &r->base)
        || !authors_find(cx, p->repository, &r->author, &r->committer))
        return false;
    if (!r->branch.len)
        return report(cx, NOWHERE, "HEAD is at no branch, so there is none to commit to");
    if (!commit_make(cx, r, result))
        return false;
    return result->outcome != COMMIT_MOVED
           || report_surroundings(cx, NOWHERE, "the branch '%.*s' has moved meanwhile",
                                  STR(r->branch));
}

static bool push(struct context *cx, struct pinning *p, const struct commit_request *r,
                 const struct commit_result *result)
{
    str remote = p->flags->remote.len ? p->flags->remote : S("origin");
    struct push_request request = { p->repository,  remote,  r->branch,
                                    result->commit, r->base, BRANCH_TIP };
    enum push_outcome outcome;
    if (!push_branch(cx, &request, &outcome))
        return false;
    if (outcome == PUSH_BEHIND) {
        report_surroundings(cx, NOWHERE, "'%.*s' has commits at '%.*s' that are not here",
                            STR(remote), STR(r->branch));
        hint(cx, NOWHERE, "git pull --rebase brings them, then push");
        return false;
    }
    buf_format(p->call->out, "%.*s: pushed\n", STR(remote));
    return true;
}

/* The files and the index go first, as with git commit: what is left then is to commit. */
static bool follow(struct context *cx, struct pinning *p)
{
    return !repository_worktree(p->repository).len
           || (check_clean(cx, p) && write_files(cx, p)
               && index_follow(cx, p->repository, p->changes, p->pins.len));
}

static bool commit(struct context *cx, struct pinning *p)
{
    struct commit_request r;
    struct commit_result result;
    p->changes = NEW_ARRAY(cx->arena, struct tree_change, p->pins.len);
    for (uint32_t i = 0; i < p->pins.len; i++)
        p->changes[i] = (struct tree_change){ str_trim_prefix(p->pins.files[i].real, S("/")),
                                              p->pins.files[i].bytes };
    if (!follow(cx, p) || !make_commit(cx, p, &r, &result))
        return false;
    buf_format(p->call->out, "%.*s: commit %.*s\n", STR(r.branch),
               STR(str_slice(result.commit, 0, 12)));
    return !p->flags->push || push(cx, p, &r, &result);
}

static bool run(struct context *cx, struct call *call)
{
    struct pinning p = { .call = call, .flags = call->options };
    if (!read_images(cx, &p) || !open_environment(cx, &p) || !edit(cx, &p) || !check(cx, &p))
        return false;
    bool write = p.pins.len && !p.flags->dry_run;
    list_files(&p, write ? "edited" : "would edit");
    if (!write)
        return true;
    return p.repository ? commit(cx, &p) : write_files(cx, &p);
}

const struct command cmd_pin = {
    .name = "pin",
    .operands = "PATH IMAGE...",
    .summary = "set images where an environment takes them from",
    .about =
        "PATH may be the name of an environment. IMAGE is NAME:TAG, NAME@DIGEST or both. Of the\n"
        "files only the bytes of the pins change. A file that several environments share is not\n"
        "edited to change one of them.",
    .options = options,
    .options_size = sizeof(struct pin_flags),
    .run = run,
};
