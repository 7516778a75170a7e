/* The escapes of URLs, HTML and JavaScript. */
#include "render/base/encode.h"

#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/unicode.h"

static bool is_unreserved(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
           || (c && strchr("-_.~", c));
}

void encode_percent(struct buf *b, str s, str keep)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_unreserved(s.at[i]) || str_has_char(keep, s.at[i]))
            buf_char(b, s.at[i]);
        else
            buf_format(b, "%%%02X", (unsigned char)s.at[i]);
    }
}

void encode_query(struct buf *b, str s)
{
    str part;
    while (str_cut(s, ' ', &part, &s)) {
        encode_percent(b, part, S(""));
        buf_char(b, '+');
    }
    encode_percent(b, part, S(""));
}

void encode_path(struct buf *b, str s)
{
    encode_percent(b, s, S("$&+=:@"));
}

static bool decode_percent(struct arena *a, str s, bool plus, str *out)
{
    struct buf b;
    buf_init(&b, a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] != '%') {
            buf_char(&b, plus && s.at[i] == '+' ? ' ' : s.at[i]);
            continue;
        }
        int high = i + 2 < s.len ? number_digit(s.at[i + 1]) : 99;
        int low = i + 2 < s.len ? number_digit(s.at[i + 2]) : 99;
        if (high > 15 || low > 15) {
            *out = str_concat(a, S("invalid URL escape "), quoted(a, str_slice(s, i, i + 3)));
            return false;
        }
        buf_char(&b, (char)(high << 4 | low));
        i += 2;
    }
    *out = buf_take(&b);
    return true;
}

bool decode_query(struct arena *a, str s, str *out)
{
    return decode_percent(a, s, true, out);
}

bool decode_path(struct arena *a, str s, str *out)
{
    return decode_percent(a, s, false, out);
}

static str html_escape(char c)
{
    switch (c) {
    case '"':
        return S("&#34;");
    case '\'':
        return S("&#39;");
    case '&':
        return S("&amp;");
    case '<':
        return S("&lt;");
    case '>':
        return S("&gt;");
    case '\0':
        return S("\xef\xbf\xbd");
    }
    return S("");
}

static void put_html(struct buf *b, str s, bool nul)
{
    size_t from = 0;
    for (size_t i = 0; i < s.len; i++) {
        str escape = html_escape(s.at[i]);
        if (escape.len == 0 || (s.at[i] == '\0' && !nul))
            continue;
        buf_str(b, str_slice(s, from, i));
        buf_str(b, escape);
        from = i + 1;
    }
    buf_str(b, str_skip(s, from));
}

void encode_html(struct buf *b, str s)
{
    put_html(b, s, false);
}

void encode_html_template(struct buf *b, str s)
{
    put_html(b, s, true);
}

void encode_js(struct buf *b, str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        uint32_t r = utf8_next(s, &i);
        if (r == '\\' || r == '\'' || r == '"')
            buf_format(b, "\\%c", (char)r);
        else if (r < ' ' || r == '<' || r == '>' || r == '&' || r == '='
                 || (r >= 0x80 && !rune_is_print(r)))
            buf_format(b, "\\u%04X", r);
        else
            buf_str(b, str_slice(s, at, i));
    }
}
