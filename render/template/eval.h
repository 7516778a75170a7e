/* Running a template: what the functions that run others need. */
#ifndef HOIST_TEMPLATE_EVAL_H
#define HOIST_TEMPLATE_EVAL_H

#include "render/template/failure.h"
#include "render/template/parse.h"
#include "render/template/template.h"

/* Shared by a set and the sets that tpl lays over it. */
struct template_engine {
    struct context *cx;
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
    const char *stack; /* where the execution began on the C stack */
    const struct failure *failure;
    uint32_t frames; /* templates left since the failure */
};

struct pieces {
    struct text_piece *at;
    uint32_t len;
    uint32_t cap;
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

const struct template *template_find(const struct template_set *set, str name);

/* Runs a template into `out`. False after a report; engine->failure is what Go says. */
bool run_template(struct run *outer, const struct template *t, struct value dot, struct buf *out);

/* After a report: "included here as NAME", for the nearest few. */
void run_note_frame(struct run *r, struct pos at, str name);

/* What `include` and `tpl` answer. */
struct value run_include(struct call *c, str name, struct value dot);
struct value run_tpl(struct call *c, str text, struct value dot);

#endif
