/* The name we were called by, global flags, the command, the exit status.
 *
 * 0 done, 1 the answer is no, 2 the command line or the input is wrong, 3 the surroundings
 * failed. Other programs' command lines know 0 and 1. */
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "render/base/diag_print.h"

struct program {
    const struct command *root;
    struct words line;
    struct globals globals;
    struct terminal terminal;
    struct call call;
    struct buf out;
};

static bool enter_folders(struct context *cx, const struct words *folders)
{
    for (uint32_t i = 0; i < folders->len; i++) {
        if (chdir(str_cstr(cx->arena, folders->at[i])) != 0)
            return report(cx, NOWHERE, "can't enter the folder '%.*s'", STR(folders->at[i]));
    }
    return true;
}

static void apply_globals(struct context *cx, const struct globals *g)
{
    cx->switches.offline = g->offline;
    cx->switches.strict = g->strict;
    cx->switches.verbose = g->verbose;
    if (g->timeout_ns)
        limits_timeout(&cx->limits, g->timeout_ns);
}

static bool run(struct context *cx, void *arg)
{
    struct program *p = arg;
    struct call *call = &p->call;
    bool read = command_line_read(cx, p->root, &p->line, &p->globals, call);
    p->terminal = terminal_find(p->globals.color);
    if (!read)
        return false;
    if (p->globals.help || !call->command->run) {
        help_print(call->out, call->command, call->called);
        return true;
    }
    apply_globals(cx, &p->globals);
    if (!p->globals.quiet && !p->globals.json)
        progress_begin(cx);
    return enter_folders(cx, &p->globals.folders) && call->command->run(cx, call);
}

static bool print(struct context *cx, void *arg)
{
    struct program *p = arg;
    return output_write(cx, buf_view(&p->out));
}

static int exit_status(const struct context *cx, const struct program *p, bool ok)
{
    /* An answer was found and said, whatever else could not be found out. */
    if (ok && p->call.answer_is_no)
        return 1;
    int status = diag_exit_status(cx);
    if (status == 0 && !ok)
        status = 1;
    return status > 1 && p->call.command && p->call.command->foreign ? 1 : status;
}

/* What --verbose adds: how much was read, and what it took. */
static void say_effort(const struct context *cx, struct buf *err)
{
    struct timespec cpu;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    double ms = (double)cpu.tv_sec * 1e3 + (double)cpu.tv_nsec / 1e6;
    size_t memory = arena_used(cx->arena) + arena_used(cx->scratch);
    buf_format(err,
               "note: %u texts read, %llu steps, %zu KiB of memory, %.1f ms of processor time\n",
               cx->text_count ? cx->text_count - 1 : 0,
               (unsigned long long)cx->limits.used[LIMIT_STEPS], memory >> 10, ms);
}

static void say(struct context *cx, const struct program *p)
{
    struct buf err;
    buf_init_fd(&err, cx->arena, STDERR_FILENO);
    buf_str(&err, p->call.model_said);
    if (p->call.model_error.len && !p->globals.json)
        buf_format(&err, "Error: %.*s\n", STR(p->call.model_error));
    diag_print(cx, &err,
               (struct diag_style){
                   .color = p->terminal.color_err,
                   .json = p->globals.json,
                   .no_warnings = p->globals.quiet,
               });
    if (p->globals.verbose && !p->globals.quiet && !p->globals.json)
        say_effort(cx, &err);
    buf_finish(&err);
}

int main(int argc, char **argv)
{
    output_begin();
    struct context *cx = context_new(&(struct context_options){
        .timezone = getenv("TZ"),
        .home = getenv("HOME"),
        .now = time(NULL),
    });
    if (!cx)
        return 3;
    struct program p = { .root = command_called(argc ? str_from(argv[0]) : S("hoist")) };
    p.call.called = p.root->name;
    buf_init(&p.out, cx->arena, 0);
    p.call.out = &p.out;
    p.call.globals = &p.globals;
    p.call.terminal = &p.terminal;
    for (int i = 1; i < argc; i++)
        words_add(cx->arena, &p.line, str_from(argv[i]));
    bool ok = context_run(cx, run, &p);
    if (ok || p.call.print_anyway)
        ok = context_run(cx, print, &p) && ok;
    say(cx, &p);
    int status = exit_status(cx, &p, ok);
    context_free(cx);
    return status;
}
