/* JSON to values in one pass, with the errors of Go's scanner.
 *
 * That scanner sees the end of the text as a space: where a space can't stand, the error is about
 * the space (json.cases: "a text that ends within a word"). */
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/template/value_text.h"

struct reader {
    struct context *cx;
    str s;
    size_t at;
    uint32_t depth;
    str error; /* the first one: nothing is read after it */
    str unfit; /* the first number that no float64 can hold */
};

static unsigned char here(const struct reader *r)
{
    return r->at < r->s.len ? (unsigned char)r->s.at[r->at] : ' ';
}

/* The character here can't stand "looking for beginning of value". */
static bool unexpected(struct reader *r, const char *where)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 16);
    unsigned char c = here(r);
    if (c == '\'') {
        buf_str(&b, S("'\\''"));
    } else if (c == '"') {
        buf_str(&b, S("'\"'"));
    } else {
        char utf8[4];
        quote(&b, (str){ utf8, utf8_put(utf8, c) });
        b.at[0] = b.at[b.len - 1] = '\'';
    }
    r->error = str_format(r->cx->arena, "invalid character %.*s %s", STR(buf_view(&b)), where);
    return false;
}

static bool at_end(struct reader *r)
{
    r->error = S("unexpected end of JSON input");
    return false;
}

/* Skips spaces; false at the end of the text, which is then the error. */
static bool more(struct reader *r)
{
    while (r->at < r->s.len && str_has_char(S(" \t\r\n"), r->s.at[r->at]))
        r->at++;
    return r->at < r->s.len || at_end(r);
}

static int hex_value(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool read_hex4(struct reader *r, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int digit = hex_value(here(r));
        if (digit < 0)
            return unexpected(r, "in \\u hexadecimal character escape");
        *out = *out << 4 | (uint32_t)digit;
    }
    return true;
}

/* "\uXXXX", or two of them that are one character; half of such a pair alone is U+FFFD. */
static bool read_unicode(struct reader *r, struct buf *out)
{
    uint32_t high, low;
    if (!read_hex4(r, &high))
        return false;
    size_t before = r->at;
    if (high >= 0xD800 && high < 0xDC00 && str_starts(str_skip(r->s, r->at), S("\\u"))) {
        r->at += 2;
        if (!read_hex4(r, &low))
            return false;
        if (low >= 0xDC00 && low < 0xE000)
            high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        else
            r->at = before;
    }
    buf_rune(out, high >= 0xD800 && high < 0xE000 ? 0xFFFD : high);
    return true;
}

static bool read_escape(struct reader *r, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    const char *found = memchr(from, here(r), sizeof from - 1);
    if (found) {
        r->at++;
        buf_char(out, to[found - from]);
        return true;
    }
    if (here(r) != 'u')
        return unexpected(r, "in string escape code");
    r->at++;
    return read_unicode(r, out);
}

static bool read_string_parts(struct reader *r, size_t start, str *out)
{
    struct buf b;
    buf_init(&b, r->cx->arena, r->at - start + 64);
    r->at = start;
    while (r->at < r->s.len && here(r) != '"') {
        unsigned char c = here(r);
        if (c < ' ')
            return unexpected(r, "in string literal");
        if (c == '\\') {
            r->at++;
            if (!read_escape(r, &b))
                return false;
        } else if (c < 0x80) {
            buf_char(&b, (char)c);
            r->at++;
        } else {
            buf_rune(&b, utf8_next(r->s, &r->at));
        }
    }
    if (r->at >= r->s.len)
        return at_end(r);
    r->at++;
    *out = buf_take(&b);
    return true;
}

/* Behind the opening quote. */
static bool read_string(struct reader *r, str *out)
{
    size_t start = r->at;
    while (r->at < r->s.len && (unsigned char)r->s.at[r->at] >= ' ' && r->s.at[r->at] != '"'
           && r->s.at[r->at] != '\\' && (unsigned char)r->s.at[r->at] < 0x80)
        r->at++;
    if (here(r) != '"' || r->at >= r->s.len)
        return read_string_parts(r, start, out);
    *out = str_slice(r->s, start, r->at++);
    return true;
}

static bool read_digits(struct reader *r, const char *where)
{
    if (here(r) < '0' || here(r) > '9')
        return unexpected(r, where);
    while (here(r) >= '0' && here(r) <= '9')
        r->at++;
    return true;
}

