/* kustomize create: a new kustomization.yaml in the working directory. */
#include "cli/edit_run.h"
#include "overlays/documents.h"
#include "overlays/kustomization.h"

struct create_flags {
    bool autodetect, recursive;
    str annotations, labels, namespace_, prefix, suffix, resources;
};

#define FLAG(member) offsetof(struct create_flags, member)

static const struct option options[] = {
    { 0, "annotations", "KEY:VALUE,…", "commonAnnotations", OPTION_TEXT, FLAG(annotations) },
    { 0, "autodetect", NULL, "resources are the manifests of this folder", OPTION_FLAG,
      FLAG(autodetect) },
    { 0, "labels", "KEY:VALUE,…", "commonLabels", OPTION_TEXT, FLAG(labels) },
    { 0, "nameprefix", "PREFIX", "namePrefix", OPTION_TEXT, FLAG(prefix) },
    { 0, "namespace", "NAMESPACE", "namespace", OPTION_TEXT, FLAG(namespace_) },
    { 0, "namesuffix", "SUFFIX", "nameSuffix", OPTION_TEXT, FLAG(suffix) },
    { 0, "recursive", NULL, "with --autodetect: in the folders below, too", OPTION_FLAG,
      FLAG(recursive) },
    { 0, "resources", "PATH,…", "resources, patterns among them", OPTION_TEXT, FLAG(resources) },
    { 0 },
};

static bool has_kustomization(struct context *cx, const struct folder *folder)
{
    for (size_t i = 0; i < countof(kustomization_names); i++) {
        if (folder_kind(cx, folder, kustomization_names[i]) != FILE_NONE)
            return true;
    }
    return false;
}

static bool has(const struct strings *list, str word)
{
    for (uint32_t i = 0; i < list->len; i++) {
        if (str_eq(list->at[i], word))
            return true;
    }
    return false;
}

static bool is_manifest(struct context *cx, const struct folder *folder, str name)
{
    struct documents docs = { 0 };
    struct diags before = cx->diags;
    struct text *text = folder_read(cx, folder, name, NOWHERE);
    bool ok = text && documents_read(cx, text, &docs);
    diag_take_back(cx, before);
    return ok;
}

/* Manifests, and folders that have a kustomization of their own, in the order of their names. */
static bool detect(struct context *cx, const struct folder *folder, str prefix, bool recursive,
                   struct strings *out)
{
    struct listing names = { 0 };
    if (!folder_list(cx, folder, NOWHERE, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        str name = names.at[i].name;
        str path = str_concat(cx->arena, prefix, name);
        if (names.at[i].kind != FILE_FOLDER) {
            if (folder_kind(cx, folder, name) == FILE_PLAIN && !has(out, path)
                && is_manifest(cx, folder, name))
                strings_add(cx, out, path);
            continue;
        }
        if (!recursive)
            continue;
        const struct folder *below = folder_enter(cx, folder, name, NOWHERE);
        if (!below)
            return false;
        if (!has_kustomization(cx, below)) {
            if (!detect(cx, below, str_concat(cx->arena, path, S("/")), true, out))
                return false;
        } else if (!has(out, path)) {
            strings_add(cx, out, path);
        }
    }
    return true;
}

static bool put_pairs(struct context *cx, struct edit_file *f, str field, str noun, str text)
{
    struct strings words = edit_split(cx, text);
    struct edit_pairs pairs = { .field = field, .noun = noun, .words = &words, .force = true };
    return !text.len || edit_add_pairs(f, &pairs);
}

static bool find_resources(struct context *cx, const struct create_flags *flags,
                           const struct folder *folder, struct strings *out)
{
    struct strings patterns = edit_split(cx, flags->resources);
    if (flags->resources.len && !edit_globs(cx, folder, &patterns, true, out))
        return false;
    if (has_kustomization(cx, folder))
        return report(cx, NOWHERE, "kustomization file already exists");
    return !flags->autodetect || detect(cx, folder, S(""), flags->recursive, out);
}

static bool run_create(struct context *cx, struct call *call)
{
    const struct create_flags *flags = call->options;
    struct strings resources = { 0 };
    struct edit_file f;
    str bytes;
    const struct folder *folder = edit_run_folder(cx);
    if (!folder || !find_resources(cx, flags, folder, &resources)
        || !edit_file_open(cx, text_add(cx, kustomization_names[0], S("")), &f))
        return false;
    edit_add_paths(&f, S("resources"), S("resource"), &resources);
    edit_text(&f, S("namespace"), flags->namespace_);
    edit_text(&f, S("namePrefix"), flags->prefix);
    edit_text(&f, S("nameSuffix"), flags->suffix);
    return put_pairs(cx, &f, S("commonAnnotations"), S("annotation"), flags->annotations)
           && put_pairs(cx, &f, S("commonLabels"), S("label"), flags->labels)
           && edit_file_close(&f, &bytes) && output_file(cx, kustomization_names[0], bytes);
}

/* Its other name. */
const struct command kustomize_init = {
    .name = "init",
    .operands = "[WORD]...",
    .options = options,
    .options_size = sizeof(struct create_flags),
    .run = run_create,
    .foreign = true,
};

const struct command kustomize_create = {
    .name = "create",
    .operands = "[WORD]...",
    .summary = "a new kustomization.yaml in the working directory",
    .options = options,
    .options_size = sizeof(struct create_flags),
    .run = run_create,
    .foreign = true,
};
