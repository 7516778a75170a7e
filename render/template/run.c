/* How an execution fails: Go's sentence for those who know it, a report for the user. */
#include "render/template/run.h"

#include "render/base/quote.h"

enum {
    STACK_BYTES = 4 << 20, /* of the usual 8 MiB */
    FRAMES_NOTED = 10,
};

struct pos run_place(const struct run *r, const struct ast *node)
{
    return (struct pos){ r->template->text->id, node->at };
}

/* Go's sentence around a message: where, in which template, at which node. */
static str sentence(const struct run *r, str message)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 128 + message.len);
    str before = str_slice(r->template->text->bytes, 0, r->at->at);
    ptrdiff_t line = str_find_last(before, '\n');
    unsigned lines = 1;
    for (size_t i = 0; i < before.len; i++)
        lines += before.at[i] == '\n';
    buf_format(&b, "template: %.*s:%u:%zu: executing ", STR(r->template->parsed_as), lines,
               before.len - (size_t)(line + 1));
    quote(&b, r->template->name);
    buf_str(&b, S(" at <"));
    ast_print(&b, r->at);
    buf_str(&b, S(">: "));
    buf_str(&b, message);
    return buf_take(&b);
}

static const struct failure *failure_new(const struct run *r, str message,
                                         const struct failure *inner, bool foreign)
{
    struct failure *f = NEW(r->cx->arena, struct failure);
    *f = (struct failure){ sentence(r, message), false, foreign, inner };
    return f;
}

struct value run_fail(struct run *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str message = str_vformat(r->cx->arena, format, args);
    va_end(args);
    r->failed = true;
    r->engine->frames = 0;
    r->engine->failure = failure_new(r, message, NULL, false);
    report(r->cx, run_place(r, r->at), "%.*s", STR(message));
    return NIL;
}

/* Go's message, and in plainer words what the user reads. */
struct value run_fail_field(struct run *r, const struct ast_path *path, str message,
                            const char *what, str field)
{
    r->failed = true;
    r->engine->frames = 0;
    r->engine->failure = failure_new(r, message, NULL, false);
    report(r->cx, (struct pos){ r->template->text->id, path->from }, "%s has no field '%.*s'", what,
           STR(field));
    return NIL;
}

void run_note_frame(struct run *r, struct pos at, str name)
{
    if (r->engine->frames++ < FRAMES_NOTED)
        note(r->cx, at, "included here as '%.*s'", STR(name));
}

/* Something else reported it, and Go knows no such failure. */
bool run_stop(struct run *r)
{
    r->failed = true;
    r->engine->failure = NULL;
    return false;
}

struct value run_fail_call(struct run *r, const struct call *c, str name)
{
    bool passed_on = c->reported && !c->error.at;
    const struct failure *inner = passed_on ? r->engine->failure : NULL;
    if (passed_on && !inner) {
        run_stop(r);
        return NIL;
    }
    r->failed = true;
    str message = str_format(r->cx->arena,
                             c->said && !r->engine->options.bare
                                 ? "error calling %.*s: HELM_ERR_START%.*sHELM_ERR_END"
                                 : "error calling %.*s: %.*s",
                             STR(name), STR(c->error));
    r->engine->failure = failure_new(r, message, inner, !inner);
    if (!inner)
        r->engine->frames = 0;
    if (c->said)
        report(r->cx, run_place(r, r->at), "%.*s", STR(c->error));
    else if (!c->reported)
        report(r->cx, run_place(r, r->at), "%.*s: %.*s", STR(name), STR(c->error));
    return NIL;
}

/* Now and then, looks whether a limit has been reached. */
bool run_tick_slowly(struct run *r)
{
    return limit_count(r->cx, LIMIT_STEPS, TICKS_TOGETHER * STEPS_OF_A_TICK, run_place(r, r->at))
           && (r->out->len <= r->cx->limits.max[LIMIT_OUTPUT]
               || limit_count(r->cx, LIMIT_OUTPUT, r->out->len, run_place(r, r->at)));
}

bool run_stack_left(const struct run *r, ptrdiff_t spare)
{
    const char *here = __builtin_frame_address(0);
    ptrdiff_t used = r->engine->stack - here;
    return used + spare < STACK_BYTES && used - spare > -STACK_BYTES;
}

bool run_too_deep(struct run *r)
{
    report(r->cx, r->at ? run_place(r, r->at) : NOWHERE,
           "templates call each other too deeply: this limit stops what would not end");
    r->engine->frames = 0;
    return run_stop(r);
}
