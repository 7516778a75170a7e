/* The table of commands, and the reading of a line with it. */
#include "cli/commands.h"

#include "render/base/suggest.h"

/* In the order of the help; a row a line, so that two new commands do not meet. */
/* clang-format off */
const struct command *const commands[] = {
    &cmd_render,
    &cmd_diff,
    &cmd_explain,
    &cmd_affected,
    &cmd_graph,
    &cmd_images,
    &cmd_pin,
    &cmd_validate,
    &cmd_verify,
    &cmd_promote,
    &cmd_rollback,
    &cmd_hold,
    &cmd_history,
    &cmd_init,
    &as_kustomize,
    &as_helm,
    &as_plugin,
    &cmd_version,
    &cmd_help,
    &cmd_completion,
    &cmd_complete,
    NULL,
};
/* clang-format on */

struct hoist_flags {
    bool version;
};

static const struct option hoist_options[] = {
    { 0, "version", NULL, "the version, as 'hoist version' prints it", OPTION_FLAG,
      offsetof(struct hoist_flags, version) },
    { 0 },
};

static bool run_hoist(struct context *cx, struct call *call)
{
    const struct hoist_flags *flags = call->options;
    if (flags->version)
        return cmd_version.run(cx, call);
    report(cx, NOWHERE, "which command?");
    hint(cx, NOWHERE, "'hoist help' lists them");
    return false;
}

const struct command cmd_hoist = {
    .name = "hoist",
    .summary = "Renders Kubernetes manifests as kustomize and Helm do, tells what differs between\n"
               "environments, and promotes verified images by Git branch.",
    .options = hoist_options,
    .options_size = sizeof(struct hoist_flags),
    .run = run_hoist,
    .children = commands,
};

const struct option global_options[] = {
    { 'C', "directory", "DIR", "run as if started there", OPTION_LIST,
      offsetof(struct globals, folders) },
    { 0, "color", "auto|always|never", "colour; NO_COLOR is honoured", OPTION_CHOICE,
      offsetof(struct globals, color) },
    { 'q', "quiet", NULL, "no warnings", OPTION_FLAG, offsetof(struct globals, quiet) },
    { 'v', "verbose", NULL, "say how much was read and what it took", OPTION_FLAG,
      offsetof(struct globals, verbose) },
    { 0, "offline", NULL, "open no connection", OPTION_FLAG, offsetof(struct globals, offline) },
    { 0, "timeout", "TIME", "give up after this long (90s, 5m)", OPTION_DURATION,
      offsetof(struct globals, timeout_ns) },
    { 0, "strict", NULL, "what would do nothing is an error", OPTION_FLAG,
      offsetof(struct globals, strict) },
    { 0, "json", NULL, "results and messages for machines, an object a line", OPTION_FLAG,
      offsetof(struct globals, json) },
    { 'h', "help", NULL, "this page", OPTION_FLAG, offsetof(struct globals, help) },
    { 0 },
};

/* -h is all that other programs' command lines share with ours. */
static const struct option foreign_options[] = {
    { 'h', "help", NULL, "this page", OPTION_FLAG, offsetof(struct globals, help) },
    { 0 },
};

/* "kustomize", "kustomize_5_8_1" and "helm" are links to hoist: Argo CD can hold several
 * versions of a tool beside each other. */
static const struct command *const links[] = {
    &as_kustomize,
    &as_helm,
    NULL,
};

const struct command *command_called(str path)
{
    str head, name;
    if (!str_cut_last(path, '/', &head, &name))
        name = path;
    for (size_t i = 0; links[i]; i++) {
        str own = str_from(links[i]->name), more = str_skip(name, own.len);
        bool longer_word = more.len && ((more.at[0] | 32) >= 'a' && (more.at[0] | 32) <= 'z');
        if (str_starts(name, own) && !longer_word)
            return links[i];
    }
    return &cmd_hoist;
}

