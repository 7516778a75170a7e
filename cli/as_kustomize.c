/* kustomize's command line, as scripts and Argo CD type it. Every failure has the status 1.
 *
 * Argo CD takes decisions from the version, so it is that of the kustomize whose output
 * we match. --helm-command is understood and not needed: no helm runs. */
#include <stdlib.h>

#include "cli/commands.h"
#include "cli/manifests.h"
#include "cli/models.h"
#include "promote/render_path.h"

struct build_flags {
    bool enable_helm, enable_alpha_plugins, enable_exec, network, as_current_user, helm_debug;
    bool managed_by, stack_trace;
    str compat, helm_command, helm_kube_version, load_restrictor, network_name, output, reorder;
    struct words helm_api_versions, mounts, environment;
};

static const char restrictors[] = "LoadRestrictionsRootOnly|LoadRestrictionsNone";

static const struct option build_options[] = {
    { 0, "as-current-user", NULL, "run functions in containers as the calling user", OPTION_FLAG,
      offsetof(struct build_flags, as_current_user) },
    { 0, "compat", COMPAT_NAMES, "the release whose output is printed; else kustomize-5.7",
      OPTION_CHOICE, offsetof(struct build_flags, compat) },
    { 0, "enable-alpha-plugins", NULL, "allow plugins and functions", OPTION_FLAG,
      offsetof(struct build_flags, enable_alpha_plugins) },
    { 0, "enable-exec", NULL, "allow functions that are programs", OPTION_FLAG,
      offsetof(struct build_flags, enable_exec) },
    { 0, "enable-helm", NULL, "allow helmCharts", OPTION_FLAG,
      offsetof(struct build_flags, enable_helm) },
    { 0, "enable-managedby-label", NULL, NULL, OPTION_FLAG,
      offsetof(struct build_flags, managed_by) },
    { 'e', "env", "NAME[=VALUE]", "a variable for functions", OPTION_LIST,
      offsetof(struct build_flags, environment) },
    { 0, "helm-api-versions", "VERSION", "an API version for .Capabilities of charts", OPTION_LIST,
      offsetof(struct build_flags, helm_api_versions) },
    { 0, "helm-command", "PROGRAM", "understood, not needed: no helm is run", OPTION_TEXT,
      offsetof(struct build_flags, helm_command) },
    { 0, "helm-debug", NULL, "understood, not needed: no helm is run", OPTION_FLAG,
      offsetof(struct build_flags, helm_debug) },
    { 0, "helm-kube-version", "VERSION", "the Kubernetes version for .Capabilities of charts",
      OPTION_TEXT, offsetof(struct build_flags, helm_kube_version) },
    { 0, "load-restrictor", restrictors,
      "whether files outside a kustomization's folder may be read", OPTION_TEXT,
      offsetof(struct build_flags, load_restrictor) },
    { 0, "mount", "MOUNT", "a mount for functions in containers", OPTION_LIST,
      offsetof(struct build_flags, mounts) },
    { 0, "network", NULL, "allow functions in containers the network they declare", OPTION_FLAG,
      offsetof(struct build_flags, network) },
    { 0, "network-name", "NAME", "the container network for them", OPTION_TEXT,
      offsetof(struct build_flags, network_name) },
    { 'o', "output", "FILE", "write to a file, or a file for each document into a folder",
      OPTION_TEXT, offsetof(struct build_flags, output) },
    { 0, "reorder", "legacy|none", "order of the output; sortOptions in the file replace it",
      OPTION_CHOICE, offsetof(struct build_flags, reorder) },
    { 0, "stack-trace", NULL, NULL, OPTION_FLAG, offsetof(struct build_flags, stack_trace) },
    { 0 },
};

static enum reorder reorder_of(str word)
{
    if (str_eq(word, S("none")))
        return REORDER_NONE;
    return word.len ? REORDER_LEGACY : REORDER_UNSAID;
}

static bool managed_by(const struct build_flags *flags)
{
    const char *variable = getenv("KUSTOMIZE_ENABLE_MANAGEDBY_LABEL");
    return flags->managed_by || str_eq(str_from(variable), S("on"));
}

/* kustomize enters folders only, and builds kustomizations only. */
static bool find_kustomization(struct context *cx, const struct build_flags *flags, str folder,
                               struct render_path *path)
{
    struct source *disk = source_disk(cx, S(""));
    if (!disk)
        return false;
    disk->unfenced = str_eq(flags->load_restrictor, S("LoadRestrictionsNone"));
    path->renderer = RENDER_KUSTOMIZATION;
    path->folder = overlay_root(cx, disk, folder, NOWHERE);
    return path->folder != NULL;
}

