/* hoist diff: two renders, document by document. */
#include "cli/commands.h"
#include "promote/diff.h"
#include "promote/environment.h"

struct diff_flags {
    str output;
    bool exit_code;
    bool all;
    bool summary;
    struct words only;
    struct words ignore;
};

static const struct option options[] = {
    { 'o', "output", DIFF_FORMATS, "how differences are printed", OPTION_CHOICE,
      offsetof(struct diff_flags, output) },
    { 0, "summary", NULL, "which documents differ, and not in what", OPTION_FLAG,
      offsetof(struct diff_flags, summary) },
    { 0, "only", "KIND/NAME", "only these documents; either may hold *", OPTION_COMMAS,
      offsetof(struct diff_flags, only) },
    { 0, "ignore", "PATH", "not this field and what is below: 'metadata.annotations'", OPTION_LIST,
      offsetof(struct diff_flags, ignore) },
    { 0, "all", NULL, "fold nothing: labels that repeat a version, names that follow a rename",
      OPTION_FLAG, offsetof(struct diff_flags, all) },
    { 0, "exit-code", NULL, "the status is 1 when there are differences", OPTION_FLAG,
      offsetof(struct diff_flags, exit_code) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct diff_flags *flags = call->options;
    struct environment *from = environment_named(cx, call->operands.at[0]);
    struct environment *to = from ? environment_named(cx, call->operands.at[1]) : NULL;
    if (!to)
        return false;
    struct diff_options how = { .all = flags->all,
                                .only = flags->only.at,
                                .only_len = flags->only.len,
                                .ignore = flags->ignore.at,
                                .ignore_len = flags->ignore.len };
    struct diff *d = diff_documents(cx, &from->documents, &to->documents, how);
    struct diff_section one = { .from_name = from->name, .to_name = to->name, .diff = d };
    struct diff_set set = { .at = &one, .len = 1 };
    struct diff_style style = { .color = call->terminal->color_out,
                                .width = call->terminal->width,
                                .summary = flags->summary };
    call->answer_is_no = flags->exit_code && d->len;
    return diff_write(cx, call->out, &set, call->globals->json ? S("json") : flags->output, style);
}

const struct command cmd_diff = {
    .name = "diff",
    .operands = "A B",
    .summary = "what changes from one render to another",
    .about =
        "A and B are environments, paths, or REV:PATH. Documents are matched by kind and name,\n"
        "the names of generated ones without their hash; list items by what tells them apart.\n"
        "The values of Secrets are never shown.",
    .options = options,
    .options_size = sizeof(struct diff_flags),
    .run = run,
};
