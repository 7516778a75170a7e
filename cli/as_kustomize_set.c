/* kustomize edit set: its sentences word for word, since scripts look for them. */
#include <assert.h>

#include "cli/edit_run.h"
#include "cli/edit_flags.h"
#include "render/base/regex.h"

static bool one_operand(struct context *cx, const struct call *call, const char *what)
{
    return call->operands.len == 1
           || report(cx, NOWHERE, "must specify exactly one %s value", what);
}

static bool set_text(struct context *cx, struct call *call, const char *what, str field)
{
    struct edit_run run;
    if (!one_operand(cx, call, what) || !edit_run_open(cx, &run))
        return false;
    edit_text(&run.file, field, call->operands.at[0]);
    return edit_run_close(&run);
}

static bool set_namespace(struct context *cx, struct call *call)
{
    return set_text(cx, call, "namespace", S("namespace"));
}

static bool set_prefix(struct context *cx, struct call *call)
{
    return set_text(cx, call, "prefix", S("namePrefix"));
}

static bool set_suffix(struct context *cx, struct call *call)
{
    return set_text(cx, call, "suffix", S("nameSuffix"));
}

static bool set_images(struct context *cx, struct call *call)
{
    struct edit_run run;
    struct strings words = edit_operands(call);
    if (!words.len)
        return report(cx, NOWHERE, "no image specified");
    return edit_run_open(cx, &run) && edit_images(&run.file, &words) && edit_run_close(&run);
}

static bool set_replicas(struct context *cx, struct call *call)
{
    struct edit_run run;
    struct strings words = edit_operands(call);
    if (!words.len)
        return report(cx, NOWHERE, "no replicas specified");
    return edit_run_open(cx, &run) && edit_replicas(&run.file, &words) && edit_run_close(&run);
}

static bool set_pairs(struct context *cx, struct call *call, str field, str noun)
{
    struct edit_run run;
    struct strings words = edit_operands(call);
    struct edit_pairs pairs = { .field = field, .noun = noun, .words = &words, .force = true };
    if (!words.len)
        return report(cx, NOWHERE, "must specify %.*s", STR(noun));
    return edit_run_open(cx, &run) && edit_add_pairs(&run.file, &pairs) && edit_run_close(&run);
}

static bool set_labels(struct context *cx, struct call *call)
{
    return set_pairs(cx, call, S("commonLabels"), S("label"));
}

/* A name of up to 63 characters, perhaps behind a prefix with a slash. Only here does kustomize
 * look at keys. */
static const char annotation_key[] = "^([a-zA-Z](([-a-zA-Z0-9.]{0,251})[a-zA-Z0-9])?\\/)?"
                                     "[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?$";

static bool check_annotations(struct context *cx, const struct call *call)
{
    str error;
    const struct regex *valid = regex_compile(cx->arena, str_from(annotation_key), &error);
    assert(valid);
    for (uint32_t i = 0; i < call->operands.len; i++) {
        str key, value;
        str_cut(call->operands.at[i], ':', &key, &value);
        if (key.len && !regex_matches(cx->scratch, valid, key))
            return report(cx, NOWHERE,
                          "invalid annotation key: see the syntax and character set rules at "
                          "https://kubernetes.io/docs/concepts/overview/working-with-objects/"
                          "annotations/");
    }
    return true;
}

static bool set_annotations(struct context *cx, struct call *call)
{
    return check_annotations(cx, call)
           && set_pairs(cx, call, S("commonAnnotations"), S("annotation"));
}

static bool set_metadata(struct context *cx, struct call *call)
{
    struct edit_run run;
    struct strings options;
    if (!edit_metadata_options(cx, call, &options) || !edit_run_open(cx, &run))
        return false;
    edit_set_metadata(&run.file, &options);
    return edit_run_close(&run);
}

static bool set_generator(struct context *cx, struct call *call, str field, str noun)
{
    struct edit_run run;
    struct edit_generator g = { .field = field, .noun = noun };
    if (!generator_flags_set(cx, call, &g) || !edit_run_open(cx, &run))
        return false;
    return edit_set_generator(&run.file, &g, run.folder) && edit_run_close(&run);
}

static bool set_config_map(struct context *cx, struct call *call)
{
    return set_generator(cx, call, S("configMapGenerator"), S("ConfigMap"));
}

static bool set_secret(struct context *cx, struct call *call)
{
    return set_generator(cx, call, S("secretGenerator"), S("Secret"));
}

#define ROW(name_, operands_, summary_, run_)                                                      \
    {                                                                                              \
        .name = (name_), .operands = "[" operands_ "]...", .summary = (summary_), .run = (run_),   \
        .foreign = true                                                                            \
    }

static const struct command rows[] = {
    ROW("annotation", "KEY:VALUE", "set commonAnnotations", set_annotations),
    ROW("buildmetadata", "OPTION,OPTION", "set the options of buildMetadata", set_metadata),
    ROW("image", "IMAGE=NEW:TAG@DIGEST", "set new names, tags and digests of images", set_images),
    ROW("label", "KEY:VALUE", "set commonLabels", set_labels),
    ROW("nameprefix", "PREFIX", "set namePrefix", set_prefix),
    ROW("namesuffix", "SUFFIX", "set nameSuffix", set_suffix),
    ROW("namespace", "NAMESPACE", "set namespace", set_namespace),
    ROW("replicas", "NAME=COUNT", "set how many replicas a workload has", set_replicas),
};

static const struct command config_map = {
    .name = "configmap",
    .operands = "[NAME]...",
    .summary = "change the literals or the namespace of a ConfigMap",
    .options = generator_set_options,
    .options_size = sizeof(struct generator_flags),
    .run = set_config_map,
    .foreign = true,
};

static const struct command secret = {
    .name = "secret",
    .operands = "[NAME]...",
    .summary = "change the literals or the namespace of a Secret",
    .options = generator_set_options,
    .options_size = sizeof(struct generator_flags),
    .run = set_secret,
    .foreign = true,
};

static const struct command *const children[] = {
    &rows[0], &rows[1], &config_map, &rows[2], &rows[3], &rows[4],
    &rows[5], &rows[6], &rows[7],    &secret,  NULL,
};

const struct command kustomize_set = {
    .name = "set",
    .summary = "set the value of a field",
    .children = children,
    .foreign = true,
};
