/* Running a program: no shell, an environment of the caller's making, an end to its time and to
 * what it may print. */
#ifndef HOIST_BASE_PROCESS_H
#define HOIST_BASE_PROCESS_H

#include "render/base/text.h"

struct context;

struct process {
    const char *const *argv; /* up to a NULL; a name without '/' is looked for in our PATH */
    const char *const *env;  /* "NAME=value", up to a NULL: nothing else is inherited */
    const char *folder;      /* where it runs; NULL for our own */
    str input;               /* what it reads from its standard input */
    uint64_t timeout_ns;     /* 0: only the render's own deadline, if it has one */
    size_t most_output;      /* bytes of its output and of its errors, each; 0 for 64 MiB */
    struct pos pos;          /* of what asked for it */
};

struct process_result {
    int status; /* its exit status; 128 + the signal that ended it */
    str output;
    str errors;
};

/* Our own environment with `n` "NAME=value" more, which replace those of the same name. */
const char **process_environment(struct context *cx, const str *more, size_t n);

/* False, and reported, when the program can't be started, takes too long (it and all its children
 * are killed) or prints too much. How it ends by itself is for the caller to judge. */
bool process_run(struct context *cx, const struct process *p, struct process_result *out);

#endif
