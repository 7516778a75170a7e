/* The deterministic bytes are SHA-256 of the seed, the place and a counter. */
#include "render/template/random.h"

#include <errno.h>
#include <sys/random.h>

#include "render/base/digest.h"
#include "render/template/eval.h"

void random_warn(struct call *c)
{
    struct map *chances = &c->run->engine->chances;
    struct map_entry *e = map_entry(chances, str_from(c->func->name));
    if (!e->value)
        warn(c->cx, c->pos, "'%s' would give another value in every run: it is fixed here",
             c->func->name);
    e->value = chances;
}

static uint64_t next_count(struct call *c, str place)
{
    struct map_entry *e = map_entry(&c->run->engine->chances, place);
    uintptr_t count = (uintptr_t)e->value;
    e->value = (void *)(count + 1);
    return count;
}

static void fixed_bytes(struct call *c, unsigned char *out, size_t n)
{
    struct text *text = text_of(c->cx, c->pos);
    str place = str_format(c->cx->arena, "%.*s %s", STR(text ? text->name : S("")), c->func->name);
    uint64_t numbers[2] = { c->cx->seed, next_count(c, place) };
    unsigned char block[SHA256_SIZE];
    for (uint64_t i = 0; n; i++) {
        struct sha256 h;
        sha256_begin(&h);
        sha256_add(&h, numbers, sizeof numbers);
        sha256_add(&h, &i, sizeof i);
        sha256_add(&h, place.at, place.len);
        sha256_end(&h, block);
        size_t part = n < sizeof block ? n : sizeof block;
        memcpy(out, block, part);
        out += part;
        n -= part;
    }
}

bool random_bytes(struct call *c, void *out, size_t n)
{
    unsigned char *at = out;
    if (c->cx->switches.deterministic) {
        random_warn(c);
        fixed_bytes(c, out, n);
        return true;
    }
    while (n) {
        ssize_t got = getrandom(at, n, 0);
        if (got < 0 && errno != EINTR)
            return report_surroundings(c->cx, c->pos, "the system has no random bytes: %s",
                                       strerror(errno));
        at += got > 0 ? got : 0;
        n -= got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool random_below(struct call *c, uint64_t below, uint64_t *out)
{
    /* What lies above the last whole multiple would make small numbers likelier. */
    uint64_t limit = UINT64_MAX - UINT64_MAX % below;
    do {
        if (!random_bytes(c, out, sizeof *out))
            return false;
    } while (*out >= limit);
    *out %= below;
    return true;
}
