/* Collects what went wrong; nothing is printed here. */
#include "render/base/diag.h"

#include "render/base/context.h"

static void add(struct context *cx, enum diag_kind kind, enum diag_class class_, struct pos pos,
                str message)
{
    struct diag *d = NEW(cx->arena, struct diag);
    *d = (struct diag){ kind, class_, pos, message, S(""), NULL };
    if (cx->diags.last)
        cx->diags.last->next = d;
    else
        cx->diags.first = d;
    cx->diags.last = d;
}

/* All of few frames; of many the nearest, and those that the user named himself. */
static void add_frames(struct context *cx)
{
    enum { NEAREST = 12, OUTERMOST = 4 };
    uint32_t all = 0, at = 0;
    for (const struct diag_frame *f = cx->diags.frame; f; f = f->outer)
        all++;
    for (const struct diag_frame *f = cx->diags.frame; f; f = f->outer, at++) {
        bool middle = at >= NEAREST && at + OUTERMOST < all;
        if (!middle)
            add(cx, DIAG_NOTE, DIAG_INPUT, f->pos, f->what);
        else if (at == NEAREST)
            add(cx, DIAG_NOTE, DIAG_INPUT, NOWHERE,
                str_format(cx->arena, "in %u more", all - NEAREST - OUTERMOST));
    }
}

static bool fail(struct context *cx, enum diag_class class_, struct pos pos, const char *format,
                 va_list args)
{
    cx->diags.errors++;
    if (cx->diags.muted)
        return false;
    add(cx, DIAG_ERROR, class_, pos, str_vformat(cx->arena, format, args));
    add_frames(cx);
    return false;
}

#define FAIL(class_)                                                                               \
    do {                                                                                           \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        fail(cx, class_, pos, format, args);                                                       \
        va_end(args);                                                                              \
        return false;                                                                              \
    } while (0)

bool report(struct context *cx, struct pos pos, const char *format, ...)
{
    FAIL(DIAG_INPUT);
}

bool report_as(struct context *cx, struct pos pos, str model, const char *format, ...)
{
    struct diag *before = cx->diags.last;
    va_list args;
    va_start(args, format);
    fail(cx, DIAG_INPUT, pos, format, args);
    va_end(args);
    struct diag *said = before ? before->next : cx->diags.first;
    if (!cx->diags.muted)
        said->model = model;
    return false;
}

bool report_refused(struct context *cx, struct pos pos, const char *format, ...)
{
    FAIL(DIAG_REFUSED);
}

bool report_surroundings(struct context *cx, struct pos pos, const char *format, ...)
{
    FAIL(DIAG_SURROUNDINGS);
}

bool report_class(struct context *cx, enum diag_class class_, struct pos pos, const char *format,
                  ...)
{
    FAIL(class_);
}

#define SAY(kind)                                                                                  \
    do {                                                                                           \
        if (cx->diags.muted)                                                                       \
            return;                                                                                \
        va_list args;                                                                              \
        va_start(args, format);                                                                    \
        add(cx, kind, DIAG_INPUT, pos, str_vformat(cx->arena, format, args));                      \
        va_end(args);                                                                              \
    } while (0)

void warn(struct context *cx, struct pos pos, const char *format, ...)
{
    cx->diags.warnings++;
    SAY(DIAG_WARNING);
}

void note(struct context *cx, struct pos pos, const char *format, ...)
{
    SAY(DIAG_NOTE);
}

void hint(struct context *cx, struct pos pos, const char *format, ...)
{
    SAY(DIAG_HINT);
}

void diag_enter(struct context *cx, struct pos pos, const char *what)
{
    struct diag_frame *f = arena_alloc(cx->arena, sizeof *f);
    *f = (struct diag_frame){ pos, str_from(what), cx->diags.frame };
    cx->diags.frame = f;
}

void diag_leave(struct context *cx)
{
    cx->diags.frame = cx->diags.frame->outer;
}

struct pos diag_here(const struct context *cx)
{
    const struct diag_frame *f = cx->diags.frame;
    struct pos at = cx->where ? cx->where(cx->who) : NOWHERE;
    if (at.text)
        return at;
    while (f && !f->pos.text)
        f = f->outer;
    return f ? f->pos : NOWHERE;
}

void diag_mute(struct context *cx)
{
    cx->diags.muted++;
}

void diag_unmute(struct context *cx)
{
    cx->diags.muted--;
}

const struct diag *diag_take_back(struct context *cx, struct diags before)
{
    const struct diag *first = before.last ? before.last->next : cx->diags.first;
    cx->diags = before;
    if (before.last)
        before.last->next = NULL;
    return first;
}

const struct diag *diag_first(const struct context *cx)
{
    const struct diag *d = cx->diags.first;
    while (d && d->kind != DIAG_ERROR)
        d = d->next;
    return d;
}

str diag_sentence(const struct context *cx, str words)
{
    const struct diag *d = diag_first(cx);
    if (!d)
        return S("");
    if (!words.len)
        words = d->message;
    for (d = d->next; d && d->kind == DIAG_NOTE; d = d->next)
        words = str_format(cx->arena, "%.*s: %.*s", STR(d->message), STR(words));
    return words;
}

bool diag_failed(const struct context *cx)
{
    for (const struct diag *d = cx->diags.first; d; d = d->next) {
        if (d->kind == DIAG_ERROR)
            return true;
    }
    return false;
}

int diag_exit_status(const struct context *cx)
{
    static const int status[] = { [DIAG_INPUT] = 2, [DIAG_REFUSED] = 1, [DIAG_SURROUNDINGS] = 3 };
    int worst = 0;
    for (const struct diag *d = cx->diags.first; d; d = d->next) {
        if (d->kind == DIAG_ERROR && status[d->class_] > worst)
            worst = status[d->class_];
    }
    return worst;
}
