/* Strings: cutting, trimming, searching, quoting, indenting, joining.
 *
 * Lengths and positions count bytes, as in Go, so that cutting can split a character. */
#include "render/base/quote.h"
#include "render/base/unicode.h"
#include "render/template/cast.h"
#include "render/template/func.h"
#include "render/template/print.h"

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

static struct value result(struct buf *out)
{
    return value_string(buf_take(out));
}

static struct value hello(struct call *c)
{
    (void)c;
    return value_string(S("Hello!"));
}

/* The last character of a text and its width in bytes. */
static uint32_t last_rune(str s, size_t *width)
{
    size_t from = s.len - 1;
    while (from > 0 && s.len - from < 4 && (s.at[from] & 0xC0) == 0x80)
        from--;
    size_t at = from;
    uint32_t rune = utf8_next(s, &at);
    *width = s.len - from;
    if (at == s.len)
        return rune;
    *width = 1;
    return 0xFFFD;
}

/* Takes characters off both ends as long as `drop` says so. */
static str trim_runes(str s, bool (*drop)(uint32_t rune, str set), str set)
{
    size_t at = 0, next = 0, width;
    while (at < s.len && drop(utf8_next(s, &next), set))
        at = next;
    s = str_skip(s, at);
    while (s.len && drop(last_rune(s, &width), set))
        s.len -= width;
    return s;
}

static bool is_space(uint32_t rune, str set)
{
    (void)set;
    return rune_is_space(rune);
}

static bool in_set(uint32_t rune, str set)
{
    for (size_t at = 0; at < set.len;) {
        if (utf8_next(set, &at) == rune)
            return true;
    }
    return false;
}

static struct value trim(struct call *c)
{
    return value_string(trim_runes(text(c, 0), is_space, S("")));
}

static struct value trim_all(struct call *c)
{
    return value_string(trim_runes(text(c, 1), in_set, text(c, 0)));
}

static struct value trim_prefix(struct call *c)
{
    return value_string(str_trim_prefix(text(c, 1), text(c, 0)));
}

static struct value trim_suffix(struct call *c)
{
    return value_string(str_trim_suffix(text(c, 1), text(c, 0)));
}

static struct value contains(struct call *c)
{
    return value_bool(str_has(text(c, 1), text(c, 0)));
}

static struct value has_prefix(struct call *c)
{
    return value_bool(str_starts(text(c, 1), text(c, 0)));
}

static struct value has_suffix(struct call *c)
{
    return value_bool(str_ends(text(c, 1), text(c, 0)));
}

static struct value repeat(struct call *c)
{
    int64_t count = c->args[0].i;
    str s = text(c, 1);
    if (count < 0)
        return call_panic(c, "strings: negative Repeat count", "the count %lld is negative",
                          (long long)count);
    if (count && s.len > UINT64_MAX / (uint64_t)count)
        return call_fail(c, "strings: Repeat output length overflow");
    if (!call_room(c, (uint64_t)count * s.len))
        return call_stop(c);
    size_t len = (size_t)count * s.len;
    char *out = arena_alloc(c->arena, len);
    if (len)
        memcpy(out, s.at, s.len);
    for (size_t done = s.len; done < len; done *= 2)
        memcpy(out + done, out, done < len - done ? done : len - done);
    return value_string((str){ out, len });
}

static struct value trunc_(struct call *c)
{
    int64_t n = c->args[0].i;
    str s = text(c, 1);
    if (n >= 0)
        return value_string(str_slice(s, 0, (uint64_t)n));
    /* The smallest number has no opposite; such a cut keeps all. */
    if (n > -(int64_t)s.len)
        s = str_skip(s, s.len - (size_t)-n);
    return value_string(s);
}

static struct value out_of_range(struct call *c, int64_t from, int64_t to, size_t len)
{
    struct buf go;
    buf_init(&go, c->arena, 96);
    buf_str(&go, S("runtime error: slice bounds out of range ["));
    if (to < 0)
        buf_format(&go, ":%lld]", (long long)to);
    else if ((uint64_t)to > len)
        buf_format(&go, ":%lld] with length %zu", (long long)to, len);
    else
        buf_format(&go, "%lld:%lld]", (long long)from, (long long)to);
    return call_panic(c, str_cstr(c->arena, buf_view(&go)),
                      "the text has %zu bytes: %lld to %lld is no part of it", len, (long long)from,
                      (long long)to);
}

