/* What the commands of `kustomize edit` share: the kustomization file of the working
 * directory, found, changed and written as a whole or not at all. */
#ifndef HOIST_CLI_EDIT_RUN_H
#define HOIST_CLI_EDIT_RUN_H

#include "cli/commands.h"
#include "overlays/edit_file.h"

struct edit_run {
    struct edit_file file;
    struct folder *folder;
    str path;
};

/* False after a report, in kustomize's words. */
bool edit_run_open(struct context *cx, struct edit_run *run);
/* Writes the file when its bytes have changed. */
bool edit_run_close(struct edit_run *run);

struct folder *edit_run_folder(struct context *cx);

struct strings edit_operands(const struct call *call);
/* The parts between commas; an empty word is one empty part. */
struct strings edit_split(struct context *cx, str word);
/* "[a b]", as Go prints a list. */
str edit_listed(struct context *cx, const struct strings *words);

/* What is in the folder for a pattern of Go's filepath.Glob, hidden files left out. False after
 * a report. */
bool edit_glob(struct context *cx, const struct folder *folder, str pattern, struct strings *out);
/* For each pattern. One without a match is passed over with a warning, or, when `roots` may stand
 * there, is taken for a repository if it looks like one and is an error if not. */
bool edit_globs(struct context *cx, const struct folder *folder, const struct strings *patterns,
                bool roots, struct strings *out);

extern const struct command kustomize_add;
extern const struct command kustomize_remove;
extern const struct command kustomize_set;

#endif
