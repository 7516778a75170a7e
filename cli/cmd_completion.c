/* Completion: a small script for the shell, which asks hoist itself for each word.
 *
 * `hoist complete -- WORD...` answers for the last word: candidates, a line each, with a tab
 * and a few words of help; ":files" or ":folders" where the shell completes paths. */
#include <stdio.h>

#include "cli/commands.h"

static const char bash[] =
    "# bash completion for hoist: source <(hoist completion bash)\n"
    "_hoist() {\n"
    "    local words=() word glued= i line kept\n"
    "    for ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "        word=${COMP_WORDS[i]}\n"
    "        # bash takes words apart at '=' and ':'; they are put together again.\n"
    "        if ((${#words[@]})) && [[ $word == [=:] || ${words[-1]} == *[=:] ]]; then\n"
    "            glued=${words[-1]}\n"
    "            [[ $word == [=:] ]] && glued+=$word\n"
    "            words[-1]+=$word\n"
    "        else\n"
    "            glued=\n"
    "            words+=(\"$word\")\n"
    "        fi\n"
    "    done\n"
    "    COMPREPLY=()\n"
    "    while IFS= read -r line; do\n"
    "        kept=${line%%$'\\t'*}\n"
    "        case $line in\n"
    "        :files) compopt -o default ;;\n"
    "        :folders) compopt -o dirnames ;;\n"
    "        *) COMPREPLY+=(\"${kept#\"$glued\"}\") ;;\n"
    "        esac\n"
    "    done < <(\"${COMP_WORDS[0]}\" complete -- \"${words[@]}\" 2>/dev/null)\n"
    "    [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace\n"
    "}\n"
    "complete -F _hoist hoist\n";

static const char zsh[] =
    "#compdef hoist\n"
    "# zsh completion for hoist: put it into a folder of $fpath as _hoist, or\n"
    "# source <(hoist completion zsh)\n"
    "_hoist() {\n"
    "    local line\n"
    "    local -a plain\n"
    "    for line in ${(f)\"$(\"${words[1]}\" complete -- \"${(@Q)words[2,CURRENT]}\" 2>/dev/null)\"}; do\n"
    "        case $line in\n"
    "        :files) [[ $PREFIX == -*=* ]] && compset -P '*='; _files ;;\n"
    "        :folders) [[ $PREFIX == -*=* ]] && compset -P '*='; _files -/ ;;\n"
    "        *) plain+=(\"${${line%%$'\\t'*}//:/\\\\:}:${line#*$'\\t'}\") ;;\n"
    "        esac\n"
    "    done\n"
    "    (( $#plain )) && _describe hoist plain\n"
    "}\n"
    "if [[ $funcstack[1] == _hoist ]]; then _hoist \"$@\"; else compdef _hoist hoist; fi\n";

static const char fish[] = "# fish completion for hoist: hoist completion fish | source\n"
                           "function __hoist_complete\n"
                           "    set -l words (commandline -opc)[2..-1] (commandline -ct)\n"
                           "    for line in (hoist complete -- $words 2>/dev/null)\n"
                           "        switch $line\n"
                           "            case :files\n"
                           "                __fish_complete_path (commandline -ct)\n"
                           "            case :folders\n"
                           "                __fish_complete_directories (commandline -ct)\n"
                           "            case '*'\n"
                           "                echo $line\n"
                           "        end\n"
                           "    end\n"
                           "end\n"
                           "complete -c hoist -f -a '(__hoist_complete)'\n";

static bool run(struct context *cx, struct call *call)
{
    static const struct {
        const char *name;
        const char *script;
    } shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };
    str wanted = call->operands.at[0];
    for (size_t i = 0; i < countof(shells); i++) {
        if (!str_eq(wanted, str_from(shells[i].name)))
            continue;
        buf_str(call->out, str_from(shells[i].script));
        return true;
    }
    return choice_unknown(cx, "shell", wanted, str_from(call->command->operands));
}

const struct command cmd_completion = {
    .name = "completion",
    .operands = "bash|zsh|fish",
    .summary = "a script that completes hoist's words in a shell",
    .run = run,
};

