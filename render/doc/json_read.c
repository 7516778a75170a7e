/* A JSON reader by descent: RFC 8259, nothing more lenient, bounded in depth. */
#include "render/doc/json_read.h"

#include "render/base/buf.h"
#include "render/doc/scalar.h"

struct reader {
    struct context *cx;
    struct text *text;
    size_t at;
};

static struct pos pos_here(const struct reader *r)
{
    return (struct pos){ r->text->id, (uint32_t)r->at };
}

static struct node *fail(struct reader *r, const char *what)
{
    report(r->cx, pos_here(r), "not JSON: %s", what);
    return NULL;
}

static int peek(struct reader *r)
{
    str s = r->text->bytes;
    while (r->at < s.len && str_has_char(S(" \t\r\n"), s.at[r->at]))
        r->at++;
    return r->at < s.len ? (unsigned char)s.at[r->at] : -1;
}

static bool take(struct reader *r, char c)
{
    if (peek(r) != c)
        return false;
    r->at++;
    return true;
}

static struct node *new_node(struct reader *r, enum node_kind kind)
{
    struct node *n = arena_alloc(r->cx->arena, sizeof *n);
    *n = (struct node){ .kind = (uint8_t)kind, .pos = pos_here(r), .maker = r->cx->step };
    return n;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_hex4(str s, size_t at, uint32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = at + i < s.len ? hex_value(s.at[at + i]) : -1;
        if (digit < 0)
            return false;
        *out = *out << 4 | (uint32_t)digit;
    }
    return true;
}

/* "\uXXXX", or two of them that make one character; a lone surrogate is U+FFFD. */
static bool take_unicode(struct reader *r, struct buf *out)
{
    uint32_t high, low;
    str s = r->text->bytes;
    if (!take_hex4(s, r->at + 1, &high))
        return false;
    r->at += 5;
    bool pair = high >= 0xD800 && high < 0xDC00 && r->at + 1 < s.len && s.at[r->at] == '\\'
                && s.at[r->at + 1] == 'u' && take_hex4(s, r->at + 2, &low) && low >= 0xDC00
                && low < 0xE000;
    if (pair) {
        high = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
        r->at += 6;
    }
    buf_rune(out, high);
    return true;
}

static bool take_escape(struct reader *r, struct buf *out)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    str s = r->text->bytes;
    if (r->at >= s.len)
        return false;
    if (s.at[r->at] == 'u')
        return take_unicode(r, out);
    const char *found = memchr(from, s.at[r->at], sizeof from - 1);
    if (!found)
        return false;
    buf_char(out, to[found - from]);
    r->at++;
    return true;
}

/* The text of a string whose opening quote is taken. */
static bool take_string(struct reader *r, str *out)
{
    str s = r->text->bytes;
    size_t start = r->at;
    while (r->at < s.len && s.at[r->at] != '"' && s.at[r->at] != '\\'
           && (unsigned char)s.at[r->at] >= ' ')
        r->at++;
    if (r->at < s.len && s.at[r->at] == '"') {
        *out = str_slice(s, start, r->at++);
        return true;
    }
    struct buf b;
    buf_init(&b, r->cx->arena, r->at - start + 32);
    buf_str(&b, str_slice(s, start, r->at));
    while (r->at < s.len && s.at[r->at] != '"') {
        unsigned char c = (unsigned char)s.at[r->at];
        if (c < ' ')
            return fail(r, "a control character in a string"), false;
        if (c != '\\') {
            buf_char(&b, (char)c);
            r->at++;
            continue;
        }
        r->at++;
        if (!take_escape(r, &b))
            return fail(r, "an unknown escape"), false;
    }
    if (r->at >= s.len)
        return fail(r, "a string without an end"), false;
    r->at++;
    *out = buf_take(&b);
    return true;
}

static struct node *read_string(struct reader *r)
{
    struct node *n = new_node(r, NODE_STRING);
    n->style = STYLE_DOUBLE;
    r->at++;
    return take_string(r, &n->text) ? n : NULL;
}

static size_t take_digits(struct reader *r)
{
    size_t start = r->at;
    str s = r->text->bytes;
    while (r->at < s.len && s.at[r->at] >= '0' && s.at[r->at] <= '9')
        r->at++;
    return r->at - start;
}

static bool take_raw(struct reader *r, char c)
{
    bool there = r->at < r->text->bytes.len && r->text->bytes.at[r->at] == c;
    r->at += there;
    return there;
}

