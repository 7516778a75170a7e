/* What `hoist promote` and `hoist rollback` do alike: a plan made, committed and pushed. */
#ifndef HOIST_CLI_PROMOTION_H
#define HOIST_CLI_PROMOTION_H

#include "cli/commands.h"
#include "promote/plan.h"

struct promotion_flags {
    bool dry_run;
    bool push;
    bool pr;
    str remote;
};
extern const struct option promotion_options[];

bool promotion_run(struct context *cx, struct call *call, const struct plan_request *request,
                   const struct promotion_flags *flags);

#endif
