/* hoist validate: documents as a cluster would judge them, without one. */
#include "cli/commands.h"
#include "promote/environment.h"
#include "promote/policy.h"
#include "render/base/semver.h"
#include "schema/validate.h"

struct validate_flags {
    str kube_version;
};

static const struct option options[] = {
    { 0, "kube-version", "VERSION", "the cluster's release (1.36)", OPTION_TEXT,
      offsetof(struct validate_flags, kube_version) },
    { 0 },
};

/* "1.30", "v1.30.2" */
static bool read_release(struct context *cx, str version, unsigned *out)
{
    struct semver v;
    str why;
    *out = KUBERNETES_NEWEST;
    if (!version.len)
        return true;
    if (!semver_parse(cx->arena, version, &v, &why) || v.major != 1 || v.minor > 1000)
        return report(cx, NOWHERE, "--kube-version: '%.*s' is no release of Kubernetes",
                      STR(version));
    *out = (unsigned)v.minor;
    return true;
}

static bool find_policies(struct context *cx, const struct environment *env, struct findings *out)
{
    struct policies policies;
    *out = (struct findings){ 0 };
    struct project *p = env->row ? project_read(cx, env->project) : NULL;
    if (!p)
        return !env->row;
    if (!policies_read(cx, p, &policies))
        return false;
    policies_run(cx, &policies, env, out);
    return true;
}

static void print(struct call *call, const struct environment *env, uint32_t errors,
                  uint32_t warnings)
{
    uint32_t documents = env->documents.len;
    if (call->globals->json)
        buf_format(call->out, "{\"documents\":%u,\"errors\":%u,\"warnings\":%u}\n", documents,
                   errors, warnings);
    else
        buf_format(call->out, "%u document%s: %u error%s, %u warning%s\n", documents,
                   documents == 1 ? "" : "s", errors, errors == 1 ? "" : "s", warnings,
                   warnings == 1 ? "" : "s");
}

static bool run(struct context *cx, struct call *call)
{
    const struct validate_flags *flags = call->options;
    struct validation v = { 0 };
    struct findings findings;
    if (!read_release(cx, flags->kube_version, &v.release))
        return false;
    cx->switches.strict = cx->switches.unread = true;
    struct environment *env = environment_named(cx, call->operands.at[0]);
    if (!env || !find_policies(cx, env, &findings))
        return false;
    validate_documents(cx, &env->documents, &v);
    uint32_t errors = v.errors + findings.errors;
    call->answer_is_no = errors > 0;
    print(call, env, errors, v.warnings + findings.len - findings.errors);
    return true;
}

const struct command cmd_validate = {
    .name = "validate",
    .operands = "PATH",
    .summary = "what is wrong with manifests, before a cluster says so",
    .about =
        "PATH may be the name of an environment, whose policies are then looked at too. What renders\n"
        "to nothing that matters (--strict) is an error; so are fields that are unknown or missing,\n"
        "values of another type than their field's, kinds that the release does not serve,\n"
        "selectors that miss their own pods, and documents that are there twice.",
    .options = options,
    .options_size = sizeof(struct validate_flags),
    .run = run,
};
