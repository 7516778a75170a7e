/* The help: what the rows say, in columns. */
#include "cli/commands.h"

enum { COLUMN = 30 };

static void pad(struct buf *out, size_t from)
{
    size_t width = out->len - from;
    if (width + 2 > COLUMN) {
        buf_char(out, '\n');
        width = 0;
    }
    buf_repeat(out, ' ', COLUMN - width);
}

static void print_option(const struct option *row, void *arg)
{
    struct buf *out = arg;
    size_t from = out->len;
    if (row->letter)
        buf_format(out, "  -%c, --%s", row->letter, row->name);
    else
        buf_format(out, "      --%s", row->name);
    if (row->kind == OPTION_OPTIONAL)
        buf_format(out, "[=%s]", row->value);
    else if (row->value)
        buf_format(out, " %s", row->value);
    pad(out, from);
    buf_format(out, "%s\n", row->help);
}

static void print_options(struct buf *out, const char *title, const struct option *rows)
{
    if (!rows)
        return;
    buf_format(out, "\n%s:\n", title);
    options_each(rows, print_option, out);
}

static void print_children(struct buf *out, const struct command *const *table)
{
    buf_str(out, S("\nCommands:\n"));
    for (; *table; table++) {
        if (!(*table)->summary)
            continue;
        size_t from = out->len;
        buf_format(out, "  %s", (*table)->name);
        if ((*table)->operands)
            buf_format(out, " %s", (*table)->operands);
        pad(out, from);
        buf_format(out, "%s\n", (*table)->summary);
    }
}

void help_print(struct buf *out, const struct command *command, const char *called)
{
    buf_format(out, "Usage: %s", called);
    if (command->children)
        buf_str(out, S(" COMMAND"));
    buf_str(out, S(" [OPTIONS]"));
    if (command->operands)
        buf_format(out, " %s", command->operands);
    buf_format(out, "\n\n%s\n", command->summary);
    if (command->about)
        buf_format(out, "\n%s\n", command->about);
    if (command->children)
        print_children(out, command->children);
    print_options(out, "Options", command->options);
    if (!command->foreign)
        print_options(out, "Options of every command", global_options);
}
