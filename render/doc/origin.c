/* The stack of steps that is at work. */
#include "render/doc/origin.h"

const struct step *step_enter(struct context *cx, str name, struct pos pos)
{
    struct step *s = arena_alloc(cx->arena, sizeof *s);
    *s = (struct step){ name, pos, cx->step };
    cx->step = s;
    return s;
}

void step_leave(struct context *cx)
{
    cx->step = cx->step->outer;
}