static bool read_number(struct reader *r, struct value *out)
{
    size_t start = r->at;
    double f;
    if (here(r) == '-')
        r->at++;
    if (here(r) == '0')
        r->at++;
    else if (!read_digits(r, "in numeric literal"))
        return false;
    if (here(r) == '.') {
        r->at++;
        if (!read_digits(r, "after decimal point in numeric literal"))
            return false;
    }
    if (here(r) == 'e' || here(r) == 'E') {
        r->at++;
        if (here(r) == '+' || here(r) == '-')
            r->at++;
        if (!read_digits(r, "in exponent of numeric literal"))
            return false;
    }
    str text = str_slice(r->s, start, r->at);
    *out = NIL;
    if (number_float(text, 64, &f) == NUMBER_OK)
        *out = value_float(f);
    else if (!r->unfit.at)
        r->unfit = text;
    return true;
}

static bool read_word(struct reader *r, const char *word, struct value v, struct value *out)
{
    for (size_t i = 0; word[i]; i++, r->at++) {
        if (here(r) != (unsigned char)word[i])
            return unexpected(
                r, str_cstr(r->cx->arena, str_format(r->cx->arena, "in literal %s (expecting '%c')",
                                                     word, word[i])));
    }
    *out = v;
    return true;
}

static bool read_value(struct reader *r, struct value *out);

static bool read_list(struct reader *r, struct value *out)
{
    struct value *items = NULL;
    uint32_t len = 0, cap = 0;
    r->at++;
    if (!more(r))
        return false;
    for (bool end = here(r) == ']'; !end;) {
        ARENA_PUSH(r->cx->arena, items, len, cap);
        struct value item;
        if (!read_value(r, &item) || !more(r))
            return false;
        items[len++] = item;
        end = here(r) == ']';
        if (!end && here(r) != ',')
            return unexpected(r, "after array element");
        if (!end)
            r->at++;
    }
    r->at++;
    *out = value_list(items, len);
    return true;
}

static bool read_entry(struct reader *r, struct dict *d)
{
    str key;
    struct value v;
    if (!more(r))
        return false;
    if (here(r) != '"')
        return unexpected(r, "looking for beginning of object key string");
    r->at++;
    if (!read_string(r, &key) || !more(r))
        return false;
    if (here(r) != ':')
        return unexpected(r, "after object key");
    r->at++;
    if (!read_value(r, &v))
        return false;
    dict_set(r->cx->arena, d, intern(r->cx->keys, key), v);
    return true;
}

static bool read_map(struct reader *r, struct value *out)
{
    struct dict *d = dict_new(r->cx->arena, 0);
    r->at++;
    if (!more(r))
        return false;
    for (bool end = here(r) == '}'; !end;) {
        if (!read_entry(r, d) || !more(r))
            return false;
        end = here(r) == '}';
        if (!end && here(r) != ',')
            return unexpected(r, "after object key:value pair");
        if (!end)
            r->at++;
    }
    r->at++;
    *out = value_map(d);
    return true;
}

static bool read_nested(struct reader *r, struct value *out)
{
    if (++r->depth > VALUE_DEPTH) {
        r->error = S("exceeded max depth");
        return false;
    }
    bool ok = here(r) == '{' ? read_map(r, out) : read_list(r, out);
    r->depth--;
    return ok;
}

static bool read_value(struct reader *r, struct value *out)
{
    str s;
    if (!more(r))
        return false;
    switch (here(r)) {
    case '{':
    case '[':
        return read_nested(r, out);
    case '"':
        r->at++;
        if (!read_string(r, &s))
            return false;
        *out = value_string(s);
        return true;
    case 't':
        return read_word(r, "true", value_bool(true), out);
    case 'f':
        return read_word(r, "false", value_bool(false), out);
    case 'n':
        return read_word(r, "null", NIL, out);
    default:
        if (here(r) == '-' || (here(r) >= '0' && here(r) <= '9'))
            return read_number(r, out);
        return unexpected(r, "looking for beginning of value");
    }
}

bool value_read_json(struct context *cx, str text, struct value *out, str *why)
{
    struct reader r = { .cx = cx, .s = text };
    *out = NIL;
    bool ok = read_value(&r, out);
    if (ok && more(&r))
        ok = unexpected(&r, "after top-level value");
    if (!ok) {
        *out = NIL;
        *why = r.error;
    }
    if (!ok || !r.unfit.at)
        return ok;
    *why = str_format(cx->arena, "json: cannot unmarshal number %.*s into Go value of type float64",
                      STR(r.unfit));
    return false;
}

const char *value_json_kind(struct value v)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_NIL:
        return "null";
    case VALUE_BOOL:
        return "bool";
    case VALUE_STRING:
        return "string";
    case VALUE_LIST:
        return "array";
    case VALUE_MAP:
        return "object";
    default:
        return "number";
    }
}
