/* hoist version. */
#include "cli/commands.h"
#include "cli/models.h"

static bool run(struct context *cx, struct call *call)
{
    (void)cx;
    if (call->globals->json)
        buf_format(call->out, "{\"version\":\"%s\",\"kustomize\":\"%s\",\"helm\":\"%s\"}\n",
                   HOIST_VERSION, MODEL_KUSTOMIZE, MODEL_HELM);
    else
        buf_format(call->out, "hoist %s (renders as kustomize %s and helm %s)\n", HOIST_VERSION,
                   MODEL_KUSTOMIZE, MODEL_HELM);
    return true;
}

const struct command cmd_version = {
    .name = "version",
    .summary = "the version, and whose output it matches",
    .run = run,
};
