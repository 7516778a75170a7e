/* Reading characters, escapes and classes of a pattern. */
#include "render/base/regex_parser.h"

#include "render/base/unicode.h"

bool re_fail(struct parser *p, const char *what, str part)
{
    *p->error = str_format(p->arena, "error parsing regexp: %s: `%.*s`", what, STR(part));
    return false;
}

bool re_fail_from(struct parser *p, const char *what, size_t from)
{
    return re_fail(p, what, str_slice(p->pattern, from, p->at));
}

bool re_at_end(const struct parser *p)
{
    return p->at >= p->pattern.len;
}

int re_peek(const struct parser *p, size_t ahead)
{
    return p->at + ahead < p->pattern.len ? (unsigned char)p->pattern.at[p->at + ahead] : -1;
}

bool re_next_rune(struct parser *p, uint32_t *r)
{
    size_t at = p->at;
    *r = 0xFFFD;
    if (re_at_end(p))
        return true;
    *r = utf8_next(p->pattern, &p->at);
    if (*r == 0xFFFD && p->at == at + 1)
        return re_fail(p, "invalid UTF-8", str_skip(p->pattern, at));
    return true;
}

bool re_check_utf8(struct parser *p, size_t from, size_t to)
{
    size_t keep = p->at;
    str all = p->pattern;
    bool ok = true;
    p->pattern = str_slice(all, 0, to);
    for (p->at = from; ok && p->at < to;) {
        uint32_t r;
        ok = re_next_rune(p, &r);
    }
    p->pattern = all;
    p->at = keep;
    return ok;
}

static int hex_digit(uint32_t r)
{
    if (r >= '0' && r <= '9')
        return (int)(r - '0');
    r |= 0x20;
    return r >= 'a' && r <= 'f' ? (int)(r - 'a' + 10) : -1;
}

/* Behind \x: two digits, or any number in braces. *ok is false for another text; the answer is
 * false only for broken UTF-8. */
static bool read_hex(struct parser *p, uint32_t *out, bool *ok)
{
    uint32_t r, s;
    *ok = false;
    if (re_at_end(p))
        return true;
    if (!re_next_rune(p, &r))
        return false;
    if (r != '{') {
        if (!re_next_rune(p, &s))
            return false;
        *ok = hex_digit(r) >= 0 && hex_digit(s) >= 0;
        *out = (uint32_t)(hex_digit(r) * 16 + hex_digit(s));
        return true;
    }
    *out = 0;
    for (int digits = 0; !re_at_end(p); digits++) {
        if (!re_next_rune(p, &r))
            return false;
        if (r == '}') {
            *ok = digits > 0;
            return true;
        }
        if (hex_digit(r) < 0)
            return true;
        *out = *out * 16 + (uint32_t)hex_digit(r);
        if (*out > RUNE_LAST)
            return true;
    }
    return true;
}

/* An escape that stands for one character, at its backslash. */
bool re_read_escape(struct parser *p, uint32_t *out)
{
    static const char names[] = "afnrtv", values[] = "\a\f\n\r\t\v";
    size_t from = p->at++;
    bool ok = false;
    uint32_t c;
    if (re_at_end(p))
        return re_fail(p, "trailing backslash at end of expression", S(""));
    if (!re_next_rune(p, &c))
        return false;
    const char *name = c && c < 0x80 ? strchr(names, (int)c) : NULL;
    int next = re_peek(p, 0);
    if (name) {
        *out = (unsigned char)values[name - names];
        return true;
    }
    if (c == '0' || (c >= '1' && c <= '7' && next >= '0' && next <= '7')) {
        *out = c - '0';
        for (int i = 1; i < 3 && re_peek(p, 0) >= '0' && re_peek(p, 0) <= '7'; i++)
            *out = *out * 8 + (uint32_t)(p->pattern.at[p->at++] - '0');
        return true;
    }
    if (c == 'x' && !read_hex(p, out, &ok))
        return false;
    if (c < 0x80 && !rune_is_letter(c) && !rune_is_digit(c)) {
        *out = c;
        return true;
    }
    return ok || re_fail_from(p, "invalid escape sequence", from);
}

struct class_target {
    struct rune_set *set;
    bool fold;
};

static void add_class_run(void *who, uint32_t first, uint32_t last)
{
    struct class_target *t = who;
    (t->fold ? rune_set_add_folded : rune_set_add)(t->set, first, last);
}

