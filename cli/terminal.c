/* Colour is for terminals that have it: NO_COLOR and TERM=dumb refuse, --color decides. */
#include "cli/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static bool colorful(int fd)
{
    const char *refused = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if ((refused && *refused) || !term || !*term || str_eq(str_from(term), S("dumb")))
        return false;
    return isatty(fd);
}

static uint32_t width(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

struct terminal terminal_find(str color)
{
    bool always = str_eq(color, S("always")), never = str_eq(color, S("never"));
    return (struct terminal){
        .color_out = always || (!never && colorful(STDOUT_FILENO)),
        .color_err = always || (!never && colorful(STDERR_FILENO)),
        .width = width(),
    };
}

#define PATIENCE_NS 150000000u /* between two words, and before the first */

struct line {
    struct progress progress;
    uint64_t said_ns;
    bool shown;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void put(const char *text, int length)
{
    /* Who can't be told how far it is misses nothing else. */
    if (length > 0 && write(STDERR_FILENO, text, (size_t)length) < 0)
        return;
}

static void step(struct progress *p, const char *what, uint32_t done, uint32_t all)
{
    struct line *line = (struct line *)p;
    char text[64];
    if (now_ns() - line->said_ns < PATIENCE_NS)
        return;
    line->said_ns = now_ns();
    line->shown = true;
    put(text, snprintf(text, sizeof text, "\r%u of %u %s\033[K", done, all, what));
}

void progress_begin(struct context *cx)
{
    if (!isatty(STDERR_FILENO))
        return;
    struct line *line = NEW(cx->arena, struct line);
    line->progress.step = step;
    line->said_ns = now_ns();
    cx->progress = &line->progress;
}

void progress_end(struct context *cx)
{
    static const char gone[] = "\r\033[K";
    const struct line *line = (struct line *)cx->progress;
    cx->progress = NULL;
    if (line && line->shown)
        put(gone, sizeof gone - 1);
}
