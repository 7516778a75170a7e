/* kustomize edit add: its sentences word for word, since scripts look for them. */
#include <assert.h>

#include "cli/edit_run.h"
#include "cli/edit_flags.h"

/* Paths. */

struct resource_flags {
    bool no_verify;
};

static const struct option resource_options[] = {
    { 0, "no-verify", NULL, "add them whether they are there or not", OPTION_FLAG,
      offsetof(struct resource_flags, no_verify) },
    { 0 },
};

/* The kustomization itself is no part of it, though a pattern may match it. */
static void drop_own(const struct edit_run *run, struct strings *paths)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < paths->len; i++) {
        if (!str_eq(paths->at[i], run->path))
            paths->at[kept++] = paths->at[i];
    }
    paths->len = kept;
}

static bool add_found(struct context *cx, struct strings *paths, str field, str noun, bool own)
{
    struct edit_run run;
    if (!paths->len)
        return true;
    if (!edit_run_open(cx, &run))
        return false;
    if (!own)
        drop_own(&run, paths);
    edit_add_paths(&run.file, field, noun, paths);
    return edit_run_close(&run);
}

static bool add_roots(struct context *cx, struct call *call, str field, str noun, bool verify)
{
    struct strings words = edit_operands(call), found = { 0 };
    const struct folder *folder = edit_run_folder(cx);
    if (!folder)
        return false;
    if (!words.len)
        return report(cx, NOWHERE, "must specify a %.*s file", STR(noun));
    if (!verify)
        return add_found(cx, &words, field, noun, false);
    return edit_globs(cx, folder, &words, true, &found)
           && add_found(cx, &found, field, noun, false);
}

static bool add_resource(struct context *cx, struct call *call)
{
    const struct resource_flags *flags = call->options;
    return add_roots(cx, call, S("resources"), S("resource"), !flags->no_verify);
}

static bool add_component(struct context *cx, struct call *call)
{
    return add_roots(cx, call, S("components"), S("component"), true);
}

static bool add_plugins(struct context *cx, struct call *call, str field, str noun)
{
    struct strings words = edit_operands(call), found = { 0 };
    const struct folder *folder = edit_run_folder(cx);
    if (!words.len)
        return report(cx, NOWHERE, "must specify a yaml file which contains a %.*s plugin resource",
                      STR(noun));
    return folder && edit_globs(cx, folder, &words, false, &found)
           && add_found(cx, &found, field, noun, true);
}

static bool add_generator(struct context *cx, struct call *call)
{
    return add_plugins(cx, call, S("generators"), S("generator"));
}

static bool add_transformer(struct context *cx, struct call *call)
{
    return add_plugins(cx, call, S("transformers"), S("transformer"));
}

static bool add_base(struct context *cx, struct call *call)
{
    struct edit_run run;
    if (call->operands.len != 1)
        return report(cx, NOWHERE, "must specify a base directory");
    struct strings paths = edit_split(cx, call->operands.at[0]);
    if (!edit_run_open(cx, &run))
        return false;
    for (uint32_t i = 0; i < paths.len; i++) {
        if (!paths.at[i].len || folder_kind(cx, run.folder, paths.at[i]) == FILE_NONE)
            return report(cx, NOWHERE, "%.*s does not exist", STR(paths.at[i]));
    }
    return edit_add_bases(&run.file, &paths) && edit_run_close(&run);
}

static bool add_metadata(struct context *cx, struct call *call)
{
    struct edit_run run;
    struct strings options;
    return edit_metadata_options(cx, call, &options) && edit_run_open(cx, &run)
           && edit_add_metadata(&run.file, &options) && edit_run_close(&run);
}

/* Labels and annotations. */

struct pair_flags {
    bool force, without_selector, include_templates;
};

#define FORCE(what)                                                                                \
    {                                                                                              \
        'f', "force", NULL, "overwrite " what " that are there already", OPTION_FLAG,              \
            offsetof(struct pair_flags, force)                                                     \
    }

static const struct option annotation_options[] = { FORCE("commonAnnotations"), { 0 } };

static const struct option label_options[] = {
    FORCE("labels"),
    { 0, "without-selector", NULL, "into labels, which leave selectors alone", OPTION_FLAG,
      offsetof(struct pair_flags, without_selector) },
    { 0, "include-templates", NULL, "in templates too; with --without-selector", OPTION_FLAG,
      offsetof(struct pair_flags, include_templates) },
    { 0 },
};

