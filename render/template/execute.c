/* Statements: text, actions, branches, loops and calls of templates. */
#include "render/base/quote.h"
#include "render/template/eval.h"
#include "render/template/print.h"

enum {
    FEW_VARIABLES = 8,
    SPARE_BYTES = 64 << 10,
};

static void run_list(struct run *r, struct value dot, struct ast_list list);

static void note_piece(struct run *r, const struct ast *node)
{
    struct pieces *p = r->pieces;
    if (!p)
        return;
    ARENA_PUSH(r->cx->arena, p->at, p->len, p->cap);
    if (p->len && p->at[p->len - 1].offset == r->out->len)
        p->len--;
    p->at[p->len++] = (struct text_piece){
        .offset = (uint32_t)r->out->len,
        .from = run_place(r, node),
        .verbatim = node->kind == AST_TEXT,
    };
}

static void endless(struct run *r)
{
    r->out->error = 0;
    report(r->cx, run_place(r, r->at), "this value does not end: something holds itself");
    run_stop(r);
}

static void run_action(struct run *r, struct value dot, const struct ast_branch *action)
{
    r->at = &action->head;
    struct value v = eval_pipe(r, dot, action->pipe);
    if (r->failed || action->pipe->target_count)
        return;
    note_piece(r, &action->head);
    if (run_watch(r))
        watch_print(run_watch(r), v, run_place(r, &action->head));
    if (v.kind == VALUE_STRING)
        buf_str(r->out, value_str(v));
    else
        print_action(r->out, v);
    if (r->out->error)
        endless(r);
}

static void run_branch(struct run *r, struct value dot, const struct ast_branch *b)
{
    struct value v = eval_pipe(r, dot, b->pipe);
    if (r->failed)
        return;
    if (value_true(v))
        run_list(r, b->head.kind == AST_WITH ? v : dot, b->body);
    else
        run_list(r, dot, b->otherwise);
}

/* Sets the loop's variables: of two, the first is the index. False when the loop is over. */
static bool run_round(struct run *r, const struct ast_branch *loop, struct value index,
                      struct value item)
{
    const struct ast_pipe *p = loop->pipe;
    if (p->target_count == 1)
        r->vars[p->targets[0].slot] = item;
    if (p->target_count == 2) {
        r->vars[p->targets[0].slot] = index;
        r->vars[p->targets[1].slot] = item;
    }
    if (!run_tick(r))
        return false;
    run_list(r, item, loop->body);
    bool over = r->jump == AST_BREAK;
    r->jump = 0;
    return !over && !r->failed;
}

static void run_over_list(struct run *r, const struct ast_branch *loop, struct value list)
{
    for (uint32_t i = 0; i < list.len; i++) {
        struct value item = list.items[i];
        item.boxed = list.type == TYPE_ANY;
        if (!run_round(r, loop, value_int(i), item))
            return;
    }
}

static void run_over_bytes(struct run *r, const struct ast_branch *loop, struct value bytes)
{
    for (uint32_t i = 0; i < bytes.len; i++) {
        struct value item = { .kind = VALUE_UINT8, .u = (unsigned char)bytes.at[i] };
        if (!run_round(r, loop, value_int(i), item))
            return;
    }
}

/* Over a copy: the body may change the map. */
static void run_over_map(struct run *r, const struct ast_branch *loop, struct value map)
{
    uint32_t len = map.dict->len;
    const struct dict_entry *entries =
        arena_copy(r->cx->arena, dict_sorted(map.dict), len * sizeof *entries);
    for (uint32_t i = 0; i < len; i++) {
        struct value item = entries[i].value;
        if (run_watch(r))
            watch_read(run_watch(r), map.dict, entries[i].key, &entries[i]);
        item.boxed = map.type != TYPE_STRINGS;
        if (!run_round(r, loop, value_string(entries[i].key->text), item))
            return;
    }
}

static void run_over_int(struct run *r, const struct ast_branch *loop, struct value end)
{
    for (int64_t i = 0; i < end.i; i++) {
        struct value item = end;
        item.i = i;
        if (!run_round(r, loop, item, item))
            return;
    }
}

