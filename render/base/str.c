/* String views, and the UTF-8 inside them. */
#include "render/base/str.h"

#include <stdio.h>

#include "render/base/arena.h"
#include "render/base/buf.h"

int str_cmp(str a, str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n ? memcmp(a.at, b.at, n) : 0;
    if (c)
        return c < 0 ? -1 : 1;
    return a.len < b.len ? -1 : a.len > b.len;
}

str str_from(const char *terminated)
{
    return terminated ? (str){ terminated, strlen(terminated) } : S("");
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && str_eq((str){ s.at, prefix.len }, prefix);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len && str_eq(str_skip(s, s.len - suffix.len), suffix);
}

bool str_has(str s, str part)
{
    return str_find(s, part) >= 0;
}

bool str_has_char(str s, char c)
{
    return s.len && memchr(s.at, c, s.len);
}

ptrdiff_t str_find(str s, str part)
{
    if (part.len == 0)
        return 0;
    const char *found = s.len ? memmem(s.at, s.len, part.at, part.len) : NULL;
    return found ? found - s.at : -1;
}

ptrdiff_t str_find_char(str s, char c)
{
    const char *found = s.len ? memchr(s.at, c, s.len) : NULL;
    return found ? found - s.at : -1;
}

ptrdiff_t str_find_last(str s, char c)
{
    const char *found = s.len ? memrchr(s.at, c, s.len) : NULL;
    return found ? found - s.at : -1;
}

str str_slice(str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from >= to)
        return (str){ s.at ? s.at + (from < s.len ? from : s.len) : NULL, 0 };
    return (str){ s.at + from, to - from };
}

str str_skip(str s, size_t n)
{
    return str_slice(s, n, s.len);
}

str str_trim_chars(str s, str chars)
{
    while (s.len && str_has_char(chars, s.at[0]))
        s = str_skip(s, 1);
    while (s.len && str_has_char(chars, s.at[s.len - 1]))
        s.len--;
    return s;
}

str str_trim(str s)
{
    return str_trim_chars(s, S(" \t\r\n"));
}

str str_trim_prefix(str s, str prefix)
{
    return str_starts(s, prefix) ? str_skip(s, prefix.len) : s;
}

str str_trim_suffix(str s, str suffix)
{
    return str_ends(s, suffix) ? str_slice(s, 0, s.len - suffix.len) : s;
}

static bool cut_at(str s, ptrdiff_t at, str *head, str *tail)
{
    if (at < 0) {
        *head = s;
        *tail = S("");
        return false;
    }
    *head = str_slice(s, 0, (size_t)at);
    *tail = str_skip(s, (size_t)at + 1);
    return true;
}

bool str_cut(str s, char sep, str *head, str *tail)
{
    return cut_at(s, str_find_char(s, sep), head, tail);
}

bool str_cut_last(str s, char sep, str *head, str *tail)
{
    return cut_at(s, str_find_last(s, sep), head, tail);
}

bool str_next_line(str *rest, str *line)
{
    if (rest->len == 0)
        return false;
    str_cut(*rest, '\n', line, rest);
    *line = str_trim_suffix(*line, S("\r"));
    return true;
}

bool str_next_field(str *rest, char sep, str *field)
{
    if (!rest->at)
        return false;
    if (!str_cut(*rest, sep, field, rest))
        rest->at = NULL;
    return true;
}

uint32_t str_hash(str s)
{
    /* FNV-1a over eight bytes at a time: names are short, and nobody can profit from
     * collisions here that could not simply send a larger file. */
    uint64_t h = 0xcbf29ce484222325u ^ s.len;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t word;
        memcpy(&word, s.at + i, 8);
        h = (h ^ word) * 0x9e3779b97f4a7c15u;
        h ^= h >> 29;
    }
    for (; i < s.len; i++)
        h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3u;
    h ^= h >> 32;
    h *= 0x9e3779b97f4a7c15u;
    return (uint32_t)(h >> 32);
}

str str_dup(struct arena *a, str s)
{
    return (str){ arena_copy(a, s.at, s.len), s.len };
}

char *str_cstr(struct arena *a, str s)
{
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.at, s.len);
    copy[s.len] = '\0';
    return copy;
}

