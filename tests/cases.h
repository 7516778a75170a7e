/* Cases: text in, text out. "== title" begins a case, "-- name" a part of it.
 *
 *     == a title that says what holds
 *     -- from
 *     {kind: A}
 *     -- want
 *     the answer, compared to the byte
 *
 * A part whose name begins with "want" or "error" is an answer, and so is "warning". With UPDATE=1 in the
 * environment the answers are written anew: only for what is hoist's own to say. */
#ifndef HOIST_TESTS_CASES_H
#define HOIST_TESTS_CASES_H

#include "tests/expect.h"

struct part {
    str name;
    str body; /* with its last line end */
    str answer;
    bool answered;
};

struct test_case {
    const char *file;
    int line;
    str title;
    struct part *parts;
    uint32_t len;
    uint32_t cap;
};

/* Runs each case of testdata/NAME in a context of its own, then fails with all that differs. */
void cases_run(const char *name, void (*run)(struct context *cx, struct test_case *c));

/* NULL when the case has no such part. */
struct part *case_part(struct test_case *c, const char *name);
str case_body(struct test_case *c, const char *name); /* "" when it has none */
/* What was got for a part; a case that has no such part does not ask for it. */
void case_answer(struct test_case *c, const char *name, str got);

#endif
