/* Both ways at once: a server may begin to answer before it has read all, and one that reads no
 * further may have said why. */
#include "render/source/git_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "render/base/buf.h"

enum { CHUNK = 64 * 1024 };

struct talk {
    struct context *cx;
    const struct git_socket *asked;
    int fd;
    uint64_t deadline_ns;
    struct addrinfo *addresses;
    str input; /* still to be sent */
    struct buf answer;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void close_fd(struct talk *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

static void end_talk(void *what)
{
    struct talk *t = what;
    close_fd(t);
    if (t->addresses)
        freeaddrinfo(t->addresses);
    t->addresses = NULL;
}

static bool fail(struct talk *t, const char *why)
{
    return report_surroundings(t->cx, t->asked->pos, "cannot reach '%.*s' by git://: %s",
                               STR(t->asked->host), why);
}

/* Waits for the socket. False after a report: too late. */
static bool wait_for(struct talk *t, short events, short *came)
{
    struct pollfd fd = { t->fd, events, 0 };
    for (;;) {
        uint64_t now = now_ns();
        uint64_t left = now < t->deadline_ns ? (t->deadline_ns - now) / 1000000 + 1 : 0;
        if (!left)
            return report_surroundings(t->cx, t->asked->pos,
                                       "'%.*s' took longer than %.3gs to answer by git://",
                                       STR(t->asked->host), (double)t->asked->timeout_ns / 1e9);
        int n = poll(&fd, 1, left > 3600000 ? 3600000 : (int)left);
        if (n < 0 && errno != EINTR)
            return fail(t, strerror(errno));
        *came = fd.revents;
        if (n > 0)
            return true;
    }
}

/* One of the host's addresses; *error says why not. False after a report. */
static bool try_address(struct talk *t, const struct addrinfo *a, int *error)
{
    short came;
    socklen_t size = sizeof *error;
    *error = 0;
    t->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, a->ai_protocol);
    if (t->fd < 0 || (connect(t->fd, a->ai_addr, a->ai_addrlen) < 0 && errno != EINPROGRESS)) {
        *error = errno;
    } else if (!wait_for(t, POLLOUT, &came)) {
        return false;
    } else if (getsockopt(t->fd, SOL_SOCKET, SO_ERROR, error, &size) < 0) {
        *error = errno;
    }
    if (*error)
        close_fd(t);
    return true;
}

static bool open_socket(struct talk *t)
{
    const struct git_socket *s = t->asked;
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    char *host = str_cstr(t->cx->arena, s->host);
    char *port = str_cstr(t->cx->arena, s->port.len ? s->port : S("9418"));
    int error = getaddrinfo(host, port, &hints, &t->addresses);
    if (error)
        return fail(t, gai_strerror(error));
    for (const struct addrinfo *a = t->addresses; a; a = a->ai_next) {
        if (!try_address(t, a, &error))
            return false;
        if (!error)
            return true;
    }
    return fail(t, strerror(error));
}

static bool is_passing(void)
{
    return errno == EAGAIN || errno == EINTR;
}

static void feed(struct talk *t)
{
    ssize_t n = send(t->fd, t->input.at, t->input.len, MSG_NOSIGNAL);
    if (n > 0)
        t->input = str_skip(t->input, (size_t)n);
    if (n >= 0 || is_passing())
        return;
    /* Why is in what it said, if it said anything; it is not to wait for the rest. */
    t->input = S("");
    shutdown(t->fd, SHUT_WR);
}

/* *more is false at the end. False after a report. */
static bool drain(struct talk *t, bool *more)
{
    struct buf *b = &t->answer;
    buf_reserve(b, CHUNK);
    ssize_t n = recv(t->fd, b->at + b->len, CHUNK, 0);
    if (n > 0)
        b->len += (size_t)n;
    if (n == 0 || (n < 0 && errno == ECONNRESET && b->len))
        *more = false;
    else if (n < 0 && !is_passing())
        return fail(t, strerror(errno));
    return b->len <= t->asked->most
           || report_surroundings(t->cx, t->asked->pos, "'%.*s' sends more than %zu bytes",
                                  STR(t->asked->host), t->asked->most);
}

static bool serve(struct talk *t)
{
    bool more = true;
    while (more) {
        short came;
        if (!wait_for(t, (short)(t->input.len ? POLLIN | POLLOUT : POLLIN), &came))
            return false;
        if (came & POLLOUT)
            feed(t);
        if ((came & ~POLLOUT) && !drain(t, &more))
            return false;
    }
    return t->answer.len || fail(t, "it closes the connection without an answer");
}

/* The first packet: the service and the path, then the host that is meant. */
static str request_of(struct context *cx, const struct git_socket *s)
{
    struct buf b, line;
    buf_init(&line, cx->arena, 256);
    buf_format(&line, "%s %.*s", s->service, STR(s->path));
    buf_char(&line, 0);
    bool six = str_has_char(s->host, ':');
    buf_format(&line, six ? "host=[%.*s]" : "host=%.*s", STR(s->host));
    if (s->port.len)
        buf_format(&line, ":%.*s", STR(s->port));
    buf_char(&line, 0);
    buf_init(&b, cx->arena, line.len + s->input.len + 4);
    buf_format(&b, "%04zx", line.len + 4);
    buf_str(&b, buf_view(&line));
    buf_str(&b, s->input);
    return buf_take(&b);
}

bool git_socket_talk(struct context *cx, const struct git_socket *s, str *answer)
{
    struct talk *t = NEW(cx->arena, struct talk);
    *t = (struct talk){ .cx = cx, .asked = s, .fd = -1 };
    t->deadline_ns = now_ns() + s->timeout_ns;
    if (cx->limits.deadline_ns && cx->limits.deadline_ns < t->deadline_ns)
        t->deadline_ns = cx->limits.deadline_ns;
    t->input = request_of(cx, s);
    buf_init(&t->answer, cx->arena, 0);
    arena_defer(cx->arena, end_talk, t);
    bool ok = limit_count(cx, LIMIT_FILES, 1, s->pos) && open_socket(t) && serve(t);
    if (ok)
        *answer = buf_take(&t->answer);
    end_talk(t);
    return ok;
}
