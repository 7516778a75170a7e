/* One request, against a server on the loopback interface that does what servers do. */
#include "render/source/http.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/source/tree.h"

static char at[2][64];
static int feed[2][2];
static pid_t servers[2];

extern char **environ;

/* Its standard input is a pipe of ours: it ends when we do. */
static void start_server(int i)
{
    int out[2];
    char *argv[] = { "python3", TESTDATA "/../tests/source/server.py", ".", NULL };
    posix_spawn_file_actions_t actions;
    ck_assert_int_eq(pipe(feed[i]) | pipe(out), 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, feed[i][0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    posix_spawn_file_actions_addclose(&actions, feed[i][1]);
    if (i)
        posix_spawn_file_actions_addclose(&actions, feed[0][1]);
    ck_assert_int_eq(posix_spawnp(&servers[i], argv[0], &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(feed[i][0]);
    char port[16] = "";
    ck_assert_int_gt(read(out[0], port, sizeof port - 1), 0);
    close(out[0]);
    snprintf(at[i], sizeof at[i], "http://127.0.0.1:%d", atoi(port));
}

static void set_up(void)
{
    unsetenv("http_proxy");
    unsetenv("HTTP_PROXY");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    tree_make("printf hello >file; mkdir sub");
    start_server(0);
    start_server(1);
}

static void tear_down(void)
{
    for (int i = 0; i < 2; i++) {
        close(feed[i][1]);
        waitpid(servers[i], NULL, 0);
    }
    tree_remove();
}

static str here(struct context *cx, const char *path)
{
    return str_format(cx->arena, "%s%s", at[0], path);
}

static bool get(struct context *cx, const char *path, struct http_answer *out)
{
    struct http_request r = { .url = here(cx, path), .most = 100000 };
    return http_request(cx, &r, out);
}

START_TEST(a_file_and_a_status)
{
    struct context *cx = test_context();
    struct http_answer a;
    ck_assert(get(cx, "/file/file", &a));
    ck_assert_int_eq(a.status, 200);
    expect_str(a.body, "hello");
    expect_str(http_header(&a, S("content-LENGTH")), "5");
    ck_assert(get(cx, "/status/404", &a));
    ck_assert_int_eq(a.status, 404);
    struct http_request head = { .url = here(cx, "/file/file"), .method = S("HEAD") };
    ck_assert(http_request(cx, &head, &a));
    expect_str(a.body, "");
    context_free(cx);
}
END_TEST

START_TEST(a_busy_server_is_asked_again)
{
    struct context *cx = test_context();
    struct http_answer a;
    ck_assert(get(cx, "/busy/3/file", &a));
    expect_str(a.body, "hello");
    ck_assert(get(cx, "/busy/5/file", &a));
    ck_assert_int_eq(a.status, 429);
    struct http_request once = { .url = here(cx, "/busy/1/file"), .once = true };
    ck_assert(http_request(cx, &once, &a));
    ck_assert_int_eq(a.status, 429);
    context_free(cx);
}
END_TEST

START_TEST(time_and_size_have_an_end)
{
    struct context *cx = test_context();
    struct http_answer a;
    struct http_request slow = { .url = here(cx, "/slow"), .timeout_ns = 300000000 };
    ck_assert(!http_request(cx, &slow, &a));
    str want = str_format(cx->arena, "error: no answer within 0.3s (GET %s/slow)\n", at[0]);
    expect_same(test_diagnostics(cx), want);
    cx->diags.first = cx->diags.last = NULL;
    ck_assert(!get(cx, "/large", &a));
    want = str_format(cx->arena, "error: the answer is larger than 100000 bytes (GET %s/large)\n",
                      at[0]);
    expect_same(test_diagnostics(cx), want);
    context_free(cx);
}
END_TEST

START_TEST(secrets_stay_with_their_host)
{
    struct context *cx = test_context();
    struct http_answer a;
    struct http_header token = { S("X-Token"), S("sesame") };
    struct http_request r = { .url = here(cx, "/headers?q=sesame"),
                              .headers = &token,
                              .header_count = 1,
                              .user = S("fox"),
                              .password = S("den") };
    ck_assert(http_request(cx, &r, &a));
    ck_assert(str_has(a.body, S("sesame")) && str_has(a.body, S("Basic ")));
    r.url = str_format(cx->arena, "%s/elsewhere?%s/headers", at[0], at[1]);
    ck_assert(http_request(cx, &r, &a));
    ck_assert(!str_has(a.body, S("sesame")) && !str_has(a.body, S("Basic ")));
    r.url = str_format(cx->arena, "%s/elsewhere?%s/headers", at[0], at[0]);
    ck_assert(http_request(cx, &r, &a));
    ck_assert(str_has(a.body, S("sesame")) && str_has(a.body, S("Basic ")));
    r.url = S("http://fox:sesame@127.0.0.1:1/path?sesame");
    r.once = true;
    ck_assert(!http_request(cx, &r, &a));
    expect_said(cx, "error: Couldn't connect to server (GET http://127.0.0.1:1/path)\n");
    token.value = S("a\r\nHost: other");
    ck_assert(!http_request(cx, &r, &a));
    expect_said(cx, "error: a header for 'GET http://127.0.0.1:1/path' holds a line end\n");
    context_free(cx);
}
END_TEST

START_TEST(redirects_end)
{
    struct context *cx = test_context();
    struct http_answer a;
    ck_assert(!get(cx, "/loop", &a));
    ck_assert(!get(cx, "/elsewhere?ftp://127.0.0.1/", &a));
    ck_assert(!get(cx, "/elsewhere?file:///etc/passwd", &a));
    str url = S("ftp://127.0.0.1/x");
    ck_assert(!http_request(cx, &(struct http_request){ .url = url }, &a));
    context_free(cx);
}
END_TEST

START_TEST(many_are_asked_at_once)
{
    enum { N = 60 };
    struct context *cx = test_context();
    struct http_request r[N] = { 0 };
    struct http_answer a[N];
    struct http_pool *pool = http_pool(cx);
    for (int i = 0; i < N; i++)
        r[i].url = here(cx, i % 3 == 0   ? "/file/file"
                            : i % 3 == 1 ? "/status/404"
                                         : "/elsewhere?ftp://x/");
    for (int round = 0; round < 2; round++) {
        ck_assert(http_requests(cx, pool, r, a, N));
        expect_said(cx, "");
        for (int i = 0; i < N; i++)
            ck_assert_int_eq(a[i].status, i % 3 == 0 ? 200 : i % 3 == 1 ? 404 : 0);
        expect_str(a[57].body, "hello");
    }
    ck_assert(!http_failed(cx, &r[0], &a[0]));
    ck_assert(http_failed(cx, &r[2], &a[2]));
    str want = str_format(
        cx->arena, "error: redirected to what is no http address (GET %s/elsewhere)\n", at[0]);
    expect_same(test_diagnostics(cx), want);
    context_free(cx);
}
END_TEST

START_TEST(plain_http_stays_at_home)
{
    struct context *cx = test_context();
    struct http_answer a;
    struct http_request r = { .plain_at_home = true };
    r.url = str_format(cx->arena, "%s/elsewhere?%s/headers", at[0], at[1]);
    ck_assert(http_request(cx, &r, &a));
    r.url = here(cx, "/elsewhere?http://127.evil.example/");
    ck_assert(!http_request(cx, &r, &a));
    ck_assert(str_has(cx->diags.first->message, S("another host without TLS")));
    ck_assert(http_is_loopback(S("http://127.0.0.1:80")) && http_is_loopback(S("localhost")));
    ck_assert(http_is_loopback(S("[::1]:5000")) && !http_is_loopback(S("localhost.example:1")));
    context_free(cx);
}
END_TEST

START_TEST(no_network_when_offline)
{
    struct context *cx = test_context();
    struct http_answer a;
    cx->switches.offline = true;
    ck_assert(!get(cx, "/file/file", &a));
    str want = str_format(cx->arena,
                          "error: this needs the network (GET %s/file/file)\n"
                          "hint: --offline forbids it\n",
                          at[0]);
    expect_same(test_diagnostics(cx), want);
    context_free(cx);
}
END_TEST

TCase *http_tests(void)
{
    TCase *tc = tcase_create("http");
    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_file_and_a_status);
    tcase_add_test(tc, a_busy_server_is_asked_again);
    tcase_add_test(tc, time_and_size_have_an_end);
    tcase_add_test(tc, secrets_stay_with_their_host);
    tcase_add_test(tc, redirects_end);
    tcase_add_test(tc, many_are_asked_at_once);
    tcase_add_test(tc, plain_http_stays_at_home);
    tcase_add_test(tc, no_network_when_offline);
    return tc;
}