static struct node *read_number(struct reader *r)
{
    struct node *n = new_node(r, NODE_INT);
    size_t start = r->at;
    take_raw(r, '-');
    if (!take_raw(r, '0') && !take_digits(r))
        return fail(r, "a value was expected");
    if (take_raw(r, '.')) {
        n->kind = NODE_FLOAT;
        if (!take_digits(r))
            return fail(r, "a number ends in its point");
    }
    if (take_raw(r, 'e') || take_raw(r, 'E')) {
        n->kind = NODE_FLOAT;
        if (!take_raw(r, '+'))
            take_raw(r, '-');
        if (!take_digits(r))
            return fail(r, "a number ends in its exponent");
    }
    n->text = str_slice(r->text->bytes, start, r->at);
    bool negative;
    uint64_t magnitude;
    if (n->kind == NODE_INT && n->text.len > 18 && !scalar_int(n->text, &negative, &magnitude))
        n->kind = NODE_FLOAT; /* beyond 64 bits */
    return n;
}

static struct node *read_word(struct reader *r)
{
    static const struct {
        str text;
        enum node_kind kind;
    } words[] = { { S("true"), NODE_BOOL }, { S("false"), NODE_BOOL }, { S("null"), NODE_NULL } };
    for (size_t i = 0; i < countof(words); i++) {
        if (!str_starts(str_skip(r->text->bytes, r->at), words[i].text))
            continue;
        struct node *n = new_node(r, words[i].kind);
        n->text = words[i].text;
        r->at += words[i].text.len;
        return n;
    }
    return fail(r, "a value was expected");
}

static struct node *read_value(struct reader *r);

static struct node *read_list(struct reader *r)
{
    struct node *list = new_node(r, NODE_LIST);
    r->at++;
    if (take(r, ']'))
        return list;
    do {
        struct node *item = read_value(r);
        if (!item)
            return NULL;
        node_push(r->cx, list, item);
    } while (take(r, ','));
    return take(r, ']') ? list : fail(r, "',' or ']' was expected");
}

static bool read_entry(struct reader *r, struct node *map)
{
    str key;
    if (peek(r) != '"')
        return fail(r, "a key in quotes was expected"), false;
    struct pos pos = pos_here(r);
    r->at++;
    if (!take_string(r, &key))
        return false;
    if (!take(r, ':'))
        return fail(r, "':' was expected"), false;
    struct node *value = read_value(r);
    if (!value)
        return false;
    const struct key *k = intern(r->cx->keys, key);
    struct entry *e = node_entry(map, k);
    if (e)
        e->value = value;
    else
        node_add(r->cx, map, k, value)->pos = pos;
    return true;
}

static struct node *read_map(struct reader *r)
{
    struct node *map = new_node(r, NODE_MAP);
    r->at++;
    if (take(r, '}'))
        return map;
    do {
        if (!read_entry(r, map))
            return NULL;
    } while (take(r, ','));
    return take(r, '}') ? map : fail(r, "',' or '}' was expected");
}

static struct node *read_inner(struct reader *r, int c)
{
    switch (c) {
    case '{':
        return read_map(r);
    case '[':
        return read_list(r);
    case '"':
        return read_string(r);
    default:
        return c == '-' || (c >= '0' && c <= '9') ? read_number(r) : read_word(r);
    }
}

static struct node *read_value(struct reader *r)
{
    int c = peek(r);
    if (c < 0)
        return fail(r, "the text ends where a value was expected");
    if (!limit_count(r->cx, LIMIT_NODES, 1, pos_here(r))
        || !limit_enter(r->cx, LIMIT_DEPTH, pos_here(r)))
        return NULL;
    struct node *n = read_inner(r, c);
    limit_leave(r->cx, LIMIT_DEPTH);
    return n;
}

struct node *json_read(struct context *cx, struct text *text)
{
    struct reader r = { cx, text, 0 };
    struct node *n = read_value(&r);
    if (n && peek(&r) >= 0)
        return fail(&r, "something stands behind the value");
    return n;
}

struct node *json_try_prefix(struct context *cx, struct text *text, size_t *used)
{
    uint32_t errors = cx->diags.errors;
    struct reader r = { cx, text, 0 };
    diag_mute(cx);
    struct node *n = read_value(&r);
    diag_unmute(cx);
    cx->diags.errors = errors;
    *used = r.at;
    return n;
}

struct node *json_try(struct context *cx, struct text *text)
{
    size_t used;
    struct node *n = json_try_prefix(cx, text, &used);
    return n && str_trim(str_skip(text->bytes, used)).len == 0 ? n : NULL;
}
