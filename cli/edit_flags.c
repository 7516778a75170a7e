/* Options of generators and patches: what may stand beside what, in kustomize's words. */
#include "cli/edit_flags.h"

#define FLAG(member) offsetof(struct generator_flags, member)

#define SOURCES                                                                                    \
    {                                                                                              \
        0,                                                                                         \
        "from-file",                                                                               \
        "[KEY=]FILE",                                                                              \
        "a file, its name or KEY being the key",                                                   \
        OPTION_COMMAS,                                                                             \
        FLAG(files)                                                                                \
    },                                                                                             \
        { 0, "from-literal", "KEY=VALUE", "a key and its value", OPTION_LIST, FLAG(literals) },    \
        { 0, "from-env-file", "FILE", "a file of KEY=VALUE lines", OPTION_TEXT, FLAG(env) },       \
        { 0,           "disableNameSuffixHash", NULL, "no hash behind its name",                   \
          OPTION_FLAG, FLAG(no_suffix_hash) },                                                     \
    {                                                                                              \
        0, "namespace", "NAMESPACE", "its namespace", OPTION_TEXT, FLAG(namespace_)                \
    }

const struct option generator_config_map_options[] = {
    SOURCES,
    { 0, "behavior", "create|merge|replace", "what it does to one of a base", OPTION_TEXT,
      FLAG(behavior) },
    { 0 },
};

const struct option generator_secret_options[] = {
    SOURCES,
    { 0, "type", "TYPE", "Opaque, or another type", OPTION_TEXT, FLAG(type) },
    { 0 },
};

const struct option generator_set_options[] = {
    { 0, "from-literal", "KEY=VALUE", "a key that is there, and its new value", OPTION_LIST,
      FLAG(literals) },
    { 0, "namespace", "NAMESPACE", "the namespace it has", OPTION_TEXT, FLAG(namespace_) },
    { 0, "new-namespace", "NAMESPACE", "the namespace it gets", OPTION_TEXT, FLAG(new_namespace) },
    { 0 },
};

const struct option generator_remove_options[] = {
    { 0, "namespace", "NAMESPACE", "the namespace they have", OPTION_TEXT, FLAG(namespace_) },
    { 0 },
};

#define PATCH(name, value, help, member)                                                           \
    {                                                                                              \
        0, name, value, help, OPTION_TEXT, offsetof(struct edit_patch, member)                     \
    }

const struct option edit_patch_options[] = {
    PATCH("path", "FILE", "the patch's file", path),
    PATCH("patch", "YAML", "the patch itself", patch),
    PATCH("group", "GROUP", "the API group of its target", group),
    PATCH("version", "VERSION", "the API version of its target", version),
    PATCH("kind", "KIND", "the kind of its target", kind),
    PATCH("name", "NAME", "the name of its target", name),
    PATCH("namespace", "NAMESPACE", "the namespace of its target", namespace_),
    PATCH("annotation-selector", "SELECTOR", "annotations of its targets", annotation_selector),
    PATCH("label-selector", "SELECTOR", "labels of its targets", label_selector),
    { 0 },
};

static bool invalid(struct context *cx, const char *why)
{
    return report(cx, NOWHERE, "failed to validate flags: %s", why);
}

static bool check_add(struct context *cx, const struct call *call,
                      const struct generator_flags *flags, const struct edit_generator *g)
{
    bool files = g->files.len || g->literals.len;
    if (call->operands.len != 1)
        return invalid(cx, "name must be specified once");
    if (!flags->env.len && !files)
        return invalid(cx, "at least from-env-file, or from-file or from-literal must be set");
    if (flags->env.len && files)
        return invalid(cx, "from-env-file cannot be combined with from-file or from-literal");
    if (flags->behavior.len && !choice_has(S("create|merge|replace"), flags->behavior))
        return invalid(cx,
                       "invalid behavior: must be one of \"create\", \"merge\", or \"replace\"");
    return true;
}

/* "key=pattern" is for one file. */
static bool expand_file(struct context *cx, const struct folder *folder, str word,
                        struct strings *out)
{
    str key, pattern;
    bool keyed = str_cut(word, '=', &key, &pattern) && !str_has_char(pattern, '=');
    if (!keyed) {
        pattern = key;
        key = S("");
    }
    struct strings found = { 0 };
    if (!edit_globs(cx, folder, &(struct strings){ &pattern, 1, 1 }, false, &found))
        return false;
    if (key.len && found.len != 1)
        return report(cx, NOWHERE,
                      "failed to expand file source: 'pattern '%.*s' catches files %.*s, should "
                      "catch only one",
                      STR(word), STR(edit_listed(cx, &found)));
    for (uint32_t i = 0; i < found.len; i++) {
        str path = found.at[i];
        strings_add(cx, out,
                    key.len ? str_format(cx->arena, "%.*s=%.*s", STR(key), STR(path)) : path);
    }
    return true;
}

bool generator_flags_add(struct context *cx, const struct call *call, const struct folder *folder,
                         struct edit_generator *g)
{
    const struct generator_flags *flags = call->options;
    for (uint32_t i = 0; i < flags->files.len; i++) {
        if (!expand_file(cx, folder, flags->files.at[i], &g->files))
            return false;
    }
    g->literals = (struct strings){ flags->literals.at, flags->literals.len, flags->literals.cap };
    if (!check_add(cx, call, flags, g))
        return false;
    g->name = call->operands.at[0];
    g->namespace_ = flags->namespace_;
    g->behavior = flags->behavior;
    g->type = flags->type;
    if (str_eq(g->noun, S("Secret")) && !g->type.at)
        g->type = S("Opaque");
    g->env = flags->env;
    g->no_suffix_hash = flags->no_suffix_hash;
    return true;
}

bool generator_flags_set(struct context *cx, const struct call *call, struct edit_generator *g)
{
    const struct generator_flags *flags = call->options;
    if (call->operands.len != 1)
        return invalid(cx, "name must be specified once");
    if (!flags->literals.len && !flags->new_namespace.len)
        return invalid(cx, "at least one of [--from-literal, --new-namespace] must be specified");
    g->name = call->operands.at[0];
    g->namespace_ = flags->namespace_;
    g->new_namespace = flags->new_namespace;
    g->literals = (struct strings){ flags->literals.at, flags->literals.len, flags->literals.cap };
    return true;
}

bool edit_metadata_options(struct context *cx, const struct call *call, struct strings *options)
{
    struct strings words = edit_operands(call);
    if (!words.len)
        return report(cx, NOWHERE, "must specify a buildMetadata option");
    if (words.len > 1)
        return report(cx, NOWHERE,
                      "too many arguments: %.*s; to provide multiple buildMetadata options, please "
                      "separate options by comma",
                      STR(edit_listed(cx, &words)));
    *options = edit_split(cx, words.at[0]);
    for (uint32_t i = 0; i < options->len; i++) {
        str option = options->at[i];
        if (!option.len
            || !choice_has(S("originAnnotations|transformerAnnotations|managedByLabel"), option))
            return report(cx, NOWHERE, "invalid buildMetadata option: %.*s", STR(option));
    }
    return true;
}
