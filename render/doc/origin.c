/* The stack of steps that is at work. */
#include "render/doc/origin.h"

#include "render/doc/node.h"

enum { COPIES_DEEP = 8 };

struct step *step_new(struct context *cx, str name, struct pos pos)
{
    struct step *s = arena_alloc(cx->arena, sizeof *s);
    *s = (struct step){ name, pos, cx->step, NULL };
    return s;
}

struct step *step_enter(struct context *cx, str name, struct pos pos)
{
    struct step *s = step_new(cx, name, pos);
    cx->step = s;
    return s;
}

struct step *step_enter_entry(struct context *cx, struct pos pos)
{
    return step_enter(cx, cx->step ? cx->step->name : S(""), pos);
}

void step_leave(struct context *cx)
{
    cx->step = cx->step->outer;
}

const struct step *step_switch(struct context *cx, const struct step *s)
{
    const struct step *before = cx->step;
    cx->step = s;
    return before;
}

bool step_reads(const struct step *s)
{
    return str_eq(s->name, KEY(RESOURCES)->text) || str_eq(s->name, KEY(COMPONENTS)->text);
}

/* A step that changes a part of a scalar leaves it where it was. */
static bool says_itself(const struct node *n)
{
    const struct node *was = node_was(n);
    return n->pos.text
           && !(was && was->pos.text == n->pos.text && was->pos.offset == n->pos.offset);
}

struct pos origin_of(const struct node *n, str *step)
{
    const struct step *s = node_maker(n);
    *step = s && !step_reads(s) ? s->name : S("");
    for (int i = 0; i < COPIES_DEEP && s && s->source; i++) {
        n = s->source;
        s = node_maker(n);
    }
    return !s || says_itself(n) ? n->pos : s->pos;
}