static bool add_pairs(struct context *cx, struct call *call, str field, str noun)
{
    const struct pair_flags *flags = call->options;
    struct edit_run run;
    struct strings words = edit_operands(call);
    struct edit_pairs pairs = {
        field, noun, &words, flags->force, flags->without_selector, flags->include_templates
    };
    if (!words.len)
        return report(cx, NOWHERE, "must specify %.*s", STR(noun));
    if (flags->include_templates && !flags->without_selector)
        return report(cx, NOWHERE,
                      "--without-selector flag must be specified for --include-templates to work");
    return edit_run_open(cx, &run) && edit_add_pairs(&run.file, &pairs) && edit_run_close(&run);
}

static bool add_annotation(struct context *cx, struct call *call)
{
    return add_pairs(cx, call, S("commonAnnotations"), S("annotation"));
}

static bool add_label(struct context *cx, struct call *call)
{
    return add_pairs(cx, call, S("commonLabels"), S("label"));
}

/* Patches. */

static bool add_patch(struct context *cx, struct call *call)
{
    const struct edit_patch *patch = call->options;
    struct edit_run run;
    if (patch->patch.len && patch->path.len)
        return report(cx, NOWHERE, "patch and path can't be set at the same time");
    if (!patch->patch.len && !patch->path.len)
        return report(cx, NOWHERE, "must provide either patch or path");
    if (!edit_run_open(cx, &run))
        return false;
    edit_add_patch(&run.file, patch);
    return edit_run_close(&run);
}

/* Config maps and secrets. */

static bool add_generated(struct context *cx, struct call *call, str field, str noun)
{
    struct edit_run run;
    struct edit_generator g = { .field = field, .noun = noun };
    const struct folder *folder = edit_run_folder(cx);
    return folder && generator_flags_add(cx, call, folder, &g) && edit_run_open(cx, &run)
           && edit_add_generator(&run.file, &g, run.folder) && edit_run_close(&run);
}

static bool add_config_map(struct context *cx, struct call *call)
{
    return add_generated(cx, call, S("configMapGenerator"), S("ConfigMap"));
}

static bool add_secret(struct context *cx, struct call *call)
{
    return add_generated(cx, call, S("secretGenerator"), S("Secret"));
}

#define ROW(name_, operands_, summary_, run_, options_, size_)                                     \
    {                                                                                              \
        .name = (name_), .operands = (operands_), .summary = (summary_), .run = (run_),            \
        .options = (options_), .options_size = (size_), .foreign = true                            \
    }
#define PLAIN(name_, operands_, summary_, run_) ROW(name_, operands_, summary_, run_, NULL, 0)

static const struct command rows[] = {
    ROW("annotation", "[KEY:VALUE]...", "add commonAnnotations", add_annotation, annotation_options,
        sizeof(struct pair_flags)),
    PLAIN("base", "[DIR]...", "add folders to resources", add_base),
    PLAIN("buildmetadata", "[OPTION,OPTION]...", "add options to buildMetadata", add_metadata),
    PLAIN("component", "[DIR]...", "add components", add_component),
    ROW("configmap", "[NAME]...", "add a ConfigMap, or to one", add_config_map,
        generator_config_map_options, sizeof(struct generator_flags)),
    PLAIN("generator", "[FILE]...", "add generators", add_generator),
    ROW("label", "[KEY:VALUE]...", "add labels", add_label, label_options,
        sizeof(struct pair_flags)),
    ROW("patch", "[WORD]...", "add a patch", add_patch, edit_patch_options,
        sizeof(struct edit_patch)),
    ROW("resource", "[FILE]...", "add files and folders to resources", add_resource,
        resource_options, sizeof(struct resource_flags)),
    ROW("secret", "[NAME]...", "add a Secret, or to one", add_secret, generator_secret_options,
        sizeof(struct generator_flags)),
    PLAIN("transformer", "[FILE]...", "add transformers", add_transformer),
};

static const struct command *const children[] = {
    &rows[0], &rows[1], &rows[2], &rows[3], &rows[4],  &rows[5],
    &rows[6], &rows[7], &rows[8], &rows[9], &rows[10], NULL,
};
static_assert(countof(children) == countof(rows) + 1, "every row is a child");

const struct command kustomize_add = {
    .name = "add",
    .summary = "add an item",
    .children = children,
    .foreign = true,
};
