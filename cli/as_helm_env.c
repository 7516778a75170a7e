/* helm env: where Helm keeps things, as its plugins and scripts ask for it. */
#include <stdlib.h>

#include "cli/as_helm.h"
#include "render/base/number.h"

struct env_flags {
    struct helm_globals globals;
};

static const struct option options[] = {
    OPTION_ROWS_OF(helm_global_options, struct env_flags, globals),
    { 0 },
};

static str variable(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return str_from(value ? value : otherwise);
}

static str said_or(str said, const char *name, const char *otherwise)
{
    return said.len ? said : variable(name, otherwise);
}

/* As Go reads one. */
static str truth(bool said, const char *name)
{
    bool value = false;
    return said || (number_bool(variable(name, "false"), &value) && value) ? S("true") : S("false");
}

static str queries(struct context *cx, str said)
{
    return str_format(cx->arena, "%.2f", strtod(str_cstr(cx->arena, said), NULL));
}

static str value_of(struct context *cx, const struct call *call, str name)
{
    const struct env_flags *flags = call->options;
    const struct helm_globals *g = &flags->globals;
    const struct helm_home *home = helm_home(cx, g);
    str groups = str_join(cx->arena, g->kube_groups.at, g->kube_groups.len, S(","));
    str burst = g->burst ? str_format(cx->arena, "%lld", (long long)g->burst) : S("");
    str bin = str_from(call->called), rest;
    str_cut(bin, ' ', &bin, &rest);
    const struct {
        str name, value;
    } rows[] = {
        { S("HELM_BIN"), bin },
        { S("HELM_BURST_LIMIT"), said_or(burst, "HELM_BURST_LIMIT", "100") },
        { S("HELM_CACHE_HOME"), helm_folder(cx, HELM_CACHE, S("")) },
        { S("HELM_CONFIG_HOME"), helm_folder(cx, HELM_CONFIG, S("")) },
        { S("HELM_CONTENT_CACHE"), home->content },
        { S("HELM_DATA_HOME"), helm_folder(cx, HELM_DATA, S("")) },
        { S("HELM_DEBUG"), truth(g->debug, "HELM_DEBUG") },
        { S("HELM_KUBEAPISERVER"), said_or(g->kube_server, "HELM_KUBEAPISERVER", "") },
        { S("HELM_KUBEASGROUPS"), said_or(groups, "HELM_KUBEASGROUPS", "") },
        { S("HELM_KUBEASUSER"), said_or(g->kube_user, "HELM_KUBEASUSER", "") },
        { S("HELM_KUBECAFILE"), said_or(g->kube_authorities, "HELM_KUBECAFILE", "") },
        { S("HELM_KUBECONTEXT"), said_or(g->kube_context, "HELM_KUBECONTEXT", "") },
        { S("HELM_KUBEINSECURE_SKIP_TLS_VERIFY"),
          truth(g->kube_insecure, "HELM_KUBEINSECURE_SKIP_TLS_VERIFY") },
        { S("HELM_KUBETLS_SERVER_NAME"),
          said_or(g->kube_server_name, "HELM_KUBETLS_SERVER_NAME", "") },
        { S("HELM_KUBETOKEN"), said_or(g->kube_token, "HELM_KUBETOKEN", "") },
        { S("HELM_MAX_HISTORY"), variable("HELM_MAX_HISTORY", "10") },
        { S("HELM_NAMESPACE"), helm_namespace(g) },
        { S("HELM_PLUGINS"),
          variable("HELM_PLUGINS", str_cstr(cx->arena, helm_folder(cx, HELM_DATA, S("plugins")))) },
        { S("HELM_QPS"), queries(cx, said_or(g->queries, "HELM_QPS", "0")) },
        { S("HELM_REGISTRY_CONFIG"), home->registry },
        { S("HELM_REPOSITORY_CACHE"), home->cache },
        { S("HELM_REPOSITORY_CONFIG"), home->repositories },
    };
    for (size_t i = 0; i < countof(rows); i++) {
        if (!name.len)
            buf_format(call->out, "%.*s=\"%.*s\"\n", STR(rows[i].name), STR(rows[i].value));
        else if (str_eq(rows[i].name, name))
            return rows[i].value;
    }
    return S("");
}

static bool run(struct context *cx, struct call *call)
{
    str name = call->operands.len ? call->operands.at[0] : S("");
    str value = value_of(cx, call, name);
    if (name.len)
        buf_format(call->out, "%.*s\n", STR(value));
    return true;
}

static str miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "accepts at most 1 argument", "helm env [flags]");
}

const struct command helm_env = {
    .name = "env",
    .operands = "[VARIABLE]",
    .summary = "where Helm keeps what it knows",
    .options = options,
    .options_size = sizeof(struct env_flags),
    .run = run,
    .miscounted = miscounted,
    .foreign = true,
};
