/* hoist verify: the checks of a promotion, without one. */
#include "cli/commands.h"
#include "promote/verify.h"

struct verify_flags {
    struct words require;
};

static const struct option options[] = {
    { 0, "require", "CHECK[=HOW]", "make this check too: registry, signatures={keys: [a.pub]}",
      OPTION_LIST, offsetof(struct verify_flags, require) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct verify_flags *flags = call->options;
    struct required more = { flags->require.at, flags->require.len };
    struct verification v;
    if (!verify_environment(cx, call->operands.at[0], more, &v))
        return false;
    call->answer_is_no = v.state == CHECK_FAILED;
    if (call->globals->json)
        return verification_json(cx, call->out, &v);
    verification_print(cx, call->out, &v);
    return true;
}

const struct command cmd_verify = {
    .name = "verify",
    .operands = "ENV",
    .summary = "run a promotion's checks on what an environment runs",
    .about =
        "hoist.yaml says which checks a promotion from ENV (or to it) requires, and which policies\n"
        "ENV obeys. Every check is made on every image. The status is 1 when one has failed, and 3\n"
        "when none has but one could not be made, as when a registry does not answer.",
    .options = options,
    .options_size = sizeof(struct verify_flags),
    .run = run,
};
