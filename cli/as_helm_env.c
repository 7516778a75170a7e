/* helm env: where Helm keeps things, as its plugins and scripts ask for it. */
#include <stdlib.h>

#include "cli/as_helm.h"

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

static str value_of(struct context *cx, const struct call *call, str name)
{
    const struct env_flags *flags = call->options;
    const struct helm_home *home = helm_home(cx, &flags->globals);
    str bin = str_from(call->called), rest;
    str_cut(bin, ' ', &bin, &rest);
    const struct {
        str name, value;
    } rows[] = {
        { S("HELM_BIN"), bin },
        { S("HELM_BURST_LIMIT"), variable("HELM_BURST_LIMIT", "100") },
        { S("HELM_CACHE_HOME"), helm_folder(cx, HELM_CACHE, S("")) },
        { S("HELM_CONFIG_HOME"), helm_folder(cx, HELM_CONFIG, S("")) },
        { S("HELM_CONTENT_CACHE"), home->content },
        { S("HELM_DATA_HOME"), helm_folder(cx, HELM_DATA, S("")) },
        { S("HELM_DEBUG"), flags->globals.debug ? S("true") : variable("HELM_DEBUG", "false") },
        { S("HELM_KUBEAPISERVER"), variable("HELM_KUBEAPISERVER", "") },
        { S("HELM_KUBEASGROUPS"), variable("HELM_KUBEASGROUPS", "") },
        { S("HELM_KUBEASUSER"), variable("HELM_KUBEASUSER", "") },
        { S("HELM_KUBECAFILE"), variable("HELM_KUBECAFILE", "") },
        { S("HELM_KUBECONTEXT"), variable("HELM_KUBECONTEXT", "") },
        { S("HELM_KUBEINSECURE_SKIP_TLS_VERIFY"),
          variable("HELM_KUBEINSECURE_SKIP_TLS_VERIFY", "false") },
        { S("HELM_KUBETLS_SERVER_NAME"), variable("HELM_KUBETLS_SERVER_NAME", "") },
        { S("HELM_KUBETOKEN"), variable("HELM_KUBETOKEN", "") },
        { S("HELM_MAX_HISTORY"), variable("HELM_MAX_HISTORY", "10") },
        { S("HELM_NAMESPACE"), helm_namespace(&flags->globals) },
        { S("HELM_PLUGINS"),
          variable("HELM_PLUGINS", str_cstr(cx->arena, helm_folder(cx, HELM_DATA, S("plugins")))) },
        { S("HELM_QPS"), variable("HELM_QPS", "0.00") },
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
