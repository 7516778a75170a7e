/* A temporary folder to work in, filled by shell lines. */
#ifndef HOIST_TESTS_SOURCE_TREE_H
#define HOIST_TESTS_SOURCE_TREE_H

#include "render/source/source.h"
#include "tests/expect.h"

/* Makes a new folder, the working directory from now on, and runs the lines in it with
 * neither the user's HOME nor his Git configuration. Fails the test when a line fails. */
void tree_make(const char *lines);
void tree_run(const char *lines);
/* The folder's own path, and its removal: a test's last line. */
str tree_path(void);
void tree_remove(void);

/* The bytes of a file of the tree. */
str tree_bytes(struct context *cx, const char *path);

#define expect_text(got, want)                                                                     \
    do {                                                                                           \
        const struct text *got_ = (got);                                                           \
        ck_assert_msg(got_, "no text: %.*s", STR(test_diagnostics(cx)));                           \
        expect_str(got_->bytes, want);                                                             \
    } while (0)

/* The only diagnostics are these; they are forgotten. */
#define expect_said(cx, want)                                                                      \
    do {                                                                                           \
        expect_str(test_diagnostics(cx), want);                                                    \
        (cx)->diags.first = (cx)->diags.last = NULL;                                               \
    } while (0)

#endif
