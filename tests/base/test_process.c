/* Programs: what goes in and comes out, and how one is stopped that does not end. */
#include "render/base/process.h"

#include <time.h>

#include "render/base/buf.h"
#include "tests/expect.h"

static const char *const no_env[] = { NULL };

static bool run_shell(struct context *cx, const char *script, struct process p,
                      struct process_result *out)
{
    const char *const argv[] = { "/bin/sh", "-c", script, NULL };
    p.argv = argv;
    if (!p.env)
        p.env = no_env;
    return process_run(cx, &p, out);
}

START_TEST(streams_and_status_come_back)
{
    struct context *cx = test_context();
    struct process_result r;
    ck_assert(run_shell(cx, "cat; echo bad >&2; exit 3", (struct process){ .input = S("in") }, &r));
    expect_str(r.output, "in");
    expect_str(r.errors, "bad\n");
    ck_assert_int_eq(r.status, 3);
    ck_assert(run_shell(cx, "kill -TERM $$", (struct process){ .input = S("") }, &r));
    ck_assert_int_eq(r.status, 128 + 15);
    context_free(cx);
}
END_TEST

START_TEST(environment_and_folder_are_the_callers)
{
    static const char *const env[] = { "COLOUR=blue", NULL };
    struct context *cx = test_context();
    struct process_result r;
    struct process p = { .env = env, .folder = "/usr/share" };
    ck_assert(run_shell(cx, "echo $COLOUR $HOME.; pwd", p, &r));
    expect_str(r.output, "blue .\n/usr/share\n");
    context_free(cx);
}
END_TEST

/* More than any pipe holds, both ways at once. */
START_TEST(large_streams_do_not_lock)
{
    struct context *cx = test_context();
    struct process_result r;
    struct buf b;
    buf_init(&b, cx->arena, 3000000);
    buf_repeat(&b, 'x', 3000000);
    ck_assert(run_shell(cx, "tee /dev/stderr", (struct process){ .input = buf_view(&b) }, &r));
    ck_assert_uint_eq(r.output.len, 3000000);
    ck_assert_uint_eq(r.errors.len, 3000000);
    ck_assert(run_shell(cx, "exit 0", (struct process){ .input = buf_view(&b) }, &r));
    ck_assert_int_eq(r.status, 0);
    context_free(cx);
}
END_TEST

START_TEST(a_slow_program_and_its_children_are_killed)
{
    struct context *cx = test_context();
    struct process_result r;
    time_t began = time(NULL);
    struct process p = { .timeout_ns = 200000000 };
    ck_assert(!run_shell(cx, "sleep 50 & sleep 50", p, &r));
    ck_assert(!run_shell(cx, "exec >&- 2>&-; sleep 50", p, &r));
    ck_assert_int_lt(time(NULL) - began, 20);
    ck_assert_int_eq(diag_exit_status(cx), 3);
    expect_str(test_diagnostics(cx), "error: '/bin/sh' took longer than 0.2s\n"
                                     "error: '/bin/sh' took longer than 0.2s\n");
    context_free(cx);
}
END_TEST

START_TEST(a_talkative_program_is_stopped)
{
    struct context *cx = test_context();
    struct process_result r;
    ck_assert(!run_shell(cx, "while :; do echo yes; done",
                         (struct process){ .most_output = 100000 }, &r));
    expect_str(test_diagnostics(cx), "error: '/bin/sh' printed more than 100000 bytes\n");
    context_free(cx);
}
END_TEST

START_TEST(a_missing_program_is_reported)
{
    static const char *const argv[] = { "no-such-program", NULL };
    struct context *cx = test_context();
    struct process_result r;
    ck_assert(!process_run(cx, &(struct process){ .argv = argv, .env = no_env }, &r));
    expect_str(test_diagnostics(cx),
               "error: can't start 'no-such-program': No such file or directory\n");
    context_free(cx);
}
END_TEST

START_TEST(a_program_is_found_by_its_name)
{
    static const char *const argv[] = { "true", NULL };
    struct context *cx = test_context();
    struct process_result r;
    ck_assert(process_run(cx, &(struct process){ .argv = argv, .env = no_env }, &r));
    ck_assert_int_eq(r.status, 0);
    context_free(cx);
}
END_TEST

TCase *process_tests(void)
{
    TCase *t = tcase_create("process");
    tcase_set_timeout(t, 30);
    tcase_add_test(t, streams_and_status_come_back);
    tcase_add_test(t, environment_and_folder_are_the_callers);
    tcase_add_test(t, large_streams_do_not_lock);
    tcase_add_test(t, a_slow_program_and_its_children_are_killed);
    tcase_add_test(t, a_talkative_program_is_stopped);
    tcase_add_test(t, a_missing_program_is_reported);
    tcase_add_test(t, a_program_is_found_by_its_name);
    return t;
}
