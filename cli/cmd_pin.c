/* hoist pin: set images in an environment's own files; what CI does after a build. */
#include "cli/author.h"
#include "cli/commands.h"
#include "promote/pin_apply.h"

struct pin_flags {
    bool commit;
    bool push;
    str remote;
    str trigger;
    bool dry_run;
    bool resolve;
};

static const struct option options[] = {
    { 'n', "dry-run", NULL, "write nothing, and say what would be edited", OPTION_FLAG,
      offsetof(struct pin_flags, dry_run) },
    { 0, "commit", NULL, "commit the change, and nothing else, to the current branch", OPTION_FLAG,
      offsetof(struct pin_flags, commit) },
    { 0, "push", NULL, "commit, and push the branch; again on top of what others pushed meanwhile",
      OPTION_FLAG, offsetof(struct pin_flags, push) },
    { 0, "remote", "NAME", "where to (origin)", OPTION_TEXT, offsetof(struct pin_flags, remote) },
    { 0, "resolve", NULL, "pin the digest, too, that the registry has for the tag", OPTION_FLAG,
      offsetof(struct pin_flags, resolve) },
    { 0, "trigger", "TEXT", "what asked for it, for the commit's message", OPTION_TEXT,
      offsetof(struct pin_flags, trigger) },
    { 0 },
};

static bool read_images(struct context *cx, const struct words *words, struct image_ref *refs)
{
    bool ok = true;
    for (uint32_t i = 1; i < words->len; i++) {
        str word = words->at[i];
        struct image_ref *ref = &refs[i - 1];
        if (!image_ref_parse(cx, word, NOWHERE, ref))
            ok = false;
        else if (!ref->tag.len && !ref->digest.len)
            ok = report(cx, NOWHERE, "'%.*s' says neither a tag nor a digest", STR(word));
    }
    return ok;
}

/* A text of a revision is named by it: "HEAD:k8s/a.yaml". */
static str path_of(const struct pinned_file *file)
{
    str revision, path;
    return revision_split(file->text->name, &revision, &path) ? path : file->text->name;
}

static void print_result(struct call *call, const struct pin_request *r,
                         const struct pin_result *result)
{
    for (uint32_t i = 0; i < result->len; i++)
        buf_format(call->out, "%s %.*s\n", r->dry_run ? "would edit" : "edited",
                   STR(path_of(&result->files[i])));
    if (!result->len)
        buf_format(call->out, "'%.*s' runs it already\n", STR(r->word));
    if (result->commit.len)
        buf_format(call->out, "%.*s: commit %.*s\n", STR(result->branch),
                   STR(str_slice(result->commit, 0, 12)));
    if (r->remote.len && !r->dry_run)
        buf_format(call->out, "%.*s: %s\n", STR(r->remote),
                   result->pushed ? "pushed" : "has it already");
}

static bool run(struct context *cx, struct call *call)
{
    const struct pin_flags *flags = call->options;
    struct image_ref *refs = NEW_ARRAY(cx->arena, struct image_ref, call->operands.len);
    struct pin_request r = { .word = call->operands.at[0],
                             .refs = refs,
                             .len = call->operands.len - 1,
                             .dry_run = flags->dry_run,
                             .resolve = flags->resolve,
                             .commit = flags->commit || flags->push,
                             .trigger = flags->trigger,
                             .write = output_file };
    if (flags->push)
        r.remote = flags->remote.len ? flags->remote : S("origin");
    struct pin_result result;
    if (!read_images(cx, &call->operands, refs) || !authors_read(cx, &r.author, &r.committer)
        || !pin_apply(cx, &r, &result))
        return false;
    print_result(call, &r, &result);
    return true;
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
