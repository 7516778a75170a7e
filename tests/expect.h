/* What tests say: expectations on strings, a context to work in, suites by file. */
#ifndef HOIST_TESTS_EXPECT_H
#define HOIST_TESTS_EXPECT_H

#include <check.h>

#include "render/base/context.h"

/* Compares and, on failure, shows both in full at the caller's line. */
#define expect_str(got, want)  expect_str_at(__FILE__, __LINE__, (got), S(want))
#define expect_same(got, want) expect_str_at(__FILE__, __LINE__, (got), (want))
void expect_str_at(const char *file, int line, str got, str want);

/* A context as a run has it; the test's last line frees it. */
struct context *test_context(void);
/* All diagnostics of a context as a terminal without colour would show them. */
str test_diagnostics(struct context *cx);

/* Runs a suite's cases as Check does; gives the exit status. */
int run_suites(const char *layer, TCase *const *cases, size_t n);

#endif
