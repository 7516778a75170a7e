/* Helm's command line, as far as rendering needs it. Every failure has the status 1, and what
 * Helm would say of it comes first: people and Argo CD look for those words. */
#include "cli/as_helm.h"
#include "cli/models.h"
#include "render/chart/inflate.h"
#include "schema/orders.h"

struct version_flags {
    bool short_;
    str template;
};

static const struct option version_options[] = {
    { 0, "short", NULL, "the version alone", OPTION_FLAG, offsetof(struct version_flags, short_) },
    { 0, "template", "TEMPLATE", "print it by a template: {{.Version}}", OPTION_TEXT,
      offsetof(struct version_flags, template) },
    { 0 },
};

static bool run_version(struct context *cx, struct call *call)
{
    const struct version_flags *flags = call->options;
    str commit = helm_default(S("gitCommit"));
    str printed, failure;
    if (flags->template.len) {
        if (!inflate_version(cx, flags->template, &printed, &failure))
            return helm_fail(cx, call, "", failure);
        buf_str(call->out, printed);
        return true;
    }
    if (flags->short_)
        buf_format(call->out, MODEL_HELM "+g%.*s\n", STR(str_slice(commit, 0, 7)));
    else
        buf_format(call->out,
                   "version.BuildInfo{Version:\"" MODEL_HELM "\", GitCommit:\"%.*s\", "
                   "GitTreeState:\"clean\", GoVersion:\"%.*s\", KubeClientVersion:\"%.*s\"}\n",
                   STR(commit), STR(helm_default(S("goVersion"))),
                   STR(helm_default(S("kubeClientVersion"))));
    return true;
}

static str version_miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "accepts no arguments", "helm version [flags]");
}

static const struct command helm_version = {
    .name = "version",
    .summary = "the version of helm whose output this is",
    .options = version_options,
    .options_size = sizeof(struct version_flags),
    .run = run_version,
    .miscounted = version_miscounted,
    .foreign = true,
};

static const struct command *const children[] = {
    &helm_template, &helm_dependency, &helm_env,      &helm_lint, &helm_package,
    &helm_pull,     &helm_push,       &helm_registry, &helm_repo, &helm_search,
    &helm_show,     &helm_verify,     &helm_version,  NULL,
};

const struct command as_helm = {
    .name = "helm",
    .summary = "helm's command line, as far as rendering needs it",
    .children = children,
    .foreign = true,
};
