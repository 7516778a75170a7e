/* Go's quoted strings.
 *
 * A byte that is no UTF-8 becomes \x.., whereas a real U+FFFD stays as it is. */
#include "render/base/quote.h"

#include "render/base/number.h"
#include "render/base/unicode.h"

static void put_rune(struct buf *b, uint32_t r, char mark, bool ascii)
{
    static const char shorts[] = "abtnvfr"; /* 7 to 13 */
    if (r == (unsigned char)mark || r == '\\') {
        buf_char(b, '\\');
        buf_char(b, (char)r);
    } else if (rune_is_print(r) && (!ascii || r < 0x80)) {
        buf_rune(b, r);
    } else if (r >= 7 && r <= 13) {
        buf_char(b, '\\');
        buf_char(b, shorts[r - 7]);
    } else if (r < ' ' || r == 0x7F) {
        buf_format(b, "\\x%02x", r);
    } else {
        buf_format(b, r < 0x10000 ? "\\u%04x" : "\\U%08x", r);
    }
}

static void put_text(struct buf *b, str s, bool ascii)
{
    buf_char(b, '"');
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        uint32_t r = utf8_next(s, &i);
        if (r == 0xFFFD && i == at + 1)
            buf_format(b, "\\x%02x", (unsigned char)s.at[at]);
        else
            put_rune(b, r, '"', ascii);
    }
    buf_char(b, '"');
}

void quote(struct buf *b, str s)
{
    put_text(b, s, false);
}

void quote_ascii(struct buf *b, str s)
{
    put_text(b, s, true);
}

static bool can_be_raw(str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        uint32_t r = utf8_next(s, &i);
        bool broken = r == 0xFFFD && i == at + 1;
        if (broken || r == 0xFEFF || (r < ' ' && r != '\t') || r == '`' || r == 0x7F)
            return false;
    }
    return true;
}

void quote_raw(struct buf *b, str s)
{
    if (!can_be_raw(s)) {
        quote(b, s);
        return;
    }
    buf_char(b, '`');
    buf_str(b, s);
    buf_char(b, '`');
}

void quote_rune(struct buf *b, uint32_t rune, bool ascii)
{
    if (rune > RUNE_LAST || (rune >= 0xD800 && rune <= 0xDFFF))
        rune = 0xFFFD;
    buf_char(b, '\'');
    put_rune(b, rune, '\'', ascii);
    buf_char(b, '\'');
}

str quoted(struct arena *a, str s)
{
    struct buf b;
    buf_init(&b, a, s.len + 8);
    quote(&b, s);
    return buf_take(&b);
}

/* Reads `count` digits of a base at *i. */
static bool read_number(str s, size_t *i, int count, uint32_t base, uint32_t *out)
{
    *out = 0;
    for (; count > 0; count--, ++*i) {
        if (*i == s.len)
            return false;
        uint32_t d = (uint32_t)number_digit(s.at[*i]);
        if (d >= base)
            return false;
        *out = *out * base + d;
    }
    return true;
}

static bool put_code_point(struct buf *b, uint32_t r)
{
    if (r > RUNE_LAST || (r >= 0xD800 && r <= 0xDFFF))
        return false;
    buf_rune(b, r);
    return true;
}

/* What follows a backslash at *i. */
static bool unescape(struct buf *b, str s, char mark, size_t *i)
{
    static const char names[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    if (*i == s.len)
        return false;
    char c = s.at[(*i)++];
    uint32_t r;
    const char *name = c ? strchr(names, c) : NULL;
    if (name || ((c == '"' || c == '\'') && c == mark)) {
        buf_char(b, name ? values[name - names] : c);
        return true;
    }
    switch (c) {
    case 'x':
        if (!read_number(s, i, 2, 16, &r))
            return false;
        buf_char(b, (char)r);
        return true;
    case 'u':
        return read_number(s, i, 4, 16, &r) && put_code_point(b, r);
    case 'U':
        return read_number(s, i, 8, 16, &r) && put_code_point(b, r);
    }
    --*i;
    if (!read_number(s, i, 3, 8, &r) || r > 255)
        return false;
    buf_char(b, (char)r);
    return true;
}

static bool unquote_raw(struct arena *a, str inner, str *out)
{
    if (str_has_char(inner, '`'))
        return false;
    *out = str_replace_all(a, inner, S("\r"), S(""));
    return true;
}

bool unquote(struct arena *a, str text, str *out)
{
    if (text.len < 2 || text.at[0] != text.at[text.len - 1])
        return false;
    char mark = text.at[0];
    str s = str_slice(text, 1, text.len - 1);
    if (mark == '`')
        return unquote_raw(a, s, out);
    if (mark != '"' && mark != '\'')
        return false;
    if (mark == '"' && !str_has_char(s, '\\') && !str_has_char(s, '"') && !str_has_char(s, '\n')) {
        *out = s;
        return true;
    }
    struct buf b;
    buf_init(&b, a, s.len + 1);
    size_t count = 0;
    for (size_t i = 0; i < s.len; count++) {
        char c = s.at[i];
        if (c == mark || c == '\n')
            return false;
        if (c == '\\') {
            i++;
            if (!unescape(&b, s, mark, &i))
                return false;
            continue;
        }
        size_t at = i;
        utf8_next(s, &i);
        buf_str(&b, str_slice(s, at, i));
    }
    *out = buf_take(&b);
    return mark == '"' || count == 1;
}
