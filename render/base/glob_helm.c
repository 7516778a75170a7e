/* Helm's path patterns, those of gobwas/glob, as regular expressions: with its liberties, as charts
 * may rest on them. */
#include "render/base/glob.h"

#include <limits.h>

#include "render/base/unicode.h"

enum { MOST_LENGTH = 1000 }; /* what a regular expression can count to */

/* How far an alternative looks like TEXT**TEXT. */
enum shape { SHAPE_EMPTY, SHAPE_TEXT, SHAPE_TEXT_STARS, SHAPE_BOTH, SHAPE_OTHER };

/* A Helm pattern on its way to a regular expression. */
struct translation {
    struct arena *arena;
    str pattern;
    size_t at;
    int open; /* braces */
    char separator;
    struct buf out;
    enum shape shape;
    struct buf prefix;
    struct buf suffix;
    bool after_fixed; /* behind an item of one length */
    int length;       /* that each alternative of these braces must have; -1 for any */
    int star;         /* how many characters the star of this one then matches; -1 for any */
};

/* The next character, 0 at the end; a NUL ends the pattern, too. */
static bool next_rune(struct translation *t, uint32_t *r)
{
    *r = 0;
    if (t->at >= t->pattern.len)
        return true;
    *r = utf8_next(t->pattern, &t->at);
    return *r != 0xFFFD; /* a real one is refused, too */
}

static void put_rune(struct translation *t, uint32_t r)
{
    if (r < 0x80 && !rune_is_letter(r) && !rune_is_digit(r))
        buf_char(&t->out, '\\');
    buf_rune(&t->out, r);
}

static void put_text(struct translation *t, uint32_t r)
{
    if (t->shape == SHAPE_EMPTY)
        t->shape = SHAPE_TEXT;
    if (t->shape == SHAPE_TEXT_STARS)
        t->shape = SHAPE_BOTH;
    buf_rune(t->shape == SHAPE_TEXT ? &t->prefix : &t->suffix, r);
    put_rune(t, r);
    t->after_fixed = true;
}

/* An alternative's items: how many stand for one character, how many for any number. */
struct measure {
    int fixed;
    int stars;
};

static size_t skip_brackets(str p, size_t at)
{
    while (at < p.len && p.at[at] != ']')
        at += 1 + (p.at[at] == '\\');
    return at + 1;
}

/* Measures up to the ',' or '}' at the end; false when braces are nested in it, or never end. */
static bool measure(str p, size_t *at, struct measure *m)
{
    *m = (struct measure){ 0, 0 };
    while (*at < p.len && p.at[*at] != '{') {
        char c = p.at[*at];
        if (c == ',' || c == '}')
            return true;
        if (c == '*') {
            m->stars++;
            *at += 1 + (*at + 1 < p.len && p.at[*at + 1] == '*');
            continue;
        }
        m->fixed++;
        if (c == '[')
            *at = skip_brackets(p, *at + 1);
        else if (c == '\\' && *at + 1 < p.len)
            ++*at;
        if (c != '[')
            utf8_next(p, at);
    }
    return false;
}

/* Braces whose first alternatives have stars and whose others are all of one length count as being
 * of that length throughout, beside anything of one length: config/{*.yaml,x.json} finds
 * config/a.yaml, not config/ab.yaml. The length, or -1 where that is not so. */
static int length_of_braces(const struct translation *t)
{
    str p = t->pattern;
    size_t at = t->at;
    int length = -1;
    bool stars = false;
    for (bool more = true; more; at++) {
        struct measure m;
        if (!measure(p, &at, &m) || (length >= 0 && (m.stars || m.fixed != length)))
            return -1;
        stars |= m.stars > 0;
        length = m.stars ? -1 : m.fixed;
        more = p.at[at] == ',';
    }
    bool before_fixed = at < p.len && p.at[at] != '*' && p.at[at] != '{';
    bool counts = stars && length <= MOST_LENGTH && (t->after_fixed || before_fixed);
    return counts ? length : -1;
}

static void begin_alternative(struct translation *t)
{
    struct measure m;
    size_t at = t->at;
    t->shape = SHAPE_EMPTY;
    t->prefix.len = t->suffix.len = 0;
    t->star = -1;
    t->after_fixed = false;
    if (t->length >= 0 && measure(t->pattern, &at, &m) && m.stars == 1)
        t->star = m.fixed > t->length ? INT_MAX : t->length - m.fixed;
}

/* Where an alternative is two texts with '**' between and nothing else, the texts may overlap in
 * the path: 'a/' and '/b' match a/b. Each way to overlap is an alternative of its own. */
