/* Myers' greedy search for the shortest edit script, between the common ends and among what both
 * sides have. Where that takes too many edits, what either side has once and in the same order
 * stands, and what is equal beside it. */
#include "promote/sequence.h"

enum { EDITS_MOST = 1000 };

struct search {
    const uint32_t *a, *b;
    int32_t n, m;
    int32_t *trace[EDITS_MOST + 1]; /* after each number of edits: the furthest x per diagonal */
};

static int32_t slide(const struct search *s, int32_t x, int32_t y)
{
    while (x < s->n && y < s->m && s->a[x] == s->b[y]) {
        x++;
        y++;
    }
    return x;
}

/* The furthest x on diagonal k after d edits, from the row of d - 1. */
static int32_t start_of(const int32_t *row, int32_t k, int32_t d)
{
    const int32_t *at = row + d - 1; /* diagonal 0 */
    bool down = k == -d || (k != d && at[k - 1] < at[k + 1]);
    return down ? at[k + 1] : at[k - 1] + 1;
}

/* The number of edits, or -1 when there are too many. */
static int32_t search(struct arena *scratch, struct search *s)
{
    for (int32_t d = 0; d <= EDITS_MOST && d <= s->n + s->m; d++) {
        int32_t *row = arena_alloc(scratch, (size_t)(2 * d + 1) * sizeof *row);
        s->trace[d] = row;
        for (int32_t k = -d; k <= d; k += 2) {
            int32_t x = d ? start_of(s->trace[d - 1], k, d) : 0;
            x = slide(s, x, x - k);
            row[d + k] = x;
            if (k < d)
                row[d + k + 1] = -1;
            if (x >= s->n && x - k >= s->m)
                return d;
        }
    }
    return -1;
}

static void walk_back(const struct search *s, int32_t d, int32_t *match)
{
    int32_t x = s->n, y = s->m;
    for (; d > 0; d--) {
        int32_t k = x - y;
        int32_t from = start_of(s->trace[d - 1], k, d);
        while (x > from) {
            x--;
            y--;
            match[x] = y;
        }
        const int32_t *at = s->trace[d - 1] + d - 1;
        bool down = k == -d || (k != d && at[k - 1] < at[k + 1]);
        y = down ? y - 1 : y;
        x = down ? x : x - 1;
    }
    while (x > 0) {
        x--;
        match[x] = x;
    }
}

/* What of a sequence the other one has too, and where. */
struct kept {
    uint32_t *at;
    uint32_t *places;
    uint32_t len;
};

enum { IN_A = 1, IN_B = 2, IN_BOTH = IN_A | IN_B };

static struct kept keep(struct arena *scratch, const uint32_t *at, uint32_t from, uint32_t to,
                        const uint8_t *seen, uint32_t known)
{
    struct kept k = { 0 };
    k.at = NEW_ARRAY(scratch, uint32_t, to - from);
    k.places = NEW_ARRAY(scratch, uint32_t, to - from);
    for (uint32_t i = from; i < to; i++) {
        if (at[i] > known || seen[at[i]] != IN_BOTH)
            continue;
        k.places[k.len] = i;
        k.at[k.len++] = at[i];
    }
    return k;
}

static void note(uint8_t *seen, uint32_t known, const uint32_t *at, uint32_t from, uint32_t to,
                 uint8_t bit)
{
    for (uint32_t i = from; i < to; i++) {
        if (at[i] <= known)
            seen[at[i]] |= bit;
    }
}

/* Anchors. */

/* For each number its only place in a sequence, or -1. */
static int32_t *only_places(struct arena *scratch, const struct kept *k, uint32_t known)
{
    int32_t *out = NEW_ARRAY(scratch, int32_t, known + 1);
    for (uint32_t i = 0; i <= known; i++)
        out[i] = -1;
    for (uint32_t i = 0; i < k->len; i++)
        out[k->at[i]] = out[k->at[i]] == -1 ? (int32_t)i : -2;
    return out;
}

