/* Sets of characters, and those with names: \d, \w, \s, [:alpha:], …, which are ASCII's. */
#include "render/base/regex_parts.h"

#include <stdlib.h>

#include "render/base/unicode.h"

void rune_set_add(struct rune_set *set, uint32_t first, uint32_t last)
{
    ARENA_PUSH(set->arena, set->at, set->len, set->cap);
    set->at[set->len++] = (struct rune_range){ first, last };
}

void rune_set_add_folded(struct rune_set *set, uint32_t first, uint32_t last)
{
    /* No character beyond these has a sibling; checked by test. */
    enum { FIRST_FOLD = 'A', LAST_FOLD = 0x1E943 };
    rune_set_add(set, first, last);
    if (first <= FIRST_FOLD && last >= LAST_FOLD)
        return;
    uint32_t from = first > FIRST_FOLD ? first : FIRST_FOLD;
    uint32_t to = last < LAST_FOLD ? last : LAST_FOLD;
    for (uint32_t r = from; r <= to; r++) {
        for (uint32_t f = rune_fold(r); f != r; f = rune_fold(f)) {
            struct rune_range *newest = &set->at[set->len - 1];
            if (f >= first && f <= last)
                continue;
            if (newest->last + 1 == f)
                newest->last = f;
            else
                rune_set_add(set, f, f);
        }
    }
}

void rune_set_add_all(struct rune_set *set, const struct rune_set *other)
{
    for (uint32_t i = 0; i < other->len; i++)
        rune_set_add(set, other->at[i].first, other->at[i].last);
}

static int by_first(const void *x, const void *y)
{
    const struct rune_range *a = x, *b = y;
    return a->first < b->first ? -1 : a->first > b->first;
}

void rune_set_sort(struct rune_set *set)
{
    if (set->len == 0)
        return;
    bool sorted = true;
    for (uint32_t i = 1; i < set->len && sorted; i++)
        sorted = set->at[i - 1].first <= set->at[i].first;
    if (!sorted)
        qsort(set->at, set->len, sizeof *set->at, by_first);
    uint32_t kept = 0;
    for (uint32_t i = 1; i < set->len; i++) {
        struct rune_range *last = &set->at[kept], *next = &set->at[i];
        if (next->first > last->last + 1)
            set->at[++kept] = *next;
        else if (next->last > last->last)
            last->last = next->last;
    }
    set->len = kept + 1;
}

void rune_set_negate(struct rune_set *set)
{
    rune_set_sort(set);
    struct rune_set rest = { .arena = set->arena };
    uint32_t from = 0;
    for (uint32_t i = 0; i < set->len; i++) {
        if (set->at[i].first > from)
            rune_set_add(&rest, from, set->at[i].first - 1);
        from = set->at[i].last + 1;
    }
    if (from <= RUNE_LAST)
        rune_set_add(&rest, from, RUNE_LAST);
    *set = rest;
}

static const struct {
    const char *name;
    const char *ranges; /* pairs of first and last */
} named_sets[] = {
    { "d", "09" },           { "s", "\t\n\f\r  " },
    { "w", "09AZ__az" },     { "alnum", "09AZaz" },
    { "alpha", "AZaz" },     { "ascii", "\1\x7f" }, /* and NUL, see below */
    { "blank", "\t\t  " },   { "cntrl", "\1\x1f\x7f\x7f" },
    { "digit", "09" },       { "graph", "!~" },
    { "lower", "az" },       { "print", " ~" },
    { "punct", "!/:@[`{~" }, { "space", "\t\r  " },
    { "upper", "AZ" },       { "word", "09AZ__az" },
    { "xdigit", "09AFaf" },
};

bool rune_set_add_named(struct rune_set *set, str name, bool negated, bool fold)
{
    for (size_t i = 0; i < countof(named_sets); i++) {
        if (!str_eq(name, str_from(named_sets[i].name)))
            continue;
        struct rune_set own = { .arena = set->arena };
        for (const char *c = named_sets[i].ranges; *c; c += 2) {
            /* A range from \1 begins at NUL, which can't stand in these strings. */
            uint32_t first = c[0] == '\1' ? 0 : (unsigned char)c[0];
            (fold ? rune_set_add_folded : rune_set_add)(&own, first, (unsigned char)c[1]);
        }
        if (negated)
            rune_set_negate(&own);
        rune_set_add_all(set, &own);
        return true;
    }
    return false;
}