/* \pL, \p{Greek}, \P{^Greek}, at its backslash. */
bool re_read_unicode_class(struct parser *p, struct rune_set *set)
{
    size_t from = p->at;
    bool negated = re_peek(p, 1) == 'P';
    uint32_t c;
    p->at += 2;
    if (!re_next_rune(p, &c))
        return false;
    str name = str_slice(p->pattern, from + 2, p->at);
    if (c == '{') {
        ptrdiff_t end = str_find_char(str_skip(p->pattern, from), '}');
        if (end < 0)
            return re_check_utf8(p, from, p->pattern.len)
                   && re_fail(p, "invalid character class range", str_skip(p->pattern, from));
        p->at = from + (size_t)end + 1;
        name = str_slice(p->pattern, from + 3, p->at - 1);
        if (!re_check_utf8(p, from + 3, p->at - 1))
            return false;
    }
    if (str_starts(name, S("^"))) {
        negated = !negated;
        name = str_skip(name, 1);
    }
    struct rune_set own = { .arena = p->arena };
    struct class_target target = { &own, p->flags & FLAG_FOLD };
    if (!rune_class(name, add_class_run, &target))
        return re_fail_from(p, "invalid character class range", from);
    if (negated)
        rune_set_negate(&own);
    rune_set_add_all(set, &own);
    return true;
}

/* \d and its kin: true when it was one. */
bool re_read_perl_class(struct parser *p, struct rune_set *set)
{
    int c = re_peek(p, 1);
    if (re_peek(p, 0) != '\\' || c <= 0 || !strchr("dDsSwW", c))
        return false;
    char low = (char)(c | 0x20);
    rune_set_add_named(set, (str){ &low, 1 }, c != low, p->flags & FLAG_FOLD);
    p->at += 2;
    return true;
}

static bool is_unicode_class(const struct parser *p)
{
    return re_peek(p, 0) == '\\' && (re_peek(p, 1) == 'p' || re_peek(p, 1) == 'P');
}

/* [:alpha:] or [:^alpha:] inside brackets. *was tells whether there was one. */
static bool parse_posix_class(struct parser *p, struct rune_set *set, bool *was)
{
    str rest = str_skip(p->pattern, p->at);
    *was = false;
    if (rest.len < 3 || rest.at[0] != '[' || rest.at[1] != ':')
        return true;
    ptrdiff_t end = str_find(str_skip(rest, 2), S(":]"));
    if (end < 0)
        return true;
    str name = str_slice(rest, 2, 2 + (size_t)end);
    bool negated = str_starts(name, S("^"));
    str bare = str_skip(name, negated);
    *was = true;
    if (bare.len < 2 || !rune_set_add_named(set, bare, negated, p->flags & FLAG_FOLD))
        return re_fail(p, "invalid character class range", str_slice(rest, 0, (size_t)end + 4));
    p->at += (size_t)end + 4;
    return true;
}

static bool parse_set_rune(struct parser *p, size_t from, uint32_t *out)
{
    if (re_at_end(p))
        return re_fail(p, "missing closing ]", str_skip(p->pattern, from));
    return re_peek(p, 0) == '\\' ? re_read_escape(p, out) : re_next_rune(p, out);
}

static bool parse_set_range(struct parser *p, struct rune_set *set, size_t from)
{
    size_t begin = p->at;
    uint32_t first, last;
    if (!parse_set_rune(p, from, &first))
        return false;
    last = first;
    if (re_peek(p, 0) == '-' && re_peek(p, 1) >= 0 && re_peek(p, 1) != ']') {
        p->at++;
        if (!parse_set_rune(p, from, &last))
            return false;
        if (last < first)
            return re_fail_from(p, "invalid character class range", begin);
    }
    (p->flags & FLAG_FOLD ? rune_set_add_folded : rune_set_add)(set, first, last);
    return true;
}

bool re_read_brackets(struct parser *p, struct rune_set *set)
{
    size_t from = p->at++;
    bool negated = re_peek(p, 0) == '^';
    if (negated)
        p->at++;
    for (bool first = true; first || re_peek(p, 0) != ']'; first = false) {
        bool posix;
        if (!parse_posix_class(p, set, &posix))
            return false;
        if (posix)
            continue;
        if (is_unicode_class(p)) {
            if (!re_read_unicode_class(p, set))
                return false;
        } else if (!re_read_perl_class(p, set) && !parse_set_range(p, set, from)) {
            return false;
        }
    }
    p->at++;
    if (negated)
        rune_set_negate(set);
    return true;
}