static bool is_called(const struct command *command, str name)
{
    str rest = str_from(command->aliases), one;
    if (str_eq(name, str_from(command->name)))
        return true;
    while (rest.len && str_next_field(&rest, ' ', &one)) {
        if (str_eq(name, one))
            return true;
    }
    return false;
}

const struct command *command_find(const struct command *const *table, str name)
{
    for (; *table; table++) {
        if (is_called(*table, name))
            return *table;
    }
    return NULL;
}

bool command_unknown(struct context *cx, const struct command *const *table, str name)
{
    struct words known = { 0 };
    for (; *table; table++)
        words_add(cx->arena, &known, str_from((*table)->name));
    report(cx, NOWHERE, "unknown command '%.*s'", STR(name));
    ptrdiff_t near = suggest(name, known.at, known.len);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(known.at[near]));
    return false;
}

void command_operands(const struct command *command, uint32_t *least, uint32_t *most)
{
    *least = *most = 0;
    str rest = str_from(command->operands), word;
    while (rest.len && str_next_field(&rest, ' ', &word)) {
        if (!str_starts(word, S("[")))
            ++*least;
        if (str_ends(word, S("...")))
            *most = UINT32_MAX;
        else if (*most != UINT32_MAX)
            ++*most;
    }
}

static bool count_operands(struct context *cx, struct call *call)
{
    uint32_t least, most, n = call->operands.len;
    command_operands(call->command, &least, &most);
    if (n > most)
        report(cx, NOWHERE, "'%.*s' is one operand too many", STR(call->operands.at[most]));
    else if (n < least)
        report(cx, NOWHERE, "%s needs %s", call->called, call->command->operands);
    else
        return true;
    hint(cx, NOWHERE, "usage: %s [OPTIONS]%s%s", call->called, call->command->operands ? " " : "",
         call->command->operands ? call->command->operands : "");
    if (call->command->miscounted)
        call->model_error = call->command->miscounted(cx, call);
    return false;
}

static void enter(struct context *cx, struct call *call, struct parser *p,
                  const struct command *command)
{
    bool begun = call->command != NULL;
    call->command = command;
    if (begun)
        call->called =
            str_cstr(cx->arena, str_format(cx->arena, "%s %s", call->called, command->name));
    /* `kustomize --enable-helm build`: a child with its parent's rows keeps what they filled. */
    if (!begun || !command->options || command->options != p->sets[0].rows)
        call->options = arena_zero(cx->arena, command->options_size + 1);
    p->sets[0] = (struct option_set){ command->options, call->options };
    if (command->foreign)
        p->sets[1].rows = foreign_options;
}

/* After the first operand, no word is a command. */
static const struct command *find_child(const struct call *call, str word)
{
    if (!call->command->children || call->operands.len)
        return NULL;
    return command_find(call->command->children, word);
}

static bool takes_operand(struct context *cx, const struct call *call, str word)
{
    if (!call->command->children || call->operands.len)
        return true;
    return call->command->operands && output_is_folder(cx, word);
}

bool command_line_walk(struct context *cx, struct parser *p, const struct command *root,
                       struct globals *globals, struct call *call)
{
    p->sets[1] = (struct option_set){ global_options, globals };
    enter(cx, call, p, root);
    str word;
    enum parsed what;
    while ((what = options_next(p, &word)) == PARSED_OPERAND) {
        const struct command *child = find_child(call, word);
        if (!child && takes_operand(cx, call, word)) {
            words_add(cx->arena, &call->operands, word);
            continue;
        }
        if (!child)
            return command_unknown(cx, call->command->children, word);
        enter(cx, call, p, child);
    }
    if (call->command->foreign)
        call->model_error = p->model_error;
    return what == PARSED_END;
}

bool command_line_read(struct context *cx, const struct command *root, const struct words *line,
                       struct globals *globals, struct call *call)
{
    struct parser p = { .cx = cx, .line = line };
    if (!command_line_walk(cx, &p, root, globals, call))
        return false;
    return globals->help || !call->command->run || count_operands(cx, call);
}
