/* Go's path patterns. Going back, all stars but the last are forgotten, which is enough; the path is
 * read byte by byte but for '?' and classes. */
#include "render/base/glob.h"

/* One end of a range inside brackets, at *at; false when it is malformed. */
static bool read_bound(str p, size_t *at, uint32_t *r)
{
    if (*at < p.len && p.at[*at] == '\\')
        ++*at;
    else if (*at < p.len && (p.at[*at] == '-' || p.at[*at] == ']'))
        return false;
    if (*at >= p.len)
        return false;
    size_t from = *at;
    *r = utf8_next(p, at);
    return !(*r == 0xFFFD && *at == from + 1) && *at < p.len;
}

/* Brackets at *at, and whether they hold the character; false when malformed. */
static bool read_class(str p, size_t *at, uint32_t r, bool *holds)
{
    ++*at;
    bool negated = *at < p.len && p.at[*at] == '^';
    *at += negated;
    *holds = false;
    for (bool any = false; !any || p.at[*at] != ']'; any = true) {
        uint32_t low, high;
        if (!read_bound(p, at, &low))
            return false;
        high = low;
        if (p.at[*at] == '-') {
            ++*at;
            if (!read_bound(p, at, &high))
                return false;
        }
        *holds |= low <= r && r <= high;
    }
    ++*at;
    *holds ^= negated;
    return true;
}

static bool is_well_formed(str p)
{
    for (size_t i = 0; i < p.len;) {
        bool holds;
        if (p.at[i] == '[') {
            if (!read_class(p, &i, 0, &holds))
                return false;
        } else if (p.at[i] == '\\') {
            i += 2;
            if (i > p.len)
                return false;
        } else {
            i++;
        }
    }
    return true;
}

/* Matches what stands at *p with what stands at *n, and moves past both. */
static bool match_one(str pattern, str path, size_t *p, size_t *n)
{
    if (*n >= path.len)
        return false;
    bool holds;
    char c = pattern.at[*p];
    if (c == '[') {
        uint32_t r = utf8_next(path, n);
        return read_class(pattern, p, r, &holds) && holds;
    }
    if (c == '?') {
        ++*p;
        holds = path.at[*n] != '/';
        utf8_next(path, n);
        return holds;
    }
    if (c == '\\')
        c = pattern.at[++*p];
    ++*p;
    return path.at[(*n)++] == c;
}

enum glob_answer glob_match(str pattern, str path)
{
    size_t p = 0, n = 0, star = 0, star_at = 0; /* behind the last star; where it ended last */
    bool starred = false;
    if (!is_well_formed(pattern))
        return GLOB_MALFORMED;
    while (p < pattern.len || n < path.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            starred = true;
            star = ++p;
            star_at = n;
            continue;
        }
        if (p < pattern.len && match_one(pattern, path, &p, &n))
            continue;
        if (!starred || star_at >= path.len || path.at[star_at] == '/')
            return GLOB_NO;
        p = star;
        n = ++star_at;
    }
    return GLOB_YES;
}
