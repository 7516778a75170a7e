/* Printing into memory that grows, or through a window of 64 KiB into a file. */
#include "render/base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

enum { WINDOW = 64 * 1024 };

void buf_init(struct buf *b, struct arena *a, size_t first)
{
    *b = (struct buf){ .arena = a, .fd = -1 };
    if (first)
        buf_reserve(b, first);
}

static void write_all(struct buf *b)
{
    size_t done = 0;
    while (done < b->len && !b->error) {
        ssize_t n = write(b->fd, b->at + done, b->len - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            b->error = errno;
    }
    b->flushed += b->len;
    b->len = 0;
}

void buf_init_fd(struct buf *b, struct arena *a, int fd)
{
    buf_init(b, a, WINDOW);
    b->flush = write_all;
    b->fd = fd;
}

bool buf_finish(struct buf *b)
{
    if (b->flush)
        b->flush(b);
    return b->error == 0;
}

void buf_reserve(struct buf *b, size_t n)
{
    if (b->cap - b->len >= n)
        return;
    if (b->flush) {
        b->flush(b);
        if (b->cap >= n)
            return;
    }
    size_t want = b->cap ? b->cap * 2 : 64;
    if (want < b->len + n)
        want = b->len + n;
    b->at = arena_grow(b->arena, b->at, b->cap, want);
    b->cap = want;
}

void buf_repeat(struct buf *b, char c, size_t n)
{
    if (n == 0)
        return; /* there may be no bytes at all yet */
    buf_reserve(b, n);
    memset(b->at + b->len, c, n);
    b->len += n;
}

void buf_rune(struct buf *b, uint32_t rune)
{
    char bytes[4];
    buf_str(b, (str){ bytes, utf8_put(bytes, rune) });
}

void buf_format(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0) {
        buf_reserve(b, (size_t)n + 1);
        vsnprintf(b->at + b->len, (size_t)n + 1, format, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

str buf_take(struct buf *b)
{
    if (b->arena && b->at && b->len < b->cap)
        arena_shrink(b->arena, b->at, b->cap, b->len);
    str taken = { b->at, b->len };
    *b = (struct buf){ .arena = b->arena, .fd = -1 };
    return taken;
}
