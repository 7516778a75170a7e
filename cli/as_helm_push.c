/* helm push: an archive to a registry. */
#include <sys/stat.h>

#include "cli/as_helm.h"
#include "render/chart/push.h"

struct push_flags {
    struct helm_globals globals;
    struct access access;
};

static const struct option options[] = {
    OPTION_ROWS_OF(helm_access_options, struct push_flags, access),
    OPTION_ROWS_OF(helm_global_options, struct push_flags, globals),
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct push_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    struct chart_push push = { .path = call->operands.at[0],
                               .remote = call->operands.at[1],
                               .created = cx->now,
                               .access = flags->access };
    struct stat st;
    if (stat(str_cstr(cx->arena, push.path), &st) == 0)
        push.created = (int64_t)st.st_mtime;
    if (!p || !chart_push(p, &push))
        return helm_fail_framed(cx, call);
    return helm_finish(call, p);
}

static str miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires at least 2 arguments",
                           "helm push [chart] [remote] [flags]");
}

const struct command helm_push = {
    .name = "push",
    .operands = "ARCHIVE REMOTE",
    .summary = "send an archive to a registry",
    .about = "REMOTE is oci://REGISTRY/PATH; the chart's name and version are put behind it. A\n"
             "provenance file beside the archive goes along.",
    .options = options,
    .options_size = sizeof(struct push_flags),
    .run = run,
    .miscounted = miscounted,
    .foreign = true,
};
