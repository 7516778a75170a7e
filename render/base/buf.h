/* A growing buffer to print into, kept in memory or emptied into a sink as it fills. */
#ifndef HOIST_BASE_BUF_H
#define HOIST_BASE_BUF_H

#include "render/base/arena.h"
#include "render/base/str.h"

struct buf {
    char *at;
    size_t len;
    size_t cap;
    struct arena *arena;
    /* With a sink, the buffer never grows beyond its first size. */
    void (*flush)(struct buf *b);
    int fd;
    int error; /* errno of the first write that failed, else 0 */
    uint64_t flushed;
};

void buf_init(struct buf *b, struct arena *a, size_t first);
/* A buffer that writes to a file descriptor whenever 64 KiB have come together;
 * buf_finish writes the rest and is false, with `error` set, if any write failed. */
void buf_init_fd(struct buf *b, struct arena *a, int fd);
bool buf_finish(struct buf *b);

/* Room for n more bytes at at + len. */
void buf_reserve(struct buf *b, size_t n);

static inline void buf_char(struct buf *b, char c)
{
    if (b->len == b->cap)
        buf_reserve(b, 1);
    b->at[b->len++] = c;
}

static inline void buf_str(struct buf *b, str s)
{
    if (b->cap - b->len < s.len)
        buf_reserve(b, s.len);
    if (s.len)
        memcpy(b->at + b->len, s.at, s.len);
    b->len += s.len;
}

void buf_repeat(struct buf *b, char c, size_t n);
void buf_rune(struct buf *b, uint32_t rune);
void buf_format(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);

static inline str buf_view(const struct buf *b)
{
    return (str){ b->at, b->len };
}

/* What was printed, its unused room given back to the arena; the buffer is done. */
str buf_take(struct buf *b);

#endif
