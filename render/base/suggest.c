/* Edit distance (insertions, deletions, replacements, swaps of neighbours). */
#include "render/base/suggest.h"

#include <ctype.h>

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool same(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

size_t edit_distance(str a, str b, size_t most)
{
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (gap > most || a.len > LONGEST || b.len > LONGEST)
        return most + 1;
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0];
    size_t *above = rows[1];
    size_t *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        above[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = above[j - 1] + !same(a.at[i - 1], b.at[j - 1]);
            row[j] = least(change, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same(a.at[i - 1], b.at[j - 2]) && same(a.at[i - 2], b.at[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        size_t *free_row = before;
        before = above;
        above = row;
        row = free_row;
    }
    return least(above[b.len], most + 1);
}

ptrdiff_t suggest(str wanted, const str *candidates, size_t n)
{
    size_t most = (wanted.len + 2) / 4;
    ptrdiff_t best = -1;
    for (size_t i = 0; i < n && wanted.len; i++) {
        size_t distance = edit_distance(wanted, candidates[i], most);
        if (distance > most)
            continue;
        best = (ptrdiff_t)i;
        if (distance == 0)
            break;
        most = distance - 1;
    }
    return best;
}
