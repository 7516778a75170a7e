/* The one place that begins, ends and rescues a render. */
#include "render/base/context.h"

#include <stdlib.h>

enum { ROOM_TO_SAY = 1 << 20 }; /* that the memory is used up */

static void out_of_memory(void *who)
{
    struct context *cx = who;
    cx->stopped_at = diag_here(cx);
    cx->where = NULL; /* what it would look at is gone after the jump */
    if (cx->out_of_memory)
        longjmp(*cx->out_of_memory, 1);
    abort();
}

struct context *context_new(const struct context_options *options)
{
    struct context *cx = calloc(1, sizeof *cx);
    if (!cx)
        return NULL;
    cx->memory = options->memory ? options->memory : (size_t)4 << 30;
    cx->arena = arena_new(cx->memory, out_of_memory, cx);
    cx->scratch = arena_new(cx->memory, out_of_memory, cx);
    cx->brief = arena_new(cx->memory, out_of_memory, cx);
    cx->lasting = cx->arena;
    if (!cx->arena || !cx->scratch || !cx->brief) {
        context_free(cx);
        return NULL;
    }
    cx->keys = intern_new(cx->arena);
    limits_default(&cx->limits);
    if (options->timeout_ns)
        limits_timeout(&cx->limits, options->timeout_ns);
    cx->home = options->home;
    cx->timezone = options->timezone;
    cx->now = options->now;
    return cx;
}

void context_free(struct context *cx)
{
    if (!cx)
        return;
    arena_free(cx->brief);
    arena_free(cx->scratch);
    arena_free(cx->lasting);
    free(cx);
}

bool context_run(struct context *cx, bool (*work)(struct context *cx, void *arg), void *arg)
{
    jmp_buf here;
    jmp_buf *outer = cx->out_of_memory;
    if (setjmp(here)) {
        cx->out_of_memory = outer;
        cx->arena = cx->lasting;
        arena_widen(cx->arena, cx->memory);
        arena_raise(cx->arena, ROOM_TO_SAY);
        arena_raise(cx->scratch, ROOM_TO_SAY);
        cx->diags.frame = NULL;
        return report(cx, cx->stopped_at,
                      "more than %zu MiB of memory: this limit stops what would not end",
                      (cx->allowed ? cx->allowed : cx->memory) >> 20);
    }
    cx->out_of_memory = &here;
    if (!arena_used(cx->brief))
        arena_alloc(cx->brief, 1); /* so that its first chunk stays when it is rewound */
    bool ok = work(cx, arg);
    cx->out_of_memory = outer;
    return ok;
}
