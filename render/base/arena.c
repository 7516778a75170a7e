/* Bump allocation in chunks that double up to two megabytes. An arena that has become large
 * asks the system for huge pages, as a page fault for every four kilobytes costs more than
 * filling them; for a small one, clearing a huge page would be most of the work. In a sanitizer
 * build the unused part of every chunk is poisoned, so an overrun is seen as with malloc.
 *
 * What is large has a chunk of its own that the system moves as it grows, so that a buffer which
 * doubles leaves no dead copies of itself behind. */
#include "render/base/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__SANITIZE_ADDRESS__)
#    define HAVE_POISON 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer)
#        define HAVE_POISON 1
#    endif
#endif
#ifdef HAVE_POISON
#    include <sanitizer/asan_interface.h>
#    define POISON(at, n)   ASAN_POISON_MEMORY_REGION(at, n)
#    define UNPOISON(at, n) ASAN_UNPOISON_MEMORY_REGION(at, n)
#    define RED_ZONE        16
#    define LARGE           512 /* so that whoever looks at what has moved is noticed */
#else
#    define POISON(at, n)   ((void)(at), (void)(n))
#    define UNPOISON(at, n) ((void)(at), (void)(n))
#    define RED_ZONE        0
#    define LARGE           (128 * 1024)
#endif

enum { ALIGNMENT = 8, FIRST_CHUNK = 32 * 1024, LARGEST_CHUNK = 2 << 20, HUGE_PAGE = 2 << 20 };
enum { LARGE_ARENA = 32 << 20 };

struct chunk {
    struct chunk *below;
    size_t size;
    size_t used;
    _Alignas(ALIGNMENT) char bytes[];
};

/* A chunk that holds one large allocation. Numbers tell which came after a mark. */
struct large {
    struct large *below;
    struct large *above;
    uint64_t number;
    size_t size;
    _Alignas(ALIGNMENT) char bytes[];
};

struct cleanup {
    struct cleanup *below;
    void (*run)(void *);
    void *what;
};

struct arena {
    struct chunk *top;
    struct chunk *spare; /* the one given back last: who rewinds will soon ask again */
    struct large *large;
    uint64_t large_count;
    struct cleanup *cleanups;
    size_t held; /* bytes in all chunks */
    size_t ceiling;
    size_t next_chunk;
    void (*full)(void *);
    void *who;
};

struct arena *arena_new(size_t ceiling, void (*full)(void *who), void *who)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->ceiling = ceiling;
    a->next_chunk = FIRST_CHUNK;
    a->full = full;
    a->who = who;
    return a;
}

static void run_cleanups(struct arena *a, struct cleanup *until)
{
    while (a->cleanups != until) {
        struct cleanup *c = a->cleanups;
        a->cleanups = c->below;
        c->run(c->what);
    }
}

static void drop_top(struct arena *a)
{
    struct chunk *c = a->top;
    a->top = c->below;
    a->held -= c->size;
    UNPOISON(c->bytes, c->size);
    free(a->spare);
    a->spare = c;
    a->next_chunk = c->size < FIRST_CHUNK ? FIRST_CHUNK : c->size + sizeof *c;
}

