/* Myers' greedy search for the shortest edit script, between the common ends. */
#include "promote/sequence.h"

enum { EDITS_MOST = 2000 };

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

void sequence_match(struct arena *scratch, const uint32_t *a, uint32_t n, const uint32_t *b,
                    uint32_t m, int32_t *match)
{
    uint32_t head = 0, tail = 0;
    for (uint32_t i = 0; i < n; i++)
        match[i] = -1;
    for (; head < n && head < m && a[head] == b[head]; head++)
        match[head] = (int32_t)head;
    for (; tail < n - head && tail < m - head && a[n - 1 - tail] == b[m - 1 - tail]; tail++)
        match[n - 1 - tail] = (int32_t)(m - 1 - tail);
    struct mark before = arena_mark(scratch);
    struct search *s = NEW(scratch, struct search);
    *s = (struct search){ .a = a + head, .b = b + head };
    s->n = (int32_t)(n - head - tail);
    s->m = (int32_t)(m - head - tail);
    int32_t edits = s->n && s->m ? search(scratch, s) : -1;
    if (edits >= 0) {
        walk_back(s, edits, match + head);
        for (uint32_t i = head; i < n - tail; i++)
            match[i] += match[i] >= 0 ? (int32_t)head : 0;
    }
    arena_rewind(scratch, before);
}
