/* One execution of a template: its state, how it fails, what stops it. */
#ifndef HOIST_TEMPLATE_RUN_H
#define HOIST_TEMPLATE_RUN_H

#include "render/template/failure.h"
#include "render/template/parse.h"
#include "render/template/template.h"
#include "render/template/watch.h"

struct pieces {
    struct text_piece *at;
    uint32_t len;
    uint32_t cap;
};

/* Shared by a set and the sets that tpl lays over it. */
struct template_engine {
    struct context *cx;
    struct buf out; /* of an execution, kept for the next one */
    struct pieces pieces;
    struct template_options options;
    struct map functions; /* name to struct func */
    struct map tpl_texts; /* text to struct parsed */
    struct map zones;     /* name to struct zone */
    struct map regexes;   /* pattern to struct regex */
    struct map chances;   /* file and function to the count of random values taken there */
    struct buf **buffers; /* one for each include that is under way */
    uint32_t buffer_count;
    uint32_t buffer_cap;
    uint32_t buffers_used;
    uint32_t ticks;
    const char *stack;         /* where the execution began on the C stack */
    const struct run *running; /* the innermost execution */
    const struct failure *failure;
    uint32_t frames; /* templates left since the failure */
};

/* One execution of one template. */
struct run {
    struct context *cx;
    struct template_engine *engine;
    const struct template_set *set;
    const struct template *template;
    struct buf *out;
    struct pieces *pieces; /* NULL: not noted */
    struct value *vars;
    const struct ast *at; /* what a message would be about */
    bool failed;
    uint8_t jump; /* enum ast_kind: AST_BREAK or AST_CONTINUE on its way to the range */
};

static inline struct watch *run_watch(const struct run *r)
{
    return r->engine->options.watch;
}

/* Where a render is watched, what has run is told from what has not. */
static inline void run_note(const struct run *r, const struct ast *node)
{
    if (run_watch(r))
        ((struct ast *)node)->ran = true;
}

struct pos run_place(const struct run *r, const struct ast *node);

/* Fails with Go's message about the node at hand, which the user reads as well. NIL. */
struct value run_fail(struct run *r, const char *format, ...) PRINTF_LIKE(2, 3);
/* Go's message, and in plainer words what the user reads: "WHAT has no field 'FIELD'". */
struct value run_fail_field(struct run *r, const struct ast_path *path, str message,
                            const char *what, str field);
/* A call that failed, and why. */
struct value run_fail_call(struct run *r, const struct call *c, str name);
/* Something else reported it, and Go knows no such failure. False. */
bool run_stop(struct run *r);
/* After a report: "included here as NAME", for the nearest few. */
void run_note_frame(struct run *r, struct pos at, str name);

/* A pipeline costs as much as so many steps of a regular expression. */
enum { TICKS_TOGETHER = 1024, STEPS_OF_A_TICK = 4 };

bool run_tick_slowly(struct run *r);

/* One step; false after a report when a limit is reached. */
static inline bool run_tick(struct run *r)
{
    if (++r->engine->ticks % TICKS_TOGETHER || run_tick_slowly(r))
        return true;
    return run_stop(r);
}

/* Is there room to go deeper, with some bytes to spare? If not, run_too_deep() says so. */
bool run_stack_left(const struct run *r, ptrdiff_t spare);
bool run_too_deep(struct run *r);

#endif
