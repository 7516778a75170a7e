/* Bump allocation: what lives together is freed together.
 *
 * An arena grows by chunks up to a ceiling in bytes; reaching the ceiling leaves
 * through `full` and never returns to the caller, so no allocation is checked.
 * Cleanups (closing a file, freeing a library's handle) run in reverse order when
 * the arena is rewound past them or freed. */
#ifndef HOIST_BASE_ARENA_H
#define HOIST_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct mark {
    void *chunk;
    size_t used;
    void *cleanup;
    uint64_t large;
};

/* `full(who)` is called when an allocation would pass `ceiling` bytes, or when the
 * system has no more; it must not return. NULL when even the arena itself can't be had. */
struct arena *arena_new(size_t ceiling, void (*full)(void *who), void *who);
void arena_free(struct arena *a);

/* Aligned for any type; not cleared. Never NULL. */
void *arena_alloc(struct arena *a, size_t size);
void *arena_zero(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *bytes, size_t size);
/* Like realloc: in place when `old` was the arena's last allocation. What is large may move. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);
/* Gives the tail of the last allocation back; without effect on any other. */
void arena_shrink(struct arena *a, void *last, size_t old_size, size_t new_size);

#define NEW(a, type)          ((type *)arena_zero((a), sizeof(type)))
#define NEW_ARRAY(a, type, n) ((type *)arena_zero((a), arena_array((n), sizeof(type))))
/* Room for one more in a vector of `len` with `*cap` places; `items` may move. */
#define ARENA_PUSH(a, items, len, cap)                                                             \
    ((len) < (cap) ? (void)0                                                                       \
                   : (void)((items) = arena_push((a), (items), (len), &(cap), sizeof *(items))))

size_t arena_array(size_t n, size_t size); /* n * size, or SIZE_MAX when that overflows */
void *arena_push(struct arena *a, void *items, size_t len, uint32_t *cap, size_t size);

void arena_defer(struct arena *a, void (*cleanup)(void *), void *what);

struct mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct mark to);

size_t arena_used(const struct arena *a);
/* Moves the ceiling up, for what must still be said when it was reached. */
void arena_raise(struct arena *a, size_t more);
/* Lets it grow by so much more and no further than its ceiling; gives the ceiling that was. */
size_t arena_narrow(struct arena *a, size_t more);
void arena_widen(struct arena *a, size_t ceiling);

#endif
