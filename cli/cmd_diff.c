/* hoist diff: two renders, document by document. */
#include "cli/commands.h"
#include "promote/diff.h"
#include "promote/diff_revision.h"

struct diff_flags {
    str output;
    str base;
    bool exit_code;
    bool all;
    bool summary;
    struct words only;
    struct words ignore;
};

static const struct option options[] = {
    { 'o', "output", DIFF_FORMATS, "how differences are printed", OPTION_CHOICE,
      offsetof(struct diff_flags, output) },
    { 0, "base", "REV", "every environment of the project, as it is against this revision",
      OPTION_TEXT, offsetof(struct diff_flags, base) },
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

/* Two words of the command line. */
static bool compare_two(struct context *cx, const struct words *words, struct diff_options how,
                        struct diff_set *out)
{
    if (words->len != 2)
        return report(cx, NOWHERE, "two sides are to be compared: hoist diff A B");
    struct environment *from = environment_named(cx, words->at[0]);
    struct environment *to = from ? environment_named(cx, words->at[1]) : NULL;
    if (!to || !diff_sides_hold(cx, from, to))
        return false;
    out->at = NEW(cx->arena, struct diff_section);
    out->len = out->cap = 1;
    out->at[0].from_name = from->name;
    out->at[0].to_name = to->name;
    out->at[0].diff = diff_documents(cx, &from->documents, &to->documents, how);
    return true;
}

static bool run(struct context *cx, struct call *call)
{
    const struct diff_flags *flags = call->options;
    cx->switches.deterministic = true; /* what a chart makes up at random is no difference */
    const struct words *words = &call->operands;
    struct diff_options how = { .all = flags->all,
                                .only = flags->only.at,
                                .only_len = flags->only.len,
                                .ignore = flags->ignore.at,
                                .ignore_len = flags->ignore.len };
    struct diff_set set = { 0 };
    struct diff_request request = { .base = flags->base, .options = how };
    request.only = words->at;
    request.only_len = words->len;
    if (flags->base.len ? !diff_revision(cx, &request, &set) : !compare_two(cx, words, how, &set))
        return false;
    struct diff_style style = { .color = call->terminal->color_out,
                                .width = call->terminal->width,
                                .summary = flags->summary };
    for (uint32_t i = 0; i < set.len; i++)
        call->answer_is_no |= flags->exit_code && set.at[i].diff->len;
    return diff_write(cx, call->out, &set, call->globals->json ? S("json") : flags->output, style);
}

const struct command cmd_diff = {
    .name = "diff",
    .operands = "[A]...",
    .summary = "what changes from one render to another",
    .about =
        "hoist diff A B compares two of these: an environment, a folder or file of manifests, - for\n"
        "standard input, and either at a Git revision, as REV:ENV or REV:PATH.\n"
        "hoist diff --base REV [ENV]... compares every environment with what it was at a revision;\n"
        "those that read nothing that differs are not rendered again.\n"
        "\n"
        "Documents are matched by kind and name, the names of generated ones without their hash,\n"
        "and by what they have in common; list items by what tells them apart. What a change means\n"
        "stands beside it: rolls out pods, needs re-creation, exposes. The values of Secrets are\n"
        "never shown, only that they differ.",
    .options = options,
    .options_size = sizeof(struct diff_flags),
    .run = run,
};
