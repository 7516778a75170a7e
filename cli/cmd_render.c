/* hoist render: the manifests of a path, on standard output or a file each. */
#include "cli/commands.h"
#include "cli/manifests.h"
#include "promote/render_path.h"

#include <errno.h>
#include <sys/stat.h>

struct render_flags {
    str output;
    str folder;
};

static const struct option options[] = {
    { 'o', "output", "yaml|json", "how manifests are printed; JSON is a document a line",
      OPTION_CHOICE, offsetof(struct render_flags, output) },
    { 0, "output-dir", "DIR", "a file for each document, in a folder that is made if need be",
      OPTION_TEXT, offsetof(struct render_flags, folder) },
    { 0 },
};

static bool make_folder(struct context *cx, str path)
{
    if (output_is_folder(cx, path) || mkdir(str_cstr(cx->arena, path), 0777) == 0)
        return true;
    return report_surroundings(cx, NOWHERE, "can't make the folder '%.*s': %s", STR(path),
                               strerror(errno));
}

static bool run(struct context *cx, struct call *call)
{
    const struct render_flags *flags = call->options;
    /* A chart in a kustomization is rendered by no program, so it needs no leave. */
    struct build_options build = { .enable_helm = true };
    struct render_path path;
    struct documents docs = { 0 };
    if (!render_path_find(cx, call->operands.at[0], &path)
        || !render_path_documents(cx, &path, &build, &docs))
        return false;
    if (flags->folder.len)
        return make_folder(cx, flags->folder) && manifests_files(cx, flags->folder, &docs);
    if (call->globals->json || str_eq(flags->output, S("json")))
        return manifests_json(cx, call->out, &docs);
    return manifests_yaml(cx, call->out, &docs);
}

const struct command cmd_render = {
    .name = "render",
    .operands = "PATH",
    .summary = "the manifests of a kustomization, of a folder or of a file",
    .about =
        "PATH is a folder with a kustomization, a folder of manifests, a file of manifests, or -\n"
        "for standard input. REV:PATH is the same path at a Git revision, read from the object\n"
        "database: nothing is checked out.",
    .options = options,
    .options_size = sizeof(struct render_flags),
    .run = run,
};
