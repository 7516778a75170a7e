/* kustomize edit remove: its sentences word for word, since scripts look for them. */
#include <assert.h>

#include "cli/edit_run.h"
#include "cli/edit_flags.h"

static bool remove_paths(struct context *cx, struct call *call, str field, const char *noun)
{
    struct edit_run run;
    struct strings patterns = edit_operands(call);
    if (!patterns.len)
        return report(cx, NOWHERE, "must specify a %s file", noun);
    return edit_run_open(cx, &run) && edit_remove_paths(&run.file, field, &patterns)
           && edit_run_close(&run);
}

static bool remove_resource(struct context *cx, struct call *call)
{
    return remove_paths(cx, call, S("resources"), "resource");
}

static bool remove_transformer(struct context *cx, struct call *call)
{
    return remove_paths(cx, call, S("transformers"), "transformer");
}

static bool remove_metadata(struct context *cx, struct call *call)
{
    struct edit_run run;
    struct strings options;
    if (!edit_metadata_options(cx, call, &options) || !edit_run_open(cx, &run))
        return false;
    edit_remove_metadata(&run.file, &options);
    return edit_run_close(&run);
}

/* Labels and annotations; of the command line kustomize always speaks as of labels. */

struct pair_flags {
    bool ignore_missing;
};

static const struct option pair_options[] = {
    { 'i', "ignore-non-existence", NULL, "no error for what is not there", OPTION_FLAG,
      offsetof(struct pair_flags, ignore_missing) },
    { 0 },
};

static bool remove_pairs(struct context *cx, struct call *call, str field, str noun)
{
    const struct pair_flags *flags = call->options;
    struct edit_run run;
    if (!call->operands.len)
        return report(cx, NOWHERE, "must specify label");
    if (call->operands.len > 1)
        return report(cx, NOWHERE, "labels must be comma-separated, with no spaces");
    struct strings keys = edit_split(cx, call->operands.at[0]);
    for (uint32_t i = 0; i < keys.len; i++) {
        if (!keys.at[i].len)
            return report(cx, NOWHERE, "invalid label: '' (name is empty)");
    }
    return edit_run_open(cx, &run)
           && edit_remove_pairs(&run.file, field, noun, &keys, flags->ignore_missing)
           && edit_run_close(&run);
}

static bool remove_annotation(struct context *cx, struct call *call)
{
    return remove_pairs(cx, call, S("commonAnnotations"), S("annotation"));
}

static bool remove_label(struct context *cx, struct call *call)
{
    return remove_pairs(cx, call, S("commonLabels"), S("label"));
}

static bool remove_patch(struct context *cx, struct call *call)
{
    const struct edit_patch *patch = call->options;
    struct edit_run run;
    if (patch->patch.len && patch->path.len)
        return report(cx, NOWHERE, "patch and path can't be set at the same time");
    if (!edit_run_open(cx, &run))
        return false;
    edit_remove_patch(&run.file, patch);
    return edit_run_close(&run);
}

/* Config maps and secrets. */

static bool remove_generated(struct context *cx, struct call *call, struct edit_generator *g,
                             const char *noun)
{
    const struct generator_flags *flags = call->options;
    struct edit_run run;
    struct strings words = edit_operands(call);
    if (!words.len)
        return report(cx, NOWHERE, "at least one %s name must be specified", noun);
    if (words.len > 1)
        return report(cx, NOWHERE,
                      "too many arguments: %.*s; to provide multiple %ss to remove, please "
                      "separate %s names by commas",
                      STR(edit_listed(cx, &words)), noun, noun);
    struct strings names = edit_split(cx, words.at[0]);
    g->namespace_ = flags->namespace_;
    return edit_run_open(cx, &run) && edit_remove_generators(&run.file, g, &names)
           && edit_run_close(&run);
}

static bool remove_config_map(struct context *cx, struct call *call)
{
    struct edit_generator g = { .field = S("configMapGenerator"), .noun = S("ConfigMap") };
    return remove_generated(cx, call, &g, "configmap");
}

static bool remove_secret(struct context *cx, struct call *call)
{
    struct edit_generator g = { .field = S("secretGenerator"), .noun = S("Secret") };
    return remove_generated(cx, call, &g, "secret");
}

#define ROW(name_, operands_, summary_, run_, options_, size_)                                     \
    {                                                                                              \
        .name = (name_), .operands = (operands_), .summary = (summary_), .run = (run_),            \
        .options = (options_), .options_size = (size_), .foreign = true                            \
    }

static const struct command rows[] = {
    ROW("annotation", "[KEY,KEY]...", "remove commonAnnotations", remove_annotation, pair_options,
        sizeof(struct pair_flags)),
    ROW("buildmetadata", "[OPTION,OPTION]...", "remove options from buildMetadata", remove_metadata,
        NULL, 0),
    ROW("configmap", "[NAME,NAME]...", "remove ConfigMaps", remove_config_map,
        generator_remove_options, sizeof(struct generator_flags)),
    ROW("label", "[KEY,KEY]...", "remove commonLabels", remove_label, pair_options,
        sizeof(struct pair_flags)),
    ROW("patch", "[WORD]...", "remove a patch", remove_patch, edit_patch_options,
        sizeof(struct edit_patch)),
    ROW("resource", "[PATTERN]...", "remove resources", remove_resource, NULL, 0),
    ROW("secret", "[NAME,NAME]...", "remove Secrets", remove_secret, generator_remove_options,
        sizeof(struct generator_flags)),
    ROW("transformer", "[PATTERN]...", "remove transformers", remove_transformer, NULL, 0),
};

static const struct command *const children[] = {
    &rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7], NULL,
};
static_assert(countof(children) == countof(rows) + 1, "every row is a child");

const struct command kustomize_remove = {
    .name = "remove",
    .summary = "remove an item",
    .children = children,
    .foreign = true,
};