static struct value substr(struct call *c)
{
    int64_t from = c->args[0].i, to = c->args[1].i;
    str s = text(c, 2);
    int64_t len = (int64_t)s.len;
    if (from < 0) {
        if (to < 0 || to > len)
            return out_of_range(c, 0, to, s.len);
        return value_string(str_slice(s, 0, (size_t)to));
    }
    if (to < 0 || to > len)
        to = len;
    if (from > to)
        return out_of_range(c, from, to, s.len);
    return value_string(str_slice(s, (size_t)from, (size_t)to));
}

/* Between every two characters, and at both ends. */
static void replace_nothing(struct buf *out, str by, str s)
{
    buf_str(out, by);
    for (size_t at = 0, from = 0; at < s.len; from = at) {
        utf8_next(s, &at);
        buf_str(out, str_slice(s, from, at));
        buf_str(out, by);
    }
}

static size_t occurrences(str s, str part)
{
    size_t n = 0;
    for (ptrdiff_t at; (at = str_find(s, part)) >= 0; n++)
        s = str_skip(s, (size_t)at + part.len);
    return n;
}

static struct value replace(struct call *c)
{
    str old = text(c, 0), by = text(c, 1), s = text(c, 2);
    uint64_t count = old.len ? occurrences(s, old) : s.len + 1;
    if (count == 0)
        return c->args[2];
    if (!call_room(c, s.len + count * by.len))
        return call_stop(c);
    struct buf out;
    buf_init(&out, c->arena, s.len + count * by.len);
    if (!old.len) {
        replace_nothing(&out, by, s);
        return result(&out);
    }
    for (ptrdiff_t at; (at = str_find(s, old)) >= 0;) {
        buf_str(&out, str_slice(s, 0, (size_t)at));
        buf_str(&out, by);
        s = str_skip(s, (size_t)at + old.len);
    }
    buf_str(&out, s);
    return result(&out);
}

static struct value plural(struct call *c)
{
    return c->args[c->args[2].i == 1 ? 0 : 1];
}

static struct value quote_(struct call *c)
{
    struct buf out;
    buf_init(&out, c->arena, 64);
    bool first = true;
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->args[i].kind == VALUE_NIL)
            continue;
        if (!first)
            buf_char(&out, ' ');
        first = false;
        quote(&out, cast_text(c->arena, c->args[i]));
    }
    return result(&out);
}

static struct value squote(struct call *c)
{
    struct buf out;
    buf_init(&out, c->arena, 64);
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->args[i].kind == VALUE_NIL)
            continue;
        if (out.len)
            buf_char(&out, ' ');
        buf_char(&out, '\'');
        print_value(&out, c->args[i]);
        buf_char(&out, '\'');
    }
    return result(&out);
}

static struct value cat(struct call *c)
{
    struct buf out;
    buf_init(&out, c->arena, 64);
    bool first = true;
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->args[i].kind == VALUE_NIL)
            continue;
        if (!first)
            buf_char(&out, ' ');
        first = false;
        print_value(&out, c->args[i]);
    }
    return result(&out);
}

static struct value indented(struct call *c, bool newline)
{
    int64_t spaces = c->args[0].i;
    str s = text(c, 1);
    if (spaces < 0)
        return call_panic(c, "strings: negative Repeat count", "there are no %lld spaces",
                          (long long)spaces);
    uint64_t lines = 1;
    for (const char *at = s.at; s.len && (at = memchr(at, '\n', (size_t)(s.at + s.len - at))); at++)
        lines++;
    uint64_t pad = (uint64_t)spaces;
    if (pad > UINT32_MAX || !call_room(c, s.len + lines * pad + 1)) {
        if (pad > UINT32_MAX)
            call_room(c, pad);
        return call_stop(c);
    }
    char *out = arena_alloc(c->arena, s.len + lines * pad + 1);
    size_t len = 0;
    if (newline)
        out[len++] = '\n';
    for (str rest = s;;) {
        memset(out + len, ' ', pad);
        len += pad;
        const char *end = rest.len ? memchr(rest.at, '\n', rest.len) : NULL;
        size_t line = end ? (size_t)(end - rest.at) + 1 : rest.len;
        if (line)
            memcpy(out + len, rest.at, line);
        len += line;
        if (!end)
            break;
        rest = str_skip(rest, line);
    }
    return value_string((str){ out, len });
}

