/* Two languages of path patterns.
 *
 * Go's own forgets all stars but the last when it goes back, which is enough, and reads the path
 * byte by byte but for '?' and classes. Helm's is turned into a regular expression. */
#include "render/base/glob.h"

#include "render/base/unicode.h"

/* One end of a range inside brackets, at *at; false when it is malformed. */
static bool read_bound(str p, size_t *at, uint32_t *r)
{
    if (*at < p.len && p.at[*at] == '\\')
        ++*at;
    else if (*at < p.len && (p.at[*at] == '-' || p.at[*at] == ']'))
        return false;
    if (*at >= p.len)
        return false;
    size_t from = *at;
    *r = utf8_next(p, at);
    return !(*r == 0xFFFD && *at == from + 1) && *at < p.len;
}

/* Brackets at *at, and whether they hold the character; false when malformed. */
static bool read_class(str p, size_t *at, uint32_t r, bool *holds)
{
    ++*at;
    bool negated = *at < p.len && p.at[*at] == '^';
    *at += negated;
    *holds = false;
    for (bool any = false; !any || p.at[*at] != ']'; any = true) {
        uint32_t low, high;
        if (!read_bound(p, at, &low))
            return false;
        high = low;
        if (p.at[*at] == '-') {
            ++*at;
            if (!read_bound(p, at, &high))
                return false;
        }
        *holds |= low <= r && r <= high;
    }
    ++*at;
    *holds ^= negated;
    return true;
}

static bool is_well_formed(str p)
{
    for (size_t i = 0; i < p.len;) {
        bool holds;
        if (p.at[i] == '[') {
            if (!read_class(p, &i, 0, &holds))
                return false;
        } else if (p.at[i] == '\\') {
            i += 2;
            if (i > p.len)
                return false;
        } else {
            i++;
        }
    }
    return true;
}

/* Matches what stands at *p with what stands at *n, and moves past both. */
static bool match_one(str pattern, str path, size_t *p, size_t *n)
{
    if (*n >= path.len)
        return false;
    bool holds;
    char c = pattern.at[*p];
    if (c == '[') {
        uint32_t r = utf8_next(path, n);
        return read_class(pattern, p, r, &holds) && holds;
    }
    if (c == '?') {
        ++*p;
        holds = path.at[*n] != '/';
        utf8_next(path, n);
        return holds;
    }
    if (c == '\\')
        c = pattern.at[++*p];
    ++*p;
    return path.at[(*n)++] == c;
}

enum glob_answer glob_match(str pattern, str path)
{
    size_t p = 0, n = 0, star = 0, star_at = 0; /* behind the last star; where it ended last */
    bool starred = false;
    if (!is_well_formed(pattern))
        return GLOB_MALFORMED;
    while (p < pattern.len || n < path.len) {
        if (p < pattern.len && pattern.at[p] == '*') {
            starred = true;
            star = ++p;
            star_at = n;
            continue;
        }
        if (p < pattern.len && match_one(pattern, path, &p, &n))
            continue;
        if (!starred || star_at >= path.len || path.at[star_at] == '/')
            return GLOB_NO;
        p = star;
        n = ++star_at;
    }
    return GLOB_YES;
}

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
}

static void begin_alternative(struct translation *t)
{
    t->shape = SHAPE_EMPTY;
    t->prefix.len = t->suffix.len = 0;
}

/* Where an alternative is two texts with '**' between and nothing else, the texts may overlap in
 * the path: 'a/' and '/b' match a/b. Each way to overlap is an alternative of its own. */
static void end_alternative(struct translation *t)
{
    str prefix = buf_view(&t->prefix), suffix = buf_view(&t->suffix);
    if (t->shape != SHAPE_BOTH)
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

static void put_star(struct translation *t, bool crosses)
{
    t->shape = crosses && t->shape == SHAPE_TEXT ? SHAPE_TEXT_STARS : SHAPE_OTHER;
    if (crosses) {
        buf_str(&t->out, S(".*"));
        return;
    }
    buf_str(&t->out, S("[^"));
    put_rune(t, (unsigned char)t->separator);
    buf_str(&t->out, S("]*"));
}

static bool put_item(struct translation *t, uint32_t r)
{
    switch (r) {
    case '*':
        put_star(t, next_is(t, '*'));
        t->at += next_is(t, '*');
        return true;
    case '?':
        put_star(t, false);
        t->out.len--;
        return true;
    case '[':
        return put_brackets(t);
    case '{':
        t->open++;
        buf_str(&t->out, S("(?:"));
        begin_alternative(t);
        return true;
    case '\\':
        if (!next_rune(t, &r))
            return false;
        if (r)
            put_text(t, r);
        return true;
    }
    if (!t->open || (r != ',' && r != '}')) {
        put_text(t, r);
        return true;
    }
    end_alternative(t);
    buf_char(&t->out, r == ',' ? '|' : ')');
    begin_alternative(t);
    if (r == '}') {
        t->open--;
        t->shape = SHAPE_OTHER;
    }
    return true;
}

struct regex *glob_compile(struct arena *a, str pattern, char separator)
{
    struct translation t = { .arena = a, .pattern = pattern, .separator = separator };
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
