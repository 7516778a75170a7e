/* hoist promote: the verified images of one environment, carried over to another. */
#include "cli/promotion.h"

struct promote_flags {
    struct promotion_flags promotion;
    struct words only;
    struct words exclude;
};

static const struct option options[] = {
    OPTION_ROWS_OF(promotion_options, struct promote_flags, promotion),
    { 0, "only", "NAME", "promote this image alone; a name, its last part or a pattern",
      OPTION_LIST, offsetof(struct promote_flags, only) },
    { 0, "exclude", "NAME", "leave this image as it is", OPTION_LIST,
      offsetof(struct promote_flags, exclude) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct promote_flags *flags = call->options;
    struct plan_request request = {
        .from = call->operands.at[0],
        .to = call->operands.at[1],
        .only = { flags->only.at, flags->only.len },
        .exclude = { flags->exclude.at, flags->exclude.len },
    };
    cx->switches.deterministic = true;
    return plan_open(cx, &request) && promotion_run(cx, call, &request, &flags->promotion);
}

const struct command cmd_promote = {
    .name = "promote",
    .operands = "FROM TO",
    .summary = "carry the verified images of one environment over to another, on a branch",
    .about =
        "Both environments are read from commits, never from the working tree, which stays as it\n"
        "is. Their images are resolved and checked as hoist.yaml requires, the pins of TO are\n"
        "edited and TO is rendered again: nothing but the promised images may differ. Then one\n"
        "commit is written, with its receipt, and the promotion's branch is moved to it.",
    .options = options,
    .options_size = sizeof(struct promote_flags),
    .run = run,
};
