/* hoist verify: the checks of a promotion, without one. */
#include "cli/commands.h"
#include "promote/report.h"

static bool run(struct context *cx, struct call *call)
{
    struct plan plan;
    if (!plan_verify(cx, call->operands.at[0], &plan))
        return false;
    report_images(cx, call->out, &plan);
    call->answer_is_no = plan.checked == CHECK_FAILED;
    return true;
}

const struct command cmd_verify = {
    .name = "verify",
    .operands = "ENV",
    .summary = "run a promotion's checks on what an environment runs",
    .about = "hoist.yaml says which checks a promotion from ENV (or to it) requires.",
    .run = run,
};