static void drop_large(struct arena *a, uint64_t down_to)
{
    while (a->large && a->large->number > down_to) {
        struct large *l = a->large;
        a->large = l->below;
        if (l->below)
            l->below->above = NULL;
        a->held -= l->size;
        UNPOISON(l->bytes, l->size);
        free(l);
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    run_cleanups(a, NULL);
    drop_large(a, 0);
    while (a->top)
        drop_top(a);
    free(a->spare);
    free(a);
}

static void refuse(struct arena *a)
{
    a->full(a->who);
    abort(); /* `full` leaves by longjmp; coming back would be our own mistake */
}

static void *chunk_memory(const struct arena *a, size_t size)
{
    if (size < HUGE_PAGE || a->held < LARGE_ARENA)
        return malloc(size);
    void *at = NULL;
    if (posix_memalign(&at, HUGE_PAGE, size) != 0)
        return NULL;
    madvise(at, size, MADV_HUGEPAGE); /* a wish: without it, memory is only slower */
    return at;
}

static void add_chunk(struct arena *a, size_t need)
{
    size_t usual = a->next_chunk - sizeof(struct chunk); /* so that no page is begun for the head */
    size_t size = usual > need ? usual : need;
    if (size > a->ceiling || a->held > a->ceiling - size)
        size = need;
    if (size > a->ceiling || a->held > a->ceiling - size)
        refuse(a);
    struct chunk *c = a->spare;
    if (c && c->size == size) {
        a->spare = NULL;
    } else if (!(c = chunk_memory(a, sizeof *c + size))) {
        refuse(a);
        return;
    }
    c->below = a->top;
    c->size = size;
    c->used = 0;
    a->top = c;
    a->held += size;
    if (a->next_chunk < LARGEST_CHUNK)
        a->next_chunk *= 2;
    POISON(c->bytes, size);
}

static size_t rounded(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        refuse(a);
    return (size + RED_ZONE + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

static void check_ceiling(struct arena *a, size_t more)
{
    if (more > a->ceiling || a->held > a->ceiling - more)
        refuse(a);
}

static void *large_alloc(struct arena *a, size_t need, size_t size)
{
    check_ceiling(a, need);
    struct large *l = malloc(sizeof *l + need);
    if (!l) {
        refuse(a);
        return NULL;
    }
    *l = (struct large){ .below = a->large, .number = ++a->large_count, .size = need };
    if (a->large)
        a->large->above = l;
    a->large = l;
    a->held += need;
    POISON(l->bytes + size, need - size);
    return l->bytes;
}

static void *large_grow(struct arena *a, void *old, size_t need, size_t size)
{
    struct large *l = (struct large *)((char *)old - offsetof(struct large, bytes));
    if (need > l->size) {
        check_ceiling(a, need - l->size);
        UNPOISON(l->bytes, l->size);
        struct large *moved = realloc(l, sizeof *l + need);
        if (!moved) {
            refuse(a);
            return NULL;
        }
        l = moved;
        a->held += need - l->size;
        l->size = need;
        *(l->above ? &l->above->below : &a->large) = l;
        if (l->below)
            l->below->above = l;
    }
    UNPOISON(l->bytes, size);
    POISON(l->bytes + size, l->size - size);
    return l->bytes;
}

void *arena_alloc(struct arena *a, size_t size)
{
    size_t need = rounded(a, size);
    if (need >= LARGE)
        return large_alloc(a, need, size);
    if (!a->top || a->top->size - a->top->used < need)
        add_chunk(a, need);
    char *at = a->top->bytes + a->top->used;
    a->top->used += need;
    UNPOISON(at, size);
    return at;
}

void *arena_zero(struct arena *a, size_t size)
{
    void *at = arena_alloc(a, size);
    memset(at, 0, size);
    return at;
}

void *arena_copy(struct arena *a, const void *bytes, size_t size)
{
    void *at = arena_alloc(a, size);
    if (size)
        memcpy(at, bytes, size);
    return at;
}

static bool is_last(const struct arena *a, const void *at, size_t need)
{
    const struct chunk *c = a->top;
    return c && at && (const char *)at + need == c->bytes + c->used;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    size_t had = rounded(a, old_size);
    size_t need = rounded(a, new_size);
    if (had >= LARGE && need >= LARGE)
        return large_grow(a, old, need, new_size);
    if (need >= had && need < LARGE && is_last(a, old, had)
        && a->top->size - a->top->used >= need - had) {
        a->top->used += need - had;
        UNPOISON(old, new_size);
        return old;
    }
    void *at = arena_alloc(a, new_size);
    if (old_size)
        memcpy(at, old, old_size < new_size ? old_size : new_size);
    return at;
}

void arena_shrink(struct arena *a, void *last, size_t old_size, size_t new_size)
{
    size_t had = rounded(a, old_size);
    size_t need = rounded(a, new_size);
    if (had >= LARGE || !is_last(a, last, had) || need > had)
        return;
    a->top->used -= had - need;
    POISON((char *)last + new_size, had - new_size);
}

size_t arena_array(size_t n, size_t size)
{
    return size && n > SIZE_MAX / size ? SIZE_MAX : n * size;
}

void *arena_push(struct arena *a, void *items, size_t len, uint32_t *cap, size_t size)
{
    size_t more = *cap ? (size_t)*cap * 2 : 4;
    if (more > UINT32_MAX)
        refuse(a);
    void *moved = arena_grow(a, items, arena_array(len, size), arena_array(more, size));
    *cap = (uint32_t)more;
    return moved;
}

void arena_defer(struct arena *a, void (*cleanup)(void *), void *what)
{
    struct cleanup *c = arena_alloc(a, sizeof *c);
    *c = (struct cleanup){ a->cleanups, cleanup, what };
    a->cleanups = c;
}

struct mark arena_mark(const struct arena *a)
{
    return (struct mark){ a->top, a->top ? a->top->used : 0, a->cleanups, a->large_count };
}

void arena_rewind(struct arena *a, struct mark to)
{
    run_cleanups(a, to.cleanup);
    drop_large(a, to.large);
    while (a->top != to.chunk)
        drop_top(a);
    if (!a->top)
        return;
    a->top->used = to.used;
    POISON(a->top->bytes + to.used, a->top->size - to.used);
}

size_t arena_used(const struct arena *a)
{
    return a->held;
}

void arena_raise(struct arena *a, size_t more)
{
    a->ceiling += more;
}

size_t arena_narrow(struct arena *a, size_t more)
{
    size_t ceiling = a->ceiling;
    if (a->held < ceiling && ceiling - a->held > more)
        a->ceiling = a->held + more;
    return ceiling;
}

void arena_widen(struct arena *a, size_t ceiling)
{
    a->ceiling = ceiling;
}