static void cannot_range(struct run *r, const char *format, struct value v)
{
    str text = print_text(r->cx->arena, v);
    run_fail(r, format, STR(text));
}

static void run_range(struct run *r, struct value dot, const struct ast_branch *loop)
{
    r->at = &loop->head;
    struct value whole = eval_pipe(r, dot, loop->pipe);
    struct value v = value_plain(whole);
    if (r->failed)
        return;
    bool fixed = v.kind == VALUE_MAP && v.dict && v.dict->fixed;
    if (value_is_int(v) && loop->pipe->target_count > 1)
        cannot_range(r, "can't use %.*s to iterate over more than one variable", whole);
    else if (value_is_int(v) && v.i > 0)
        run_over_int(r, loop, v);
    else if (v.kind == VALUE_LIST && v.len)
        run_over_list(r, loop, v);
    else if (v.kind == VALUE_BYTES && v.len)
        run_over_bytes(r, loop, v);
    else if (v.kind == VALUE_MAP && v.dict && v.dict->len && !fixed)
        run_over_map(r, loop, v);
    else if (whole.kind == VALUE_NIL || value_is_int(v) || v.kind == VALUE_LIST
             || v.kind == VALUE_BYTES || (v.kind == VALUE_MAP && !fixed))
        run_list(r, dot, loop->otherwise);
    else
        cannot_range(r, "range can't iterate over %.*s", whole);
}

static void run_call(struct run *r, struct value dot, const struct ast_template *t)
{
    r->at = &t->head;
    const struct template *called = template_find(r->set, t->name);
    if (!called) {
        str name = quoted(r->cx->arena, t->name);
        run_fail(r, "template %.*s not defined", STR(name));
        return;
    }
    if (!template_ready(r->set, called)) {
        r->failed = true;
        return;
    }
    /* Go counts to here; a recursion that gets as far as we do would not end. */
    if (!run_stack_left(r, SPARE_BYTES)) {
        run_fail(r, "exceeded maximum template depth (100000)");
        return;
    }
    struct value v = t->pipe ? eval_pipe(r, dot, t->pipe) : NIL;
    if (r->failed || run_template(r, called, v, r->out))
        return;
    r->failed = true;
    run_note_frame(r, run_place(r, &t->head), called->name);
}

static void run_node(struct run *r, struct value dot, const struct ast *node)
{
    run_note(r, node);
    switch ((enum ast_kind)node->kind) {
    case AST_TEXT:
        note_piece(r, node);
        buf_str(r->out, ((const struct ast_text *)node)->text);
        break;
    case AST_ACTION:
        run_action(r, dot, (const struct ast_branch *)node);
        break;
    case AST_IF:
    case AST_WITH:
        run_branch(r, dot, (const struct ast_branch *)node);
        break;
    case AST_RANGE:
        run_range(r, dot, (const struct ast_branch *)node);
        break;
    case AST_TEMPLATE:
        run_call(r, dot, (const struct ast_template *)node);
        break;
    default: /* AST_BREAK, AST_CONTINUE */
        r->jump = node->kind;
        break;
    }
}

static void run_list(struct run *r, struct value dot, struct ast_list list)
{
    for (uint32_t i = 0; i < list.len && !r->failed && !r->jump; i++)
        run_node(r, dot, list.nodes[i]);
}

bool run_template(struct run *outer, const struct template *t, struct value dot, struct buf *out)
{
    struct value few[FEW_VARIABLES];
    struct mark before = arena_mark(outer->cx->scratch);
    struct run r = *outer;
    if (!run_stack_left(&r, 0))
        return run_too_deep(&r);
    r.template = t;
    r.out = out;
    r.pieces = out == outer->out ? outer->pieces : NULL;
    r.vars = t->slots <= FEW_VARIABLES
                 ? few
                 : arena_alloc(r.cx->scratch, arena_array(t->slots, sizeof *r.vars));
    for (uint32_t i = 0; i < t->slots; i++)
        r.vars[i] = NIL;
    r.vars[0] = dot;
    r.jump = 0;
    r.engine->running = &r;
    run_list(&r, dot, t->body);
    r.engine->running = outer;
    arena_rewind(outer->cx->scratch, before);
    return !r.failed;
}