static bool build_documents(struct context *cx, const struct build_flags *flags, str folder,
                            struct documents *docs)
{
    struct render_path path = { 0 };
    struct build_options options = {
        .compat = compat_find(flags->compat),
        .reorder = reorder_of(flags->reorder),
        .enable_helm = flags->enable_helm || flags->enable_alpha_plugins,
        .enable_exec = flags->enable_exec,
        .enable_alpha_plugins = flags->enable_alpha_plugins,
        .network = flags->network,
        .as_current_user = flags->as_current_user,
        .mounts = flags->mounts.at,
        .mount_count = flags->mounts.len,
        .environment = flags->environment.at,
        .environment_count = flags->environment.len,
        .managed_by = managed_by(flags),
        .helm_kube_version = flags->helm_kube_version,
        .helm_api_versions = flags->helm_api_versions.at,
        .helm_api_version_count = flags->helm_api_versions.len,
    };
    return find_kustomization(cx, flags, folder, &path)
           && render_path_documents(cx, &path, &options, docs);
}

static bool run_build(struct context *cx, struct call *call)
{
    const struct build_flags *flags = call->options;
    str restrictor = flags->load_restrictor;
    if (restrictor.len && !choice_has(str_from(restrictors), restrictor))
        return choice_unknown(cx, "value of --load-restrictor", restrictor, str_from(restrictors));
    struct documents docs = { 0 };
    if (!build_documents(cx, flags, call->operands.len ? call->operands.at[0] : S("."), &docs))
        return false;
    if (output_is_folder(cx, flags->output))
        return manifests_files(cx, flags->output, &docs);
    if (!manifests_yaml(cx, call->out, &docs))
        return false;
    if (!flags->output.len)
        return true;
    return output_file(cx, flags->output, buf_take(call->out));
}

static str build_miscounted(struct context *cx, const struct call *call)
{
    (void)cx;
    (void)call;
    return S("specify one path to kustomization.yaml");
}

static const struct command kustomize_build = {
    .name = "build",
    .operands = "[DIR]",
    .summary = "the manifests of a kustomization",
    .about = "DIR is a folder with a kustomization.yaml; without it, the current one.",
    .options = build_options,
    .options_size = sizeof(struct build_flags),
    .run = run_build,
    .miscounted = build_miscounted,
    .foreign = true,
};

struct version_flags {
    bool short_;
    str output;
};

static const struct option version_options[] = {
    { 'o', "output", "yaml|json", "all that is known of the version", OPTION_TEXT,
      offsetof(struct version_flags, output) },
    { 0, "short", NULL, "the version in braces, as older scripts want it", OPTION_FLAG,
      offsetof(struct version_flags, short_) },
    { 0 },
};

/* The record of a release; it was built on no date and from no commit of kustomize's. */
#define RECORD_VERSION "kustomize/" MODEL_KUSTOMIZE

static bool run_version(struct context *cx, struct call *call)
{
    const struct version_flags *flags = call->options;
    if (flags->short_ && flags->output.len)
        return report(cx, NOWHERE, "--short and --output are mutually exclusive");
    if (flags->short_) {
        warn(cx, NOWHERE, "--short has been deprecated, and will be removed in the future");
        buf_str(call->out, S("{" RECORD_VERSION "  unknown   }\n"));
    } else if (!flags->output.len) {
        buf_str(call->out, S(MODEL_KUSTOMIZE "\n"));
    } else if (str_eq(flags->output, S("yaml"))) {
        buf_str(call->out, S("buildDate: unknown\ngitCommit: unknown\ngoOs: linux\n"
                             "version: " RECORD_VERSION "\n\n"));
    } else if (str_eq(flags->output, S("json"))) {
        buf_str(call->out, S("{\n  \"version\": \"" RECORD_VERSION "\",\n"
                             "  \"gitCommit\": \"unknown\",\n"
                             "  \"buildDate\": \"unknown\",\n  \"goOs\": \"linux\"\n}\n"));
    }
    return true;
}

static const struct command kustomize_version = {
    .name = "version",
    .operands = "[WORD]...",
    .summary = "the version of kustomize whose output this is",
    .options = version_options,
    .options_size = sizeof(struct version_flags),
    .run = run_version,
    .foreign = true,
};

static const struct command *const children[] = {
    &kustomize_build,
    &kustomize_create,
    &kustomize_edit,
    &kustomize_init,
    &kustomize_localize,
    &kustomize_version,
    NULL,
};

/* `kustomize DIR` is what kubectl's kustomize takes. */
static bool run_kustomize(struct context *cx, struct call *call)
{
    if (call->operands.len)
        return run_build(cx, call);
    help_print(call->out, call->command, call->called);
    return true;
}

const struct command as_kustomize = {
    .name = "kustomize",
    .operands = "[DIR]",
    .summary = "kustomize's command line",
    .options = build_options,
    .options_size = sizeof(struct build_flags),
    .run = run_kustomize,
    .children = children,
    .foreign = true,
};
