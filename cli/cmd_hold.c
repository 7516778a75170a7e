/* hoist hold: keep an environment, or one image of it, where it is. */
#include "cli/author.h"
#include "cli/commands.h"
#include "promote/branch_edit.h"
#include "promote/environment.h"
#include "promote/hold.h"
#include "render/base/gotime.h"

struct hold_flags {
    str until;
    str reason;
    bool release;
    bool commit;
    bool push;
    str remote;
};

static const struct option options[] = {
    { 0, "until", "TIME", "it ends by itself: 2026-12-01, 2026-12-01T12:00:00Z, or 48h from now",
      OPTION_TEXT, offsetof(struct hold_flags, until) },
    { 0, "reason", "TEXT", "why, for those whom it stops", OPTION_TEXT,
      offsetof(struct hold_flags, reason) },
    { 0, "release", NULL, "end it", OPTION_FLAG, offsetof(struct hold_flags, release) },
    { 0, "commit", NULL, "commit " HOLD_FILE ", and nothing else, to the current branch",
      OPTION_FLAG, offsetof(struct hold_flags, commit) },
    { 0, "push", NULL, "commit, and push the branch; again on top of what others pushed meanwhile",
      OPTION_FLAG, offsetof(struct hold_flags, push) },
    { 0, "remote", "NAME", "where to (origin)", OPTION_TEXT, offsetof(struct hold_flags, remote) },
    { 0 },
};

/* The name as the environment has it; its last part will do. */
static bool find_image(struct context *cx, str env_name, str word, str *name)
{
    struct environment *env = environment_named(cx, env_name);
    if (!env)
        return false;
    *name = S("");
    for (uint32_t i = 0; i < env->images.len; i++) {
        str full = env->images.at[i].ref.name, path, last;
        if (!str_cut_last(full, '/', &path, &last))
            last = full;
        if (str_eq(word, full) || (str_eq(word, last) && !name->len))
            *name = full;
    }
    return name->len
           || report(cx, NOWHERE, "'%.*s' runs no image '%.*s'", STR(env_name), STR(word));
}

/* A released image may be gone from the environment, so it is looked for among the holds. */
static str held_image(const struct holds *holds, str environment, str word)
{
    for (uint32_t i = 0; i < holds->len; i++) {
        str full = holds->at[i].image, path, last;
        if (str_eq(holds->at[i].environment, environment) && str_cut_last(full, '/', &path, &last)
            && str_eq(last, word))
            return full;
    }
    return word;
}

/* A length of time becomes the moment at which it ends. */
static bool read_until(struct context *cx, struct hold *hold)
{
    if (!hold->until.len)
        return true;
    if (!hold_until(cx, hold->until, NOWHERE, &hold->ends))
        return false;
    if (hold->ends <= cx->now)
        return report(cx, NOWHERE, "'%.*s' is over already", STR(hold->until));
    struct buf b;
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, (struct gotime){ hold->ends, 0, &zone_utc }, GOTIME_RFC3339);
    hold->until = buf_take(&b);
    return true;
}

/* One hold, on its way into the file. */
struct holding {
    const struct hold_flags *flags;
    struct hold asked; /* as the command line says it */
    struct hold hold;  /* with the image's whole name and the time at which it ends */
    struct branch_edit edit;
    struct text *before; /* NULL for no file */
    str bytes;
};

static bool make_bytes(struct context *cx, struct holding *h, struct folder *folder)
{
    struct holds holds;
    struct hold *hold = &h->hold;
    struct project *p = project_read(cx, folder);
    *hold = h->asked;
    if (!p || !project_environment(cx, p, hold->environment) || !holds_read(cx, folder, &holds))
        return false;
    h->before = holds.text;
    if (h->flags->release) {
        hold->image = held_image(&holds, hold->environment, hold->image);
        return hold_remove(cx, &holds, hold->environment, hold->image, &h->bytes);
    }
    return (!hold->image.len || find_image(cx, hold->environment, hold->image, &hold->image))
           && hold_add(cx, &holds, hold, &h->bytes);
}