str str_vformat(struct arena *a, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (n <= 0)
        return S("");
    char *at = arena_alloc(a, (size_t)n + 1);
    vsnprintf(at, (size_t)n + 1, format, args);
    return (str){ at, (size_t)n };
}

str str_format(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str s = str_vformat(a, format, args);
    va_end(args);
    return s;
}

str str_join(struct arena *a, const str *parts, size_t n, str sep)
{
    size_t len = n ? sep.len * (n - 1) : 0;
    for (size_t i = 0; i < n; i++)
        len += parts[i].len;
    struct buf b;
    buf_init(&b, a, len ? len : 1);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_str(&b, sep);
        buf_str(&b, parts[i]);
    }
    return buf_take(&b);
}

str str_concat(struct arena *a, str x, str y)
{
    return str_join(a, (str[]){ x, y }, 2, S(""));
}

str str_replace_all(struct arena *a, str s, str old, str new_)
{
    ptrdiff_t at = old.len ? str_find(s, old) : -1;
    if (at < 0)
        return s;
    struct buf b;
    buf_init(&b, a, s.len + new_.len);
    for (; at >= 0; at = str_find(s, old)) {
        buf_str(&b, str_slice(s, 0, (size_t)at));
        buf_str(&b, new_);
        s = str_skip(s, (size_t)at + old.len);
    }
    buf_str(&b, s);
    return buf_take(&b);
}

/* How many continuation bytes a lead byte asks for, or -1. */
static int continuation_count(unsigned char lead)
{
    if (lead < 0x80)
        return 0;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    if (lead >= 0xF0 && lead <= 0xF4)
        return 3;
    return -1;
}

static bool decode(str s, size_t offset, uint32_t *rune, size_t *used)
{
    static const uint32_t smallest[] = { 0, 0x80, 0x800, 0x10000 };
    unsigned char lead = (unsigned char)s.at[offset];
    int more = continuation_count(lead);
    if (more < 0 || s.len - offset <= (size_t)more)
        return false;
    uint32_t r = more ? lead & (0x3Fu >> more) : lead;
    for (int i = 1; i <= more; i++) {
        unsigned char c = (unsigned char)s.at[offset + (size_t)i];
        if ((c & 0xC0) != 0x80)
            return false;
        r = r << 6 | (c & 0x3F);
    }
    if (r < smallest[more] || r > 0x10FFFF || (r >= 0xD800 && r <= 0xDFFF))
        return false;
    *rune = r;
    *used = (size_t)more + 1;
    return true;
}

uint32_t utf8_next(str s, size_t *offset)
{
    uint32_t rune = 0xFFFD;
    size_t used = 1;
    if (!decode(s, *offset, &rune, &used)) {
        rune = 0xFFFD;
        used = 1;
    }
    *offset += used;
    return rune;
}

size_t utf8_put(char out[4], uint32_t rune)
{
    if (rune > 0x10FFFF || (rune >= 0xD800 && rune <= 0xDFFF))
        rune = 0xFFFD;
    if (rune < 0x80) {
        out[0] = (char)rune;
        return 1;
    }
    if (rune < 0x800) {
        out[0] = (char)(0xC0 | rune >> 6);
        out[1] = (char)(0x80 | (rune & 0x3F));
        return 2;
    }
    if (rune < 0x10000) {
        out[0] = (char)(0xE0 | rune >> 12);
        out[1] = (char)(0x80 | (rune >> 6 & 0x3F));
        out[2] = (char)(0x80 | (rune & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | rune >> 18);
    out[1] = (char)(0x80 | (rune >> 12 & 0x3F));
    out[2] = (char)(0x80 | (rune >> 6 & 0x3F));
    out[3] = (char)(0x80 | (rune & 0x3F));
    return 4;
}

size_t utf8_count(str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len; n++) {
        if ((unsigned char)s.at[i] < 0x80)
            i++;
        else
            utf8_next(s, &i);
    }
    return n;
}

bool utf8_valid(str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t rune;
        size_t used;
        if (!decode(s, i, &rune, &used))
            return false;
        i += used;
    }
    return true;
}
