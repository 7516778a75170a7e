/* The first mistake ends the reading: its line, the key at hand, what is wrong. */
#include "render/template/toml_reader.h"

#include "render/base/quote.h"
#include "render/template/value_toml.h"

str toml_path(struct toml_reader *r, const str *parts, uint32_t n)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 64);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_char(&b, '.');
        toml_print_key(&b, parts[i]);
    }
    return buf_take(&b);
}

static str last_key(struct toml_reader *r)
{
    str context = toml_path(r, r->context, r->context_len);
    if (!r->key.len)
        return context;
    return r->context_len ? str_format(r->cx->arena, "%.*s.%.*s", STR(context), STR(r->key))
                          : r->key;
}

bool toml_fail_at(struct toml_reader *r, size_t at, str what)
{
    if (r->failed)
        return false;
    size_t line = 1;
    for (size_t i = 0; i < at && i < r->s.len; i++)
        line += r->s.at[i] == '\n';
    str key = last_key(r);
    r->failed = true;
    if (key.len)
        *r->why = str_format(r->cx->arena, "toml: line %zu (last key %.*s): %.*s", line,
                             STR(quoted(r->cx->arena, key)), STR(what));
    else
        *r->why = str_format(r->cx->arena, "toml: line %zu: %.*s", line, STR(what));
    return false;
}

/* About what was just read, or about the end of the text, which belongs to its last line. */
bool toml_fail(struct toml_reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str what = str_vformat(r->cx->arena, format, args);
    va_end(args);
    bool end = r->at >= r->s.len && r->at > 0;
    return toml_fail_at(r, end ? r->at - 1 : r->at, what);
}

static bool is_control(uint32_t c)
{
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

/* The next character, TOML_END at the end; broken and control characters are errors. */
uint32_t toml_next(struct toml_reader *r)
{
    if (r->at >= r->s.len || r->failed)
        return TOML_END;
    size_t before = r->at;
    uint32_t c = utf8_next(r->s, &r->at);
    if (c == 0xFFFD && r->at == before + 1) {
        toml_fail(r, "invalid UTF-8 byte: 0x%02x", (unsigned char)r->s.at[before]);
        return TOML_END;
    }
    bool lone = c == '\r' && !(r->at < r->s.len && r->s.at[r->at] == '\n');
    if (is_control(c) || lone) {
        r->at = before;
        toml_fail_at(
            r, before,
            str_format(r->cx->arena, "TOML files cannot contain control characters: '0x%02x'", c));
        return TOML_END;
    }
    return c;
}

char toml_peek(const struct toml_reader *r)
{
    return r->at < r->s.len ? r->s.at[r->at] : TOML_END;
}

bool toml_take(struct toml_reader *r, char c)
{
    bool there = r->at < r->s.len && r->s.at[r->at] == c;
    r->at += there;
    return there;
}

/* How Go's %q prints a character; the end is NUL there. */
str toml_rune(struct toml_reader *r, uint32_t c)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 16);
    quote_rune(&b, c, false);
    return buf_take(&b);
}

void toml_skip_blanks(struct toml_reader *r)
{
    while (toml_peek(r) == ' ' || toml_peek(r) == '\t')
        r->at++;
}

bool toml_skip_comment(struct toml_reader *r)
{
    while (!r->failed && r->at < r->s.len && toml_peek(r) != '\n')
        toml_next(r);
    return !r->failed;
}

/* Blanks, line ends and comments. */
bool toml_skip_lines(struct toml_reader *r)
{
    for (;;) {
        char c = toml_peek(r);
        if (c == '#') {
            if (!toml_skip_comment(r))
                return false;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (toml_next(r) == TOML_END)
                return false;
        } else {
            return true;
        }
    }
}
