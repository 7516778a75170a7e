/* hoist help [COMMAND]...: the page of a command, or the manual of all of them. */
#include "cli/commands.h"

struct help_flags {
    bool man;
};

static const struct option options[] = {
    { 0, "man", NULL, "the manual page of all commands, for man(1)", OPTION_FLAG,
      offsetof(struct help_flags, man) },
    { 0 },
};

static bool run(struct context *cx, struct call *call)
{
    const struct help_flags *flags = call->options;
    if (flags->man) {
        man_print(call->out);
        return true;
    }
    const struct command *command = &cmd_hoist;
    str called = S("hoist");
    for (uint32_t i = 0; i < call->operands.len; i++) {
        str name = call->operands.at[i];
        const struct command *child =
            command->children ? command_find(command->children, name) : NULL;
        if (!child && !command->children)
            return report(cx, NOWHERE, "'%.*s' has no commands below it", STR(called));
        if (!child)
            return command_unknown(cx, command->children, name);
        called = str_format(cx->arena, "%.*s %s", STR(called), child->name);
        command = child;
    }
    help_print(call->out, command, str_cstr(cx->arena, called));
    return true;
}

const struct command cmd_help = {
    .name = "help",
    .operands = "[COMMAND]...",
    .summary = "the page of a command",
    .options = options,
    .options_size = sizeof(struct help_flags),
    .run = run,
};
