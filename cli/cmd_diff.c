/* hoist diff: two renders, document by document. */
#include "cli/commands.h"
#include "promote/diff.h"
#include "promote/environment.h"

struct diff_flags {
    str output;
    bool exit_code;
    bool all;
};

static const struct option options[] = {
    { 'o', "output", "tree|unified|json|markdown", "how differences are printed", OPTION_CHOICE,
      offsetof(struct diff_flags, output) },
    { 0, "exit-code", NULL, "the status is 1 when there are differences", OPTION_FLAG,
      offsetof(struct diff_flags, exit_code) },
    { 0, "all", NULL, "fold nothing: labels that repeat a version, names that follow a rename",
      OPTION_FLAG, offsetof(struct diff_flags, all) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct diff_flags *flags = call->options;
    struct environment *from = environment_named(cx, call->operands.at[0]);
    struct environment *to = from ? environment_named(cx, call->operands.at[1]) : NULL;
    if (!to)
        return false;
    struct diff *d = diff_documents(cx, &from->documents, &to->documents,
                                    (struct diff_options){ .all = flags->all });
    struct diff_style style = { .from_name = from->name,
                                .to_name = to->name,
                                .color = call->terminal->color_out };
    call->answer_is_no = flags->exit_code && d->len;
    if (call->globals->json || str_eq(flags->output, S("json")))
        return diff_write_json(cx, call->out, d, style);
    if (str_eq(flags->output, S("unified")))
        return diff_write_unified(cx, call->out, d, style);
    if (str_eq(flags->output, S("markdown")))
        return diff_write_markdown(cx, call->out, d, style);
    return diff_write_tree(cx, call->out, d, style);
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
