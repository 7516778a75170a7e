/* A child is a process group of its own, so that killing it reaches what it started. Its three
 * streams are pipes served by one loop: neither side can wait for the other. */
#include "render/base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "render/base/buf.h"
#include "render/base/context.h"

extern char **environ;

enum { STREAMS = 3, CHUNK = 64 * 1024, MOST_OUTPUT = 64 * 1024 * 1024 };

/* Kept in the arena and cleaned up there, should anything below leave for want of memory. */
struct child {
    pid_t pid; /* 0 when there is none */
    int ours[STREAMS];
    int theirs[STREAMS];
    uint64_t deadline_ns;
    str input;
    struct buf printed[STREAMS];
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void end_child(void *what)
{
    struct child *c = what;
    for (int i = 0; i < STREAMS; i++) {
        close_fd(&c->ours[i]);
        close_fd(&c->theirs[i]);
    }
    if (c->pid > 0) {
        kill(-c->pid, SIGKILL);
        while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    c->pid = 0;
}

/* Both ends above the standard streams, whatever of those we were started without. */
static bool open_pipe(int ends[2])
{
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) < 0)
        return false;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, 3);
        close(fds[i]);
    }
    if (ends[0] >= 0 && ends[1] >= 0)
        return true;
    close_fd(&ends[0]);
    close_fd(&ends[1]);
    return false;
}

static bool open_streams(struct child *c)
{
    for (int i = 0; i < STREAMS; i++) {
        int ends[2];
        if (!open_pipe(ends))
            return false;
        c->ours[i] = ends[i == 0];
        c->theirs[i] = ends[i != 0];
    }
    return fcntl(c->ours[0], F_SETFL, O_NONBLOCK) == 0;
}

static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    int error = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
                                                         | POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error)
        error = posix_spawnattr_setsigdefault(attributes, &all);
    return error;
}

static int set_actions(posix_spawn_file_actions_t *actions, const struct child *c,
                       const char *folder)
{
    int error = 0;
    for (int i = 0; i < STREAMS && !error; i++)
        error = posix_spawn_file_actions_adddup2(actions, c->theirs[i], i);
    if (!error && folder)
        error = posix_spawn_file_actions_addchdir_np(actions, folder);
    return error;
}

/* Starts the program; the answer is an errno. */
static int spawn(struct child *c, const struct process *p)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error)
        return error;
    error = posix_spawn_file_actions_init(&actions);
    if (error) {
        posix_spawnattr_destroy(&attributes);
        return error;
    }
    error = set_attributes(&attributes);
    if (!error)
        error = set_actions(&actions, c, p->folder);
    if (!error)
        error = posix_spawnp(&c->pid, p->argv[0], &actions, &attributes, (char *const *)p->argv,
                             (char *const *)p->env);
    if (error)
        c->pid = 0;
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    for (int i = 0; i < STREAMS; i++)
        close_fd(&c->theirs[i]);
    return error;
}

static void feed(struct child *c)
{
    ssize_t n = c->input.len ? write(c->ours[0], c->input.at, c->input.len) : 0;
    if (n > 0)
        c->input = str_skip(c->input, (size_t)n);
    /* A program that reads no further is not wrong. */
    bool gone = n < 0 && errno != EAGAIN && errno != EINTR;
    if (gone || c->input.len == 0)
        close_fd(&c->ours[0]);
}

static void drain(struct child *c, int stream)
{
    struct buf *b = &c->printed[stream];
    buf_reserve(b, CHUNK);
    ssize_t n = read(c->ours[stream], b->at + b->len, CHUNK);
    if (n > 0)
        b->len += (size_t)n;
    else if (n == 0 || errno != EINTR)
        close_fd(&c->ours[stream]);
}

/* Milliseconds to the deadline, rounded up; -1 without one, 0 when it has passed. */
static int time_left(const struct child *c)
{
    if (!c->deadline_ns)
        return -1;
    uint64_t now = now_ns();
    if (now >= c->deadline_ns)
        return 0;
    uint64_t left = (c->deadline_ns - now) / 1000000 + 1;
    return left > 3600000 ? 3600000 : (int)left;
}

static bool report_late(struct context *cx, const struct process *p)
{
    if (p->timeout_ns)
        report_surroundings(cx, p->pos, "'%s' took longer than %.3gs", p->argv[0],
                            (double)p->timeout_ns / 1e9);
    else
        report_surroundings(cx, p->pos, "'%s' took longer than the render may", p->argv[0]);
    return false;
}

