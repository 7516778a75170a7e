/* hoist(1) in roff, from the table of commands. */
#include "cli/commands.h"

/* Text as roff shows it: hyphens that can be copied, no line that begins a request. */
static void print_text(struct buf *out, const char *text)
{
    bool line_begins = true;
    for (; *text; text++) {
        if (line_begins && (*text == '.' || *text == '\''))
            buf_str(out, S("\\&"));
        if (*text == '-')
            buf_str(out, S("\\-"));
        else if (*text == '\\')
            buf_str(out, S("\\e"));
        else
            buf_char(out, *text);
        line_begins = *text == '\n';
    }
}

static void print_option(const struct option *row, void *arg)
{
    struct buf *out = arg;
    buf_str(out, S(".TP\n"));
    if (row->letter)
        buf_format(out, "\\fB\\-%c\\fR, ", row->letter);
    buf_str(out, S("\\fB\\-\\-"));
    print_text(out, row->name);
    buf_str(out, S("\\fR"));
    if (row->value) {
        buf_str(out, row->kind == OPTION_OPTIONAL ? S("[=\\fI") : S(" \\fI"));
        print_text(out, row->value);
        buf_str(out, row->kind == OPTION_OPTIONAL ? S("\\fR]") : S("\\fR"));
    }
    buf_char(out, '\n');
    print_text(out, row->help);
    buf_char(out, '\n');
}

static void print_command(struct buf *out, const struct command *command, const char *parent)
{
    buf_str(out, S(".SS \""));
    buf_format(out, "%s %s", parent, command->name);
    if (command->operands)
        buf_format(out, " %s", command->operands);
    buf_str(out, S("\"\n"));
    print_text(out, command->summary);
    buf_char(out, '\n');
    if (command->about) {
        buf_str(out, S(".PP\n.nf\n"));
        print_text(out, command->about);
        buf_str(out, S("\n.fi\n"));
    }
    options_each(command->options, print_option, out);
    for (size_t i = 0; command->children && command->children[i]; i++) {
        if (command->children[i]->summary)
            print_command(out, command->children[i], command->name);
    }
}

void man_print(struct buf *out)
{
    buf_str(out, S(".TH HOIST 1\n.SH NAME\n"
                   "hoist \\- render Kubernetes manifests, compare and promote environments\n"
                   ".SH SYNOPSIS\n.B hoist\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
                   ".SH DESCRIPTION\n"));
    print_text(out, cmd_hoist.summary);
    buf_str(out, S("\n.PP\nCalled through a link named \\fBkustomize\\fR, hoist is that command.\n"
                   ".SH COMMANDS\n"));
    for (size_t i = 0; commands[i]; i++) {
        if (commands[i]->summary)
            print_command(out, commands[i], "hoist");
    }
    buf_str(out, S(".SH OPTIONS OF EVERY COMMAND\n"));
    options_each(global_options, print_option, out);
    buf_str(out, S(".SH EXIT STATUS\n"
                   ".TP\n0\ndone\n"
                   ".TP\n1\nthe answer is no: differences were found, a check failed\n"
                   ".TP\n2\nthe command line or the input is wrong\n"
                   ".TP\n3\nthe surroundings failed: network, registry, forge, Git remote, disk\n"
                   ".PP\n\\fBhoist kustomize\\fR and \\fBhoist helm\\fR keep the exit statuses of "
                   "the programs they stand in for.\n"
                   ".SH ENVIRONMENT\n"
                   ".TP\n\\fBNO_COLOR\\fR\nno colour, unless \\fB\\-\\-color always\\fR asks for "
                   "it\n"));
}