static void end_alternative(struct translation *t)
{
    str prefix = buf_view(&t->prefix), suffix = buf_view(&t->suffix);
    if (t->shape != SHAPE_BOTH || t->length >= 0)
        return;
    for (size_t n = 1; n <= prefix.len && n <= suffix.len; n++) {
        if (!str_eq(str_skip(prefix, prefix.len - n), str_slice(suffix, 0, n)))
            continue;
        buf_char(&t->out, '|');
        buf_str(&t->out, regex_quote(t->arena, prefix));
        buf_str(&t->out, regex_quote(t->arena, str_skip(suffix, n)));
    }
}

static bool next_is(const struct translation *t, char c)
{
    return t->at < t->pattern.len && t->pattern.at[t->at] == c;
}

/* lo-hi, the hyphen read, up to the closing bracket. */
static bool put_range(struct translation *t, uint32_t low, bool negated)
{
    uint32_t high, close;
    if (!next_rune(t, &high) || !next_rune(t, &close) || high < low || close != ']')
        return false;
    t->shape = SHAPE_OTHER;
    t->after_fixed = true;
    buf_str(&t->out, negated ? S("[^") : S("["));
    put_rune(t, low);
    buf_char(&t->out, '-');
    put_rune(t, high);
    buf_char(&t->out, ']');
    return true;
}

/* [abc], its first character read. */
static bool put_list(struct translation *t, uint32_t r, bool negated)
{
    bool any = false;
    t->shape = SHAPE_OTHER;
    t->after_fixed = true;
    buf_str(&t->out, negated ? S("[^") : S("["));
    while (r && r != ']') {
        if (r == '\\' && !next_rune(t, &r))
            return false;
        if (r) {
            put_rune(t, r);
            any = true;
        }
        if (!next_rune(t, &r))
            return false;
    }
    buf_char(&t->out, ']');
    return r && any;
}

static bool put_brackets(struct translation *t)
{
    uint32_t r;
    bool negated = next_is(t, '!');
    t->at += negated;
    if (!next_rune(t, &r))
        return false;
    if (r && next_is(t, '-')) {
        t->at++;
        return put_range(t, r, negated);
    }
    return put_list(t, r, negated);
}

static void put_any(struct translation *t)
{
    t->shape = SHAPE_OTHER;
    t->after_fixed = true;
    buf_str(&t->out, S("[^"));
    put_rune(t, (unsigned char)t->separator);
    buf_char(&t->out, ']');
}

static void put_star(struct translation *t)
{
    bool crosses = next_is(t, '*');
    enum shape shape = crosses && t->shape == SHAPE_TEXT ? SHAPE_TEXT_STARS : SHAPE_OTHER;
    t->at += crosses;
    if (crosses)
        buf_char(&t->out, '.');
    else
        put_any(t);
    if (t->star < 0)
        buf_char(&t->out, '*');
    else if (t->star <= MOST_LENGTH)
        buf_format(&t->out, "{%d}", t->star);
    else /* none is short enough */
        buf_str(&t->out, S("[^\\x00-\\x{10FFFF}]"));
    t->shape = shape;
    t->after_fixed = false;
}

static void open_braces(struct translation *t)
{
    t->length = t->open == 0 ? length_of_braces(t) : -1;
    t->open++;
    buf_str(&t->out, S("(?:"));
    begin_alternative(t);
}

static void end_braces_or_alternative(struct translation *t, bool last)
{
    end_alternative(t);
    buf_char(&t->out, last ? ')' : '|');
    if (last)
        t->length = -1;
    begin_alternative(t);
    if (!last)
        return;
    t->open--;
    t->shape = SHAPE_OTHER;
}

static bool put_item(struct translation *t, uint32_t r)
{
    switch (r) {
    case '*':
        put_star(t);
        return true;
    case '?':
        put_any(t);
        return true;
    case '[':
        return put_brackets(t);
    case '{':
        open_braces(t);
        return true;
    case '\\':
        if (!next_rune(t, &r))
            return false;
        if (r)
            put_text(t, r);
        return true;
    }
    if (t->open && (r == ',' || r == '}'))
        end_braces_or_alternative(t, r == '}');
    else
        put_text(t, r);
    return true;
}

struct regex *glob_compile(struct arena *a, str pattern, char separator)
{
    struct translation t = {
        .arena = a, .pattern = pattern, .separator = separator, .length = -1, .star = -1
    };
    str error;
    uint32_t r;
    buf_init(&t.out, a, 2 * pattern.len + 16);
    buf_init(&t.prefix, a, 16);
    buf_init(&t.suffix, a, 16);
    buf_str(&t.out, S("(?s)\\A(?:"));
    do {
        if (!next_rune(&t, &r) || (r && !put_item(&t, r)))
            return NULL;
    } while (r);
    end_alternative(&t);
    for (; t.open; t.open--) /* a brace that is not closed ends with the pattern */
        buf_char(&t.out, ')');
    buf_str(&t.out, S(")\\z"));
    return regex_compile(a, buf_take(&t.out), &error);
}