/* Until the program has closed its streams. */
static bool serve(struct context *cx, const struct process *p, struct child *c)
{
    size_t most = p->most_output ? p->most_output : MOST_OUTPUT;
    while (c->ours[1] >= 0 || c->ours[2] >= 0) {
        struct pollfd fds[STREAMS] = { { c->ours[0], POLLOUT, 0 },
                                       { c->ours[1], POLLIN, 0 },
                                       { c->ours[2], POLLIN, 0 } };
        int left = time_left(c);
        if (left == 0)
            return report_late(cx, p);
        if (poll(fds, STREAMS, left) < 0 && errno != EINTR)
            return report_surroundings(cx, p->pos, "can't talk to '%s': %s", p->argv[0],
                                       strerror(errno));
        if (fds[0].revents)
            feed(c);
        for (int i = 1; i < STREAMS; i++) {
            if (fds[i].revents)
                drain(c, i);
            if (c->printed[i].len > most)
                return report_surroundings(cx, p->pos, "'%s' printed more than %zu bytes",
                                           p->argv[0], most);
        }
    }
    return true;
}

/* Its streams closed, a program usually is about to end. */
static bool wait_for(struct context *cx, const struct process *p, struct child *c, int *status)
{
    long pause = 50000;
    for (;;) {
        pid_t got = waitpid(c->pid, status, c->deadline_ns ? WNOHANG : 0);
        if (got == c->pid)
            break;
        if (got < 0 && errno != EINTR)
            return report_surroundings(cx, p->pos, "can't wait for '%s': %s", p->argv[0],
                                       strerror(errno));
        if (time_left(c) == 0)
            return report_late(cx, p);
        if (got == 0)
            nanosleep(&(struct timespec){ 0, pause }, NULL);
        pause = pause < 10000000 ? pause * 2 : pause;
    }
    c->pid = 0;
    return true;
}

/* While a broken pipe may be written to, its signal is held back, and dropped if it came. */
static bool hold_sigpipe(sigset_t *before)
{
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe, before);
    return sigismember(&pending, SIGPIPE) == 1;
}

static void release_sigpipe(const sigset_t *before, bool was_pending)
{
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    if (!was_pending) {
        while (sigtimedwait(&pipe, NULL, &(struct timespec){ 0, 0 }) < 0 && errno == EINTR)
            ;
    }
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

static struct child *new_child(struct context *cx, const struct process *p)
{
    struct child *c = NEW(cx->arena, struct child);
    for (int i = 0; i < STREAMS; i++) {
        c->ours[i] = c->theirs[i] = -1;
        buf_init(&c->printed[i], cx->arena, 0);
    }
    c->input = p->input;
    c->deadline_ns = cx->limits.deadline_ns;
    uint64_t own = p->timeout_ns ? now_ns() + p->timeout_ns : 0;
    if (own && (!c->deadline_ns || own < c->deadline_ns))
        c->deadline_ns = own;
    arena_defer(cx->arena, end_child, c);
    return c;
}

static bool start(struct context *cx, const struct process *p, struct child *c)
{
    int error = open_streams(c) ? spawn(c, p) : errno;
    if (!error)
        return true;
    return report_surroundings(cx, p->pos, "can't start '%s'%s%s: %s", p->argv[0],
                               p->folder ? " in " : "", p->folder ? p->folder : "",
                               strerror(error));
}

static bool is_replaced(str variable, const str *more, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ptrdiff_t equals = str_find_char(more[i], '=');
        if (equals >= 0 && str_starts(variable, str_slice(more[i], 0, (size_t)equals + 1)))
            return true;
    }
    return false;
}

const char **process_environment(struct context *cx, const str *more, size_t n)
{
    size_t ours = 0, k = 0;
    while (environ[ours])
        ours++;
    const char **env = NEW_ARRAY(cx->arena, const char *, ours + n + 1);
    for (size_t i = 0; i < ours; i++) {
        if (!is_replaced(str_from(environ[i]), more, n))
            env[k++] = environ[i];
    }
    for (size_t i = 0; i < n; i++) {
        if (!is_replaced(more[i], more + i + 1, n - i - 1))
            env[k++] = str_cstr(cx->arena, more[i]);
    }
    return env;
}

bool process_run(struct context *cx, const struct process *p, struct process_result *out)
{
    struct child *c = new_child(cx, p);
    sigset_t before;
    int status = 0;
    bool was_pending = hold_sigpipe(&before);
    bool ok = start(cx, p, c) && serve(cx, p, c) && wait_for(cx, p, c, &status);
    end_child(c);
    release_sigpipe(&before, was_pending);
    if (!ok)
        return false;
    out->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    out->output = buf_take(&c->printed[1]);
    out->errors = buf_take(&c->printed[2]);
    return true;
}
