/* The table of commands, and how to add one:
 *
 *   1. cli/cmd_NAME.c, with the options, the work and the row that says everything:
 *
 *          struct pin_flags {
 *              bool commit;
 *              str branch;
 *          };
 *
 *          static const struct option options[] = {
 *              { 'c', "commit", NULL, "commit the change", OPTION_FLAG,
 *                offsetof(struct pin_flags, commit) },
 *              { 0, "branch", "NAME", "commit to this branch", OPTION_TEXT,
 *                offsetof(struct pin_flags, branch) },
 *              { 0 },
 *          };
 *
 *          static bool run(struct context *cx, struct call *call)
 *          {
 *              const struct pin_flags *flags = call->options;
 *              …one call into a lower layer, then printing to call->out…
 *          }
 *
 *          const struct command cmd_pin = {
 *              .name = "pin", .operands = "PATH IMAGE...", .summary = "set images in place",
 *              .options = options, .options_size = sizeof(struct pin_flags), .run = run,
 *          };
 *
 *   2. its name below, its row in commands.c, the file in CMakeLists.txt.
 *
 * `false` from run has been reported: nothing of call->out reaches standard output, and the
 * reports decide the exit status. `true` prints it; the status is then 0, or 1 when
 * call->answer_is_no was set (differences were found, a check failed).
 * What is said to a person goes through report, warn, note and hint, never through stdio. */
#ifndef HOIST_CLI_COMMANDS_H
#define HOIST_CLI_COMMANDS_H

#include "cli/options.h"
#include "cli/output.h"
#include "cli/terminal.h"

/* The options that mean the same in every command of our own. */
struct globals {
    struct words folders; /* -C */
    str color;
    bool quiet;
    bool verbose;
    bool offline;
    bool strict;
    bool json;
    bool help;
    uint64_t timeout_ns;
};

struct call {
    const struct command *command;
    const char *called; /* "hoist render", or "kustomize build" through a link */
    void *options;      /* the command's struct, filled from its rows */
    struct words operands;
    const struct globals *globals;
    const struct terminal *terminal;
    struct buf *out; /* held back until run has come back with true */
    bool answer_is_no;
    bool print_anyway; /* what was printed is part of the answer even when run fails */
    str model_error;   /* what the program whose command line this is would say of the failure */
    str model_said;    /* and what it says there when all is well */
};

struct command {
    const char *name;
    const char *aliases; /* other names for it, with spaces between, or NULL */
    /* "PATH", "FROM TO", "[DIR]", "IMAGE...", "[NAME]...", "bash|zsh|fish"; they are counted
     * before run is called, and completed by what they say. NULL takes none. */
    const char *operands;
    const char *summary; /* one line, lower case; NULL is not listed */
    const char *about;   /* paragraphs for its own help, or NULL */
    const struct option *options;
    size_t options_size;
    bool (*run)(struct context *cx, struct call *call);
    /* What the model of a foreign command says of too few or too many operands, for
     * call->model_error; NULL says nothing. */
    str (*miscounted)(struct context *cx, const struct call *call);
    /* Commands below it, up to a NULL. With operands too, a folder may stand for a child. */
    const struct command *const *children;
    /* Another program's command line: our global options are not understood, and every
     * failure has the status 1, as with kustomize and helm. */
    bool foreign;
};

extern const struct command cmd_hoist;         /* the program itself */
extern const struct command *const commands[]; /* up to a NULL */
extern const struct option global_options[];

extern const struct command as_helm;
extern const struct command as_kustomize;
extern const struct command as_plugin;
extern const struct command kustomize_create;
extern const struct command kustomize_edit;
extern const struct command kustomize_init;
extern const struct command kustomize_localize;
extern const struct command cmd_affected;
extern const struct command cmd_complete;
extern const struct command cmd_completion;
extern const struct command cmd_diff;
extern const struct command cmd_explain;
extern const struct command cmd_graph;
extern const struct command cmd_help;
extern const struct command cmd_history;
extern const struct command cmd_hold;
extern const struct command cmd_images;
extern const struct command cmd_init;
extern const struct command cmd_pin;
extern const struct command cmd_promote;
extern const struct command cmd_render;
extern const struct command cmd_validate;
extern const struct command cmd_rollback;
extern const struct command cmd_verify;
extern const struct command cmd_version;

/* Whose command line it is, by the path that the program was started with. */
const struct command *command_called(str path);

/* NULL when there is none. */
const struct command *command_find(const struct command *const *table, str name);
/* Reports the name as unknown, with the nearest known one. */
bool command_unknown(struct context *cx, const struct command *const *table, str name);

/* Finds the command of a line below `root` and reads its options; the words begin after the
 * program's name. False after a report; call->command is as much as was understood. */
bool command_line_read(struct context *cx, const struct command *root, const struct words *line,
                       struct globals *globals, struct call *call);

/* The walk of it alone, with a parser of which `cx` and `line` are set: operands are not
 * counted. False, reported, where it stopped. */
bool command_line_walk(struct context *cx, struct parser *p, const struct command *root,
                       struct globals *globals, struct call *call);

/* How many operands a command takes; most is UINT32_MAX for any number. */
void command_operands(const struct command *command, uint32_t *least, uint32_t *most);

/* The page of a command: usage, what it does, its options. */
void help_print(struct buf *out, const struct command *command, const char *called);
/* hoist(1), of all commands that are listed. */
void man_print(struct buf *out);

#endif
