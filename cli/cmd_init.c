/* hoist init: a first hoist.yaml. */
#include "cli/commands.h"
#include "promote/first_project.h"

struct init_flags {
    bool dry_run;
};

static const struct option options[] = {
    { 'n', "dry-run", NULL, "print it, and write nothing", OPTION_FLAG,
      offsetof(struct init_flags, dry_run) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct init_flags *flags = call->options;
    struct source *disk = source_disk(cx, S(""));
    struct folder *here = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct first_project made;
    if (!here || !first_project_make(cx, here, &made))
        return false;
    if (flags->dry_run) {
        buf_str(call->out, made.bytes);
        return true;
    }
    if (!output_file(cx, S("hoist.yaml"), made.bytes))
        return false;
    buf_format(call->out, "hoist.yaml: %u environment%s, %u promotion%s\n", made.environments,
               made.environments == 1 ? "" : "s", made.promotions, made.promotions == 1 ? "" : "s");
    return true;
}

const struct command cmd_init = {
    .name = "init",
    .summary = "write a first hoist.yaml from what the working directory holds",
    .about =
        "Folders of overlays, values files beside charts and Argo CD Applications are environments.\n"
        "docs/environments.md explains what hoist.yaml may say beyond them.",
    .options = options,
    .options_size = sizeof(struct init_flags),
    .run = run,
};