static str message_of(struct context *cx, const struct holding *h)
{
    const struct hold *hold = &h->hold;
    struct buf b;
    buf_init(&b, cx->arena, 256);
    buf_format(&b, "%s %.*s", h->flags->release ? "Release" : "Hold", STR(hold->environment));
    if (hold->image.len)
        buf_format(&b, ": %.*s", STR(hold->image));
    buf_char(&b, '\n');
    if (!h->flags->release && hold->reason.len)
        buf_format(&b, "\n%.*s\n", STR(hold->reason));
    if (!h->flags->release && hold->until.len)
        buf_format(&b, "\nIt ends at %.*s.\n", STR(hold->until));
    return buf_take(&b);
}

static bool make(struct context *cx, struct branch_edit *e)
{
    struct holding *h = e->who;
    struct folder *folder = branch_edit_folder(cx, e);
    if (!folder || !make_bytes(cx, h, folder))
        return false;
    str top = str_trim_chars(folder->real, S("/"));
    struct file_edit *file = NEW(cx->arena, struct file_edit);
    file->path = top.len ? str_format(cx->arena, "%.*s/%s", STR(top), HOLD_FILE) : S(HOLD_FILE);
    file->before = h->before ? h->before->bytes : (str){ 0 };
    file->after = h->bytes;
    e->files = file;
    e->len = h->before && str_eq(file->before, file->after) ? 0 : 1;
    e->message = message_of(cx, h);
    return true;
}

static bool write_here(struct context *cx, struct holding *h)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *folder = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    return folder && make_bytes(cx, h, folder) && output_file(cx, S(HOLD_FILE), h->bytes);
}

static bool commit_it(struct context *cx, struct holding *h)
{
    struct branch_edit *e = &h->edit;
    *e = (struct branch_edit){
        .log = S("hoist: hold"), .write = output_file, .make = make, .who = h
    };
    if (h->flags->push)
        e->remote = h->flags->remote.len ? h->flags->remote : S("origin");
    return authors_read(cx, &e->author, &e->committer) && branch_edit_begin(cx, e)
           && branch_edit_run(cx, e);
}

static void say(struct context *cx, struct call *call, const struct holding *h)
{
    const struct hold *hold = &h->hold;
    const struct branch_edit *e = &h->edit;
    bool commits = h->flags->commit || h->flags->push;
    buf_format(call->out, "%.*s: %s%.*s", STR(hold->image.len ? hold->image : hold->environment),
               h->flags->release ? "released" : "held",
               STR(h->flags->release ? S("") : hold_describe(cx, hold)));
    if (!commits)
        buf_format(call->out, "; in force once %s is on the branch", HOLD_FILE);
    buf_char(call->out, '\n');
    if (e->commit.len)
        buf_format(call->out, "%.*s: commit %.*s\n", STR(e->branch),
                   STR(str_slice(e->commit, 0, 12)));
    if (e->remote.len)
        buf_format(call->out, "%.*s: %s\n", STR(e->remote),
                   e->pushed ? "pushed" : "has it already");
}

static bool run(struct context *cx, struct call *call)
{
    const struct hold_flags *flags = call->options;
    struct holding h = { .flags = flags,
                         .asked = { .environment = call->operands.at[0],
                                    .image = call->operands.len > 1 ? call->operands.at[1] : S(""),
                                    .until = flags->until,
                                    .reason = flags->reason } };
    if (!flags->release && !read_until(cx, &h.asked))
        return false;
    bool ok = flags->commit || flags->push ? commit_it(cx, &h) : write_here(cx, &h);
    if (ok)
        say(cx, call, &h);
    return ok;
}

const struct command cmd_hold = {
    .name = "hold",
    .operands = "ENV [IMAGE]",
    .summary = "keep an environment, or one image of it, where it is",
    .about =
        "Written to " HOLD_FILE " beside hoist.yaml, for reviewers to see. Promotions to ENV\n"
        "then stop: all of them, or those that would change IMAGE and do not name it by --only\n"
        "or --exclude.",
    .options = options,
    .options_size = sizeof(struct hold_flags),
    .run = run,
};
