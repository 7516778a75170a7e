/* The stack of steps that is at work. */
#include "render/doc/origin.h"

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
