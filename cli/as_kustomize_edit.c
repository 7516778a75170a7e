/* kustomize edit: the file of the working directory, changed in as few bytes as say it. */
#include "cli/edit_run.h"
#include "cli/manifests.h"
#include "promote/render_path.h"

/* What `build` prints for the working directory as it now is. */
static bool build(struct context *cx, str *printed)
{
    struct render_path path = { .renderer = RENDER_KUSTOMIZATION };
    struct build_options options = { 0 };
    struct documents docs = { 0 };
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    path.folder = edit_run_folder(cx);
    bool ok = path.folder && render_path_documents(cx, &path, &options, &docs)
              && manifests_yaml(cx, &b, &docs);
    *printed = ok ? buf_take(&b) : S("");
    return ok;
}

/* Says on standard output, as kustomize does, when the file now means something else. */
static void compare_builds(struct context *cx, struct buf *out, str old)
{
    struct diags before = cx->diags;
    str new_;
    bool ok = build(cx, &new_);
    const struct diag *why = diag_take_back(cx, before);
    if (!ok)
        buf_format(out,
                   "Warning: 'Fixed' kustomization now produces the error when running `kustomize "
                   "build`: %.*s\n",
                   why ? (int)why->message.len : 0, why ? why->message.at : "");
    else if (!str_eq(new_, old))
        buf_format(out,
                   "Warning: 'Fixed' kustomization now produces different output when running "
                   "`kustomize build`:\n...%.*s...\n",
                   STR(new_));
}

struct fix_flags {
    bool vars;
};

static const struct option fix_options[] = {
    { 0, "vars", NULL, "vars become replacements; writes the files that mention them", OPTION_FLAG,
      offsetof(struct fix_flags, vars) },
    { 0 },
};

static const char fixed[] = "\nFixed fields:\n"
                            "  patchesJson6902 -> patches\n"
                            "  patchesStrategicMerge -> patches\n"
                            "  commonLabels -> labels\n";

static const char fixed_vars[] = "  vars -> replacements\n";

static const char vars_remain[] =
    "\nTo convert vars -> replacements, run the command `kustomize edit fix --vars`\n\n"
    "WARNING: Converting vars to replacements will potentially overwrite many resource files \n"
    "and the resulting files may not produce the same output when `kustomize build` is run. \n"
    "We recommend doing this in a clean git repository where the change is easy to undo.\n";

/* The kustomization last: what it then says of the other files is true. */
static bool fix_file(struct context *cx, struct edit_run *run, bool vars)
{
    struct edit_texts others = { 0 };
    if (!edit_fix(&run->file, run->folder)
        || (vars && !edit_vars(&run->file, run->folder, &others)))
        return false;
    for (uint32_t i = 0; i < others.len; i++) {
        if (!output_file(cx, others.at[i].path, others.at[i].bytes))
            return false;
    }
    return edit_run_close(run);
}

static bool run_fix(struct context *cx, struct call *call)
{
    const struct fix_flags *flags = call->options;
    struct edit_run run;
    str old;
    if (!edit_run_open(cx, &run))
        return false;
    diag_mute(cx);
    build(cx, &old);
    diag_unmute(cx);
    if (!fix_file(cx, &run, flags->vars))
        return false;
    buf_str(call->out, str_from(fixed));
    buf_str(call->out, str_from(flags->vars ? fixed_vars : vars_remain));
    compare_builds(cx, call->out, old);
    return true;
}

static const struct command fix = {
    .name = "fix",
    .operands = "[WORD]...",
    .summary = "bring legacy fields up to date",
    .options = fix_options,
    .options_size = sizeof(struct fix_flags),
    .run = run_fix,
    .foreign = true,
};

static const struct command *const children[] = {
    &kustomize_add, &fix, &kustomize_remove, &kustomize_set, NULL,
};

const struct command kustomize_edit = {
    .name = "edit",
    .summary = "change the kustomization file of the working directory",
    .about = "What is not changed stays as it is: comments, order, blank lines, quotes.",
    .children = children,
    .foreign = true,
};
