/* hoist rollback: a promotion of a set that the environment ran before. */
#include "cli/promotion.h"

struct rollback_flags {
    struct promotion_flags promotion;
    str to;
    str force;
    struct words only;
    struct words exclude;
};

static const struct option options[] = {
    OPTION_ROWS_OF(promotion_options, struct rollback_flags, promotion),
    { 0, "to", "REV", "the set that ENV ran at this commit; else the one before the present set",
      OPTION_TEXT, offsetof(struct rollback_flags, to) },
    { 0, "force", "REASON", "make no check and mind no hold; the receipt says why", OPTION_TEXT,
      offsetof(struct rollback_flags, force) },
    { 0, "only", "NAME", "take back this image alone; a name, its last part or a pattern",
      OPTION_LIST, offsetof(struct rollback_flags, only) },
    { 0, "exclude", "NAME", "leave this image as it is", OPTION_LIST,
      offsetof(struct rollback_flags, exclude) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct rollback_flags *flags = call->options;
    struct plan_request request = {
        .from = call->operands.at[0],
        .to = call->operands.at[0],
        .only = { flags->only.at, flags->only.len },
        .exclude = { flags->exclude.at, flags->exclude.len },
        .back = true,
        .revision = flags->to,
        .force = str_trim(flags->force),
    };
    if (flags->force.at && !request.force.len)
        return report(cx, NOWHERE, "--force needs a reason");
    if (str_has_char(request.force, '\n'))
        return report(cx, NOWHERE, "the reason of --force is one line");
    cx->switches.deterministic = true;
    return plan_open(cx, &request) && promotion_run(cx, call, &request, &flags->promotion);
}

const struct command cmd_rollback = {
    .name = "rollback",
    .operands = "ENV",
    .summary = "go back to a set of images that an environment ran, on a branch",
    .about =
        "As a promotion, from ENV's own past: the images are checked as a promotion to ENV\n"
        "requires; what only the environment that they came from could show is taken from the\n"
        "receipt that brought them. `hoist history ENV` lists the sets.",
    .options = options,
    .options_size = sizeof(struct rollback_flags),
    .run = run,
};
