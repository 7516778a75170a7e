/* Plain and quoted scalars: line ends become spaces, doubled quotes and escapes what they mean.
 *
 * libfyaml's own text is not used: it miscounts single quotes that are doubled twice in a row. */
#include "render/doc/flow_text.h"

#include "render/base/buf.h"

/* The length of a line end, also of those that only YAML 1.1 knows, or 0. */
static size_t break_at(str s, size_t i)
{
    if (i >= s.len)
        return 0;
    if (s.at[i] == '\n')
        return 1;
    str rest = str_skip(s, i);
    if (s.at[i] == '\r')
        return str_starts(rest, S("\r\n")) ? 2 : 1;
    if (str_starts(rest, S("\xC2\x85")))
        return 2;
    return str_starts(rest, S("\xE2\x80\xA8")) || str_starts(rest, S("\xE2\x80\xA9")) ? 3 : 0;
}

/* A separator stands for itself, every other line end for a newline. */
static void put_break(struct buf *b, str s, size_t i, size_t n)
{
    if (n == 3)
        buf_str(b, str_slice(s, i, i + n));
    else
        buf_char(b, '\n');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Blanks and line ends between two words: the first line end is a space when it is the only
 * one, and falls when it is not. Behind a "\" at the end of a line there is no first one. */
static size_t put_gap(struct buf *b, str s, size_t begin, bool escaped)
{
    bool folded = escaped;
    bool space = false;
    size_t i = begin;
    for (size_t n; i < s.len && ((n = break_at(s, i)) != 0 || is_blank(s.at[i])); i += n ? n : 1) {
        if (!n)
            continue;
        space = !folded && n != 3;
        if (!space)
            put_break(b, s, i, n);
        folded = true;
    }
    if (space)
        buf_char(b, ' ');
    else if (!folded)
        buf_str(b, str_slice(s, begin, i));
    return i;
}

static uint32_t hex_at(str s, size_t i, size_t digits)
{
    uint32_t value = 0;
    for (size_t end = i + digits; i < end && i < s.len; i++) {
        char c = s.at[i];
        uint32_t digit = c <= '9' ? (uint32_t)(c - '0') : (uint32_t)((c | 32) - 'a' + 10);
        value = value << 4 | (digit & 15);
    }
    return value;
}

/* What follows a backslash at i - 1; gives where it ends. */
static size_t put_escape(struct buf *b, str s, size_t i)
{
    static const char names[] = "0abt\tnvfre \"'/\\N_LPxuU";
    static const uint32_t runes[] = { 0,   7,   8,    '\t', '\t', '\n', 11,   12,     '\r',  27,
                                      ' ', '"', '\'', '/',  '\\', 0x85, 0xA0, 0x2028, 0x2029 };
    static const size_t digits[] = { 2, 4, 8 };
    const char *found = i < s.len && s.at[i] ? strchr(names, s.at[i]) : NULL;
    if (!found)
        return i;
    size_t which = (size_t)(found - names);
    if (which < countof(runes)) {
        buf_rune(b, runes[which]);
        return i + 1;
    }
    size_t n = digits[which - countof(runes)];
    buf_rune(b, hex_at(s, i + 1, n));
    return i + 1 + n < s.len ? i + 1 + n : s.len;
}

/* Does no character stand for anything but itself? */
static bool is_literal(str s, char quote)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '\n' || c == '\r' || c == 0xC2 || c == 0xE2 || (quote == '\'' && c == '\'')
            || (quote == '"' && c == '\\'))
            return false;
    }
    return true;
}

str flow_text(struct arena *a, str raw, char quote)
{
    if (is_literal(raw, quote))
        return raw;
    struct buf b;
    buf_init(&b, a, raw.len + 1);
    for (size_t i = 0; i < raw.len;) {
        if (is_blank(raw.at[i]) || break_at(raw, i)) {
            i = put_gap(&b, raw, i, false);
        } else if (quote == '"' && raw.at[i] == '\\' && break_at(raw, i + 1)) {
            i = put_gap(&b, raw, i + 1 + break_at(raw, i + 1), true);
        } else if (quote == '"' && raw.at[i] == '\\') {
            i = put_escape(&b, raw, i + 1);
        } else {
            buf_char(&b, raw.at[i]);
            i += quote == '\'' && raw.at[i] == '\'' ? 2 : 1;
        }
    }
    return buf_take(&b);
}