static struct value indent(struct call *c)
{
    return indented(c, false);
}

static struct value nindent(struct call *c)
{
    return indented(c, true);
}

static struct value join(struct call *c)
{
    str sep = text(c, 0);
    struct value list = cast_strings(c->arena, c->args[1]);
    uint64_t size = 0;
    for (uint32_t i = 0; i < list.len; i++)
        size += list.items[i].len + sep.len;
    if (!call_room(c, size))
        return call_stop(c);
    struct buf out;
    buf_init(&out, c->arena, size);
    for (uint32_t i = 0; i < list.len; i++) {
        if (i)
            buf_str(&out, sep);
        buf_str(&out, value_str(list.items[i]));
    }
    return result(&out);
}

/* The parts of a text between separators, at most `most` of them (all when negative). An empty
 * separator parts every two characters. */
static struct value parts(struct call *c, str sep, str s, int64_t most)
{
    struct value *items = NULL;
    uint32_t len = 0, cap = 0;
    if (most == 0)
        return (struct value){ .kind = VALUE_LIST, .type = TYPE_STRINGS };
    while (most < 0 || len + 1 < most) {
        size_t end = 0;
        ptrdiff_t at = sep.len ? str_find(s, sep) : -1;
        if (sep.len ? at < 0 : s.len == 0)
            break;
        if (sep.len)
            end = (size_t)at;
        else
            utf8_next(s, &end);
        if (!sep.len && end == s.len)
            break;
        ARENA_PUSH(c->arena, items, len, cap);
        items[len++] = value_string(str_slice(s, 0, end));
        s = str_skip(s, end + sep.len);
    }
    if (sep.len || s.len) {
        ARENA_PUSH(c->arena, items, len, cap);
        items[len++] = value_string(s);
    }
    return value_list_of(TYPE_STRINGS, items, len);
}

static struct value numbered(struct call *c, struct value list)
{
    struct dict *d = dict_new(c->arena, list.len);
    for (uint32_t i = 0; i < list.len; i++)
        dict_set_text(c->cx, d, str_format(c->arena, "_%u", i), list.items[i]);
    struct value v = value_map(d);
    v.type = TYPE_STRINGS;
    return v;
}

static struct value split(struct call *c)
{
    return numbered(c, parts(c, text(c, 0), text(c, 1), -1));
}

static struct value splitn(struct call *c)
{
    return numbered(c, parts(c, text(c, 0), text(c, 2), c->args[1].i));
}

static struct value split_list(struct call *c)
{
    return parts(c, text(c, 0), text(c, 1), -1);
}

const struct func string_funcs[] = {
    { "cat", ".*", cat },
    { "contains", "ss", contains },
    { "hasPrefix", "ss", has_prefix },
    { "hasSuffix", "ss", has_suffix },
    { "hello", "", hello },
    { "indent", "is", indent },
    { "join", "s.", join },
    { "nindent", "is", nindent },
    { "plural", "ssi", plural },
    { "quote", ".*", quote_ },
    { "repeat", "is", repeat },
    { "replace", "sss", replace },
    { "split", "ss", split },
    { "splitList", "ss", split_list },
    { "splitn", "sis", splitn },
    { "squote", ".*", squote },
    { "substr", "iis", substr },
    { "trim", "s", trim },
    { "trimAll", "ss", trim_all },
    { "trimPrefix", "ss", trim_prefix },
    { "trimSuffix", "ss", trim_suffix },
    { "trimall", "ss", trim_all },
    { "trunc", "is", trunc_ },
    { 0 },
};
