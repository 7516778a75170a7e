/* Diagnostics: errors, warnings, notes and hints, each at the user's bytes.
 *
 * Whoever notices a mistake reports it, once; a false or NULL result has been
 * reported already. Frames say on the way down what is being read for whom.
 * The class of the worst error decides the exit status. */
#ifndef HOIST_BASE_DIAG_H
#define HOIST_BASE_DIAG_H

#include "render/base/text.h"

struct context;
struct buf;

enum diag_kind { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE, DIAG_HINT };

/* Why something is an error: the exit statuses 2, 1 and 3 of the program. */
enum diag_class { DIAG_INPUT, DIAG_REFUSED, DIAG_SURROUNDINGS };

struct diag {
    enum diag_kind kind;
    enum diag_class class_;
    struct pos pos;
    str message;
    str model; /* what the model tool says where it is not told by the message; mostly empty */
    struct diag *next;
};

struct diag_frame {
    struct pos pos;
    str what;
    struct diag_frame *outer;
};

struct diags {
    struct diag *first;
    struct diag *last;
    struct diag_frame *frame;
    uint32_t errors;
    uint32_t warnings;
    uint32_t muted; /* above zero: nothing is recorded */
};

/* An error in the input (exit status 2). Always false, to be returned. */
bool report(struct context *cx, struct pos pos, const char *format, ...) PRINTF_LIKE(3, 4);
/* The same, where the model tool's own words need more than the message tells. */
bool report_as(struct context *cx, struct pos pos, str model, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* A refusal (exit status 1) and a failure of the surroundings (exit status 3). */
bool report_refused(struct context *cx, struct pos pos, const char *format, ...) PRINTF_LIKE(3, 4);
bool report_surroundings(struct context *cx, struct pos pos, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool report_class(struct context *cx, enum diag_class class_, struct pos pos, const char *format,
                  ...) PRINTF_LIKE(4, 5);

void warn(struct context *cx, struct pos pos, const char *format, ...) PRINTF_LIKE(3, 4);
/* About the error or warning just made: where else to look, and the way out. */
void note(struct context *cx, struct pos pos, const char *format, ...) PRINTF_LIKE(3, 4);
void hint(struct context *cx, struct pos pos, const char *format, ...) PRINTF_LIKE(3, 4);

/* Between enter and leave, every error gets a note "POS: what", nearest first.
 * Frames nest; leaving is required on every way out. */
void diag_enter(struct context *cx, struct pos pos, const char *what);
void diag_leave(struct context *cx);
/* The place of the innermost frame that has one: where the work stands. */
struct pos diag_here(const struct context *cx);

/* Between the two, reports are dropped (the caller tries something that may fail). */
void diag_mute(struct context *cx);
void diag_unmute(struct context *cx);

/* Takes back what was reported since `before`, a copy of cx->diags, and gives the first of it or
 * NULL: for a caller that says it in other words. */
const struct diag *diag_take_back(struct context *cx, struct diags before);

/* The first error, or NULL; and in one sentence with the frames that it stood in before it,
 * outermost first: "cannot load values.yaml: …". `words` stand for its own message, if there. */
const struct diag *diag_first(const struct context *cx);
str diag_sentence(const struct context *cx, str words);

bool diag_failed(const struct context *cx);
/* 0 without errors, else that of the gravest: refused 1, input 2, surroundings 3. */
int diag_exit_status(const struct context *cx);

#endif