struct completion {
    struct buf *out;
    str word;   /* what is to be completed */
    str before; /* "--name=", when the word begins so */
};

static void offer(struct completion *c, str candidate, const char *help)
{
    if (!str_starts(candidate, c->word))
        return;
    buf_format(c->out, "%.*s%.*s\t%s\n", STR(c->before), STR(candidate), help ? help : "");
}

static void offer_commands(struct completion *c, const struct command *const *table)
{
    for (; *table; table++) {
        if ((*table)->summary)
            offer(c, str_from((*table)->name), (*table)->summary);
    }
}

static bool has_small_letter(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] >= 'a' && s.at[i] <= 'z')
            return true;
    }
    return false;
}

/* What "PATH|ENV", "DIR", "yaml|json" or "COMMAND" stand for: words in capitals are kinds. */
static void offer_meant(struct completion *c, str meant)
{
    str one;
    while (str_next_field(&meant, '|', &one)) {
        if (str_eq(one, S("PATH")) || str_eq(one, S("FILE")))
            buf_str(c->out, S(":files\n"));
        else if (str_eq(one, S("DIR")))
            buf_str(c->out, S(":folders\n"));
        else if (str_eq(one, S("COMMAND")))
            offer_commands(c, commands);
        else if (has_small_letter(one))
            offer(c, one, NULL);
    }
}

static void offer_operand(struct completion *c, const struct command *command, uint32_t at)
{
    if (command->children) {
        offer_commands(c, command->children);
        return;
    }
    str rest = str_from(command->operands), word = S("");
    bool repeats = false;
    for (uint32_t i = 0; i <= at; i++) {
        if (!str_next_field(&rest, ' ', &word) && !repeats)
            return;
        repeats = str_ends(word, S("..."));
    }
    offer_meant(c, str_trim_chars(str_trim_suffix(word, S("...")), S("[]")));
}

static void offer_row(const struct option *row, void *arg)
{
    struct completion *c = arg;
    char name[80];
    int n = snprintf(name, sizeof name, "--%s%s", row->name, option_takes_value(row) ? "=" : "");
    offer(c, (str){ name, (size_t)n }, row->help);
}

/* The row whose value the word before the last one leaves open; NULL when there is none. */
static const struct option *open_row(const struct parser *p)
{
    if (!p->line->len || p->operands_only)
        return NULL;
    str last = p->line->at[p->line->len - 1];
    const struct option *row = NULL;
    if (str_starts(last, S("--")) && !str_has_char(last, '='))
        row = option_named(p->sets, countof(p->sets), str_skip(last, 2));
    else if (str_starts(last, S("-")) && !str_starts(last, S("--")) && last.len > 1)
        row = option_lettered(p->sets, countof(p->sets), last.at[last.len - 1]);
    return row && option_takes_value(row) ? row : NULL;
}

static bool complete(struct context *cx, struct call *call)
{
    struct words line = call->operands;
    struct completion c = { .out = call->out, .word = S("") };
    if (line.len)
        c.word = line.at[--line.len];
    struct globals globals = { 0 };
    struct call there = { .called = "" };
    struct parser p = { .cx = cx, .line = &line };
    diag_mute(cx);
    bool open = command_line_walk(cx, &p, &cmd_hoist, &globals, &there);
    diag_unmute(cx);
    str name, value;
    const struct option *row = open ? NULL : open_row(&p);
    if (row) {
        offer_meant(&c, str_from(row->value));
    } else if (str_starts(c.word, S("--")) && str_cut(c.word, '=', &name, &value)
               && (row = option_named(p.sets, countof(p.sets), str_skip(name, 2)))) {
        c.before = str_slice(c.word, 0, name.len + 1);
        c.word = value;
        if (row->value)
            offer_meant(&c, str_from(row->value));
    } else if (str_starts(c.word, S("-")) && !p.operands_only) {
        options_each(p.sets[0].rows, offer_row, &c);
        options_each(p.sets[1].rows, offer_row, &c);
    } else {
        offer_operand(&c, there.command, there.operands.len);
    }
    return true;
}

const struct command cmd_complete = {
    .name = "complete",
    .operands = "[WORD]...",
    .run = complete,
};
