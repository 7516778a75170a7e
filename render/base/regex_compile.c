/* From the tree to a program for a machine of instructions.
 *
 * It is built from its end: a node is compiled given what follows it, and answers where it begins.
 * Of two ways to go on, `next` is preferred. A starred part that can be empty becomes (x+)?, so
 * that an empty round is not preferred to leaving: (|a)* on "aa" matches nothing at all. */
#include "render/base/regex_parts.h"

#include "render/base/buf.h"
#include "render/base/unicode.h"

struct compiler {
    struct arena *arena;
    struct re_inst *program;
    uint32_t len;
    uint32_t cap;
    struct re_set *sets;
    uint32_t set_count;
    uint32_t set_cap;
};

static uint32_t emit(struct compiler *c, enum re_op op, uint32_t next, uint32_t arg)
{
    ARENA_PUSH(c->arena, c->program, c->len, c->cap);
    c->program[c->len] = (struct re_inst){ op, next, arg };
    return c->len++;
}

static bool can_be_empty(const struct re_node *n)
{
    switch (n->kind) {
    case RE_EMPTY:
    case RE_ASSERT:
        return true;
    case RE_SET:
        return false;
    case RE_GROUP:
        return can_be_empty(n->parts[0]);
    case RE_REPEAT:
        return n->min == 0 || can_be_empty(n->parts[0]);
    case RE_CONCAT:
        for (uint32_t i = 0; i < n->len; i++) {
            if (!can_be_empty(n->parts[i]))
                return false;
        }
        return true;
    case RE_ALTERNATE:
        for (uint32_t i = 0; i < n->len; i++) {
            if (can_be_empty(n->parts[i]))
                return true;
        }
        return false;
    }
    return false;
}

static uint32_t compile_set(struct compiler *c, const struct re_node *n, uint32_t next)
{
    if (n->len == 0)
        return emit(c, OP_FAIL, 0, 0);
    if (n->len == 1 && n->ranges[0].first == n->ranges[0].last)
        return emit(c, OP_RUNE, next, n->ranges[0].first);
    struct re_set set = { n->ranges, n->len, { 0 } };
    for (uint32_t i = 0; i < n->len && n->ranges[i].first < 128; i++) {
        for (uint32_t r = n->ranges[i].first; r <= n->ranges[i].last && r < 128; r++)
            set.ascii[r / 64] |= (uint64_t)1 << r % 64;
    }
    ARENA_PUSH(c->arena, c->sets, c->set_count, c->set_cap);
    c->sets[c->set_count] = set;
    return emit(c, OP_SET, next, c->set_count++);
}

static uint32_t compile_node(struct compiler *c, const struct re_node *n, uint32_t next);

/* A split, one of whose ways leads into the part, the other past it. */
static uint32_t emit_split(struct compiler *c, uint32_t in, uint32_t past, bool lazy)
{
    return lazy ? emit(c, OP_SPLIT, past, in) : emit(c, OP_SPLIT, in, past);
}

/* x+ : the answer is where x begins; *again is the split behind it. */
static uint32_t compile_plus(struct compiler *c, const struct re_node *n, uint32_t next,
                             uint32_t *again)
{
    *again = emit_split(c, 0, next, n->lazy);
    uint32_t in = compile_node(c, n->parts[0], *again);
    *(n->lazy ? &c->program[*again].arg : &c->program[*again].next) = in;
    return in;
}

static uint32_t compile_repeat(struct compiler *c, const struct re_node *n, uint32_t next)
{
    const struct re_node *part = n->parts[0];
    uint32_t at = next, again;
    int copies = n->min;
    if (part->kind == RE_EMPTY)
        return next;
    if (n->max < 0) {
        at = compile_plus(c, n, next, &again);
        if (n->min == 0)
            return can_be_empty(part) ? emit_split(c, at, next, n->lazy) : again;
        copies--;
    }
    for (int i = n->min; i < n->max; i++) /* x(x(x)?)? from inside */
        at = emit_split(c, compile_node(c, part, at), next, n->lazy);
    for (int i = 0; i < copies; i++)
        at = compile_node(c, part, at);
    return at;
}

static uint32_t compile_alternate(struct compiler *c, const struct re_node *n, uint32_t next)
{
    uint32_t at = compile_node(c, n->parts[n->len - 1], next);
    for (uint32_t i = n->len - 1; i-- > 0;)
        at = emit(c, OP_SPLIT, compile_node(c, n->parts[i], next), at);
    return at;
}

static uint32_t compile_node(struct compiler *c, const struct re_node *n, uint32_t next)
{
    switch (n->kind) {
    case RE_EMPTY:
        break;
    case RE_SET:
        return compile_set(c, n, next);
    case RE_ASSERT:
        return emit(c, OP_ASSERT, next, n->place);
    case RE_GROUP:
        next = emit(c, OP_SAVE, next, 2 * (uint32_t)n->min + 1);
        next = compile_node(c, n->parts[0], next);
        return emit(c, OP_SAVE, next, 2 * (uint32_t)n->min);
    case RE_REPEAT:
        return compile_repeat(c, n, next);
    case RE_CONCAT:
        for (uint32_t i = n->len; i-- > 0;)
            next = compile_node(c, n->parts[i], next);
        break;
    case RE_ALTERNATE:
        return compile_alternate(c, n, next);
    }
    return next;
}

/* The text that every match begins with, and whether it is all there is. Nothing leads back to
 * an instruction that has no choice before it, so these run once. */
static void find_prefix(struct arena *a, struct regex *re)
{
    struct buf b;
    buf_init(&b, a, 16);
    uint32_t at = re->start;
    const struct re_inst *inst = &re->program[at];
    for (; inst->op == OP_ASSERT && inst->arg == PLACE_TEXT_BEGIN; inst = &re->program[inst->next])
        re->from_begin = true;
    /* A U+FFFD in the pattern also matches bytes that are none. */
    for (; inst->op == OP_RUNE && inst->arg != 0xFFFD; inst = &re->program[inst->next])
        buf_rune(&b, inst->arg);
    for (; inst->op == OP_ASSERT && inst->arg == PLACE_TEXT_END; inst = &re->program[inst->next])
        re->to_end = true;
    re->is_literal = inst->op == OP_MATCH && re->groups == 0;
    re->prefix = buf_take(&b);
}

void re_compile(struct arena *a, const struct re_tree *tree, struct regex *out)
{
    struct compiler c = { .arena = a };
    uint32_t end = emit(&c, OP_MATCH, 0, 0);
    out->start = compile_node(&c, tree->root, end);
    out->program = c.program;
    out->program_len = c.len;
    out->sets = c.sets;
    out->set_count = c.set_count;
    out->names = tree->names;
    out->groups = tree->groups;
    find_prefix(a, out);
}