/* The longest run of anchors whose places grow: piles of cards, each on the lowest that may be. */
static void longest_run(struct arena *scratch, int32_t *place, uint32_t n)
{
    uint32_t *top = NEW_ARRAY(scratch, uint32_t, n), piles = 0;
    int32_t *below = NEW_ARRAY(scratch, int32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t low = 0, high = piles;
        if (place[i] < 0)
            continue;
        while (low < high) {
            uint32_t middle = (low + high) / 2;
            if (place[top[middle]] < place[i])
                low = middle + 1;
            else
                high = middle;
        }
        below[i] = low ? (int32_t)top[low - 1] : -1;
        top[low] = i;
        piles += low == piles;
    }
    int32_t next = piles ? (int32_t)top[piles - 1] : -1;
    for (uint32_t i = n; i-- > 0;) {
        if ((int32_t)i == next)
            next = below[i];
        else
            place[i] = -1;
    }
}

/* What is equal right behind an anchor, then what is equal right before one. */
static void extend(struct arena *scratch, const struct kept *a, const struct kept *b,
                   int32_t *match)
{
    int32_t *before = NEW_ARRAY(scratch, int32_t, a->len), j = -1;
    for (uint32_t i = 0; i < a->len; i++) {
        before[i] = j;
        bool behind = i && match[i - 1] >= 0 && (uint32_t)j + 1 < b->len;
        if (match[i] < 0 && behind && a->at[i] == b->at[j + 1])
            match[i] = j + 1;
        j = match[i] >= 0 ? match[i] : j;
    }
    for (uint32_t i = a->len; i-- > 1;) {
        int32_t next = match[i] - 1;
        if (match[i - 1] < 0 && next > before[i - 1] && a->at[i - 1] == b->at[next])
            match[i - 1] = next;
    }
}

static void match_by_anchors(struct arena *scratch, const struct kept *a, const struct kept *b,
                             uint32_t known, int32_t *match)
{
    int32_t *in_a = only_places(scratch, a, known), *in_b = only_places(scratch, b, known);
    for (uint32_t i = 0; i < a->len; i++)
        match[i] = in_a[a->at[i]] >= 0 && in_b[a->at[i]] >= 0 ? in_b[a->at[i]] : -1;
    longest_run(scratch, match, a->len);
    extend(scratch, a, b, match);
}

void sequence_match(struct arena *scratch, const uint32_t *a, uint32_t n, const uint32_t *b,
                    uint32_t m, int32_t *match)
{
    uint32_t head = 0, tail = 0, known = n + m;
    for (uint32_t i = 0; i < n; i++)
        match[i] = -1;
    for (; head < n && head < m && a[head] == b[head]; head++)
        match[head] = (int32_t)head;
    for (; tail < n - head && tail < m - head && a[n - 1 - tail] == b[m - 1 - tail]; tail++)
        match[n - 1 - tail] = (int32_t)(m - 1 - tail);
    if (head + tail == n || head + tail == m)
        return;
    struct mark before = arena_mark(scratch);
    uint8_t *seen = arena_zero(scratch, (size_t)known + 1);
    note(seen, known, a, head, n - tail, IN_A);
    note(seen, known, b, head, m - tail, IN_B);
    struct kept x = keep(scratch, a, head, n - tail, seen, known);
    struct kept y = keep(scratch, b, head, m - tail, seen, known);
    int32_t *found = NEW_ARRAY(scratch, int32_t, x.len);
    for (uint32_t i = 0; i < x.len; i++)
        found[i] = -1;
    struct search *s = NEW(scratch, struct search);
    *s = (struct search){ .a = x.at, .b = y.at, .n = (int32_t)x.len, .m = (int32_t)y.len };
    int32_t edits = x.len && y.len ? search(scratch, s) : -1;
    if (edits >= 0)
        walk_back(s, edits, found);
    else if (x.len && y.len)
        match_by_anchors(scratch, &x, &y, known, found);
    for (uint32_t i = 0; i < x.len; i++) {
        if (found[i] >= 0)
            match[x.places[i]] = (int32_t)y.places[found[i]];
    }
    arena_rewind(scratch, before);
}
