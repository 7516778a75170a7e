/* Ranges of versions: alternatives of conditions that must all hold.
 *
 * A number that is x, * or missing makes a condition "loose": =1.2 then means ~1.2, >11 means 12
 * and up, <=11 includes all of 11. A hyphen range is rewritten before anything else. */
#include "render/base/semver.h"

#include "render/base/regex.h"
#include "render/base/semver_text.h"

enum operation { OP_EQUAL, OP_NOT, OP_ABOVE, OP_BELOW, OP_FROM, OP_UP_TO, OP_TILDE, OP_CARET };

struct condition {
    enum operation op;
    bool any_minor; /* only the major was given */
    bool any_patch; /* only major and minor were given */
    bool loose;     /* any of the two, or not even a major */
    struct semver version;
};

struct group {
    struct condition *at;
    uint32_t len;
    uint32_t cap;
    bool with_pre; /* names a pre-release, so it looks for them */
};

struct semver_range {
    struct group *groups;
    uint32_t len;
    uint32_t cap;
};

/* The longest that fits counts, so they stand before their beginnings. */
static const struct {
    const char *text;
    enum operation op;
} operations[] = {
    { "!=", OP_NOT },   { ">=", OP_FROM },  { "=>", OP_FROM }, { "<=", OP_UP_TO },
    { "=<", OP_UP_TO }, { "~>", OP_TILDE }, { "=", OP_EQUAL }, { ">", OP_ABOVE },
    { "<", OP_BELOW },  { "~", OP_TILDE },  { "^", OP_CARET }, { "", OP_EQUAL },
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static size_t skip_spaces(str s, size_t at)
{
    while (at < s.len && is_space(s.at[at]))
        at++;
    return at;
}

/* A number or placeholder; the library lets a '|' pass here and refuses it later. */
static str take_part(str s, size_t *at)
{
    size_t from = *at;
    while (*at < s.len && s.at[*at] && strchr("0123456789|xX*", s.at[*at]))
        ++*at;
    return str_slice(s, from, *at);
}

static bool is_any(str part)
{
    return part.len == 0 || str_eq(part, S("x")) || str_eq(part, S("X")) || str_eq(part, S("*"));
}

/* A version's text taken apart: three parts, "-pre", and all of it. */
struct pieces {
    str part[3];
    str pre;
    str whole;
};

static bool take_pieces(str s, size_t *at, struct pieces *out)
{
    size_t from = *at;
    *out = (struct pieces){ .pre = S("") };
    *at += *at < s.len && s.at[*at] == 'v';
    out->part[0] = take_part(s, at);
    if (out->part[0].len == 0)
        return false;
    for (int i = 1; i < 3 && *at < s.len && s.at[*at] == '.'; i++) {
        size_t next = *at + 1;
        out->part[i] = take_part(s, &next);
        if (out->part[i].len == 0)
            break;
        *at = next;
    }
    for (const char *mark = "-+"; *mark; mark++) {
        size_t end = *at < s.len && s.at[*at] == *mark ? semver_take_identifiers(s, *at + 1) : 0;
        if (end <= *at + 1)
            continue;
        if (*mark == '-')
            out->pre = str_slice(s, *at, end);
        *at = end;
    }
    out->whole = str_slice(s, from, *at);
    return true;
}

static bool finish_condition(struct arena *a, const struct pieces *p, struct condition *c,
                             str *error)
{
    str text = p->whole, ignored;
    if (is_any(p->part[0])) {
        text = str_concat(a, S("0.0.0"), p->pre);
    } else if (is_any(p->part[1])) {
        c->any_minor = true;
        text = str_format(a, "%.*s.0.0%.*s", STR(p->part[0]), STR(p->pre));
    } else if (is_any(p->part[2])) {
        c->any_patch = true;
        text = str_format(a, "%.*s.%.*s.0%.*s", STR(p->part[0]), STR(p->part[1]), STR(p->pre));
    }
    c->loose = c->any_minor || c->any_patch || is_any(p->part[0]);
    if (semver_parse(a, text, &c->version, &ignored))
        return true;
    *error = S("constraint parser error");
    return false;
}

/* An operation and a version at *at. */
static bool take_condition(str s, size_t *at, enum operation *op, struct pieces *p)
{
    str rest = str_skip(s, *at);
    size_t i = 0;
    while (!str_starts(rest, str_from(operations[i].text)))
        i++;
    *op = operations[i].op;
    *at = skip_spaces(s, *at + strlen(operations[i].text));
    return take_pieces(s, at, p);
}

/* Conditions with spaces or one comma between. The text is checked before any version is. */
static bool is_group(str s)
{
    size_t at = skip_spaces(s, 0);
    for (;;) {
        enum operation op;
        struct pieces p;
        if (!take_condition(s, &at, &op, &p))
            return false;
        size_t next = skip_spaces(s, at);
        if (next == s.len)
            return true;
        bool comma = s.at[next] == ',';
        if (!comma && next == at)
            return false;
        at = comma ? skip_spaces(s, next + 1) : next;
    }
}

static bool parse_group(struct arena *a, str s, struct group *g, str *error)
{
    *g = (struct group){ .len = 0 };
    if (!is_group(s)) {
        *error = str_concat(a, S("improper constraint: "), s);
        return false;
    }
    for (size_t at = skip_spaces(s, 0); at < s.len; at = skip_spaces(s, at)) {
        struct condition c = { .loose = false };
        struct pieces p;
        at += s.at[at] == ',';
        at = skip_spaces(s, at);
        take_condition(s, &at, &c.op, &p);
        if (!finish_condition(a, &p, &c, error))
            return false;
        g->with_pre |= c.version.pre.len > 0;
        ARENA_PUSH(a, g->at, g->len, g->cap);
        g->at[g->len++] = c;
    }
    return true;
}

#define RANGE_VERSION                                                                              \
    "(v?(?:[0-9|x|X|\\*]+)(?:\\.[0-9|x|X|\\*]+)?(?:\\.[0-9|x|X|\\*]+)?"                            \
    "(?:-(?:[0-9A-Za-z\\-]+(?:\\.[0-9A-Za-z\\-]+)*))?"                                             \
    "(?:\\+(?:[0-9A-Za-z\\-]+(?:\\.[0-9A-Za-z\\-]+)*))?)"

static bool has_lone_hyphen(str s)
{
    for (size_t i = 1; i + 1 < s.len; i++) {
        if (s.at[i] == '-' && is_space(s.at[i - 1]) && is_space(s.at[i + 1]))
            return true;
    }
    return false;
}

/* "1.2 - 1.4" to ">= 1.2, <= 1.4 ". */
static str rewrite_hyphens(struct arena *a, str text)
{
    str error;
    if (!has_lone_hyphen(text))
        return text;
    struct regex *re =
        regex_compile(a, S("\\s*" RANGE_VERSION "\\s+-\\s+" RANGE_VERSION "\\s*"), &error);
    return regex_replace(a, re, text, S(">= ${1}, <= ${2} "));
}

static bool take_alternative(str *rest, str *part)
{
    if (!rest->at)
        return false;
    ptrdiff_t at = str_find(*rest, S("||"));
    *part = at < 0 ? *rest : str_slice(*rest, 0, (size_t)at);
    *rest = at < 0 ? (str){ NULL, 0 } : str_skip(*rest, (size_t)at + 2);
    return true;
}

struct semver_range *semver_range_parse(struct arena *a, str text, str *error)
{
    struct semver_range *range = NEW(a, struct semver_range);
    str rest = rewrite_hyphens(a, text), part;
    if (!rest.at)
        rest = S("");
    while (take_alternative(&rest, &part)) {
        ARENA_PUSH(a, range->groups, range->len, range->cap);
        if (!parse_group(a, part, &range->groups[range->len++], error))
            return NULL;
    }
    return range;
}

static bool is_not(const struct condition *c, const struct semver *v)
{
    const struct semver *w = &c->version;
    if (!c->loose)
        return semver_compare(v, w) != 0;
    if (v->major != w->major)
        return true;
    if (c->any_minor)
        return false;
    if (v->minor != w->minor)
        return true;
    if (c->any_patch)
        return (v->pre.len || w->pre.len) && semver_compare_pre(v->pre, w->pre) != 0;
    return v->patch != w->patch || semver_compare(v, w) != 0;
}

static bool is_above(const struct condition *c, const struct semver *v)
{
    const struct semver *w = &c->version;
    if (!c->loose)
        return semver_compare(v, w) > 0;
    if (v->major != w->major)
        return v->major > w->major;
    if (c->any_minor)
        return false;
    if (c->any_patch)
        return v->minor > w->minor;
    return semver_compare(v, w) > 0;
}

static bool is_up_to(const struct condition *c, const struct semver *v)
{
    const struct semver *w = &c->version;
    if (!c->loose)
        return semver_compare(v, w) <= 0;
    if (v->major != w->major)
        return v->major < w->major;
    return v->minor <= w->minor || c->any_minor;
}

static bool is_near(const struct condition *c, const struct semver *v)
{
    const struct semver *w = &c->version;
    if (semver_compare(v, w) < 0)
        return false;
    /* ~0.0.0 takes everything, as does ~* */
    if (w->major == 0 && w->minor == 0 && w->patch == 0 && !c->any_minor && !c->any_patch)
        return true;
    return v->major == w->major && (v->minor == w->minor || c->any_minor);
}

/* The first number that is not 0 must stay. */
static bool is_compatible(const struct condition *c, const struct semver *v)
{
    const struct semver *w = &c->version;
    if (semver_compare(v, w) < 0)
        return false;
    if (w->major > 0 || c->any_minor)
        return v->major == w->major;
    if (v->major > 0)
        return false;
    if (w->minor > 0 || c->any_patch)
        return v->minor == w->minor;
    return v->minor == 0 && v->patch == w->patch;
}

static bool holds(const struct condition *c, const struct semver *v)
{
    switch (c->op) {
    case OP_EQUAL:
        return c->loose ? is_near(c, v) : semver_compare(v, &c->version) == 0;
    case OP_NOT:
        return is_not(c, v);
    case OP_ABOVE:
        return is_above(c, v);
    case OP_BELOW:
        return semver_compare(v, &c->version) < 0;
    case OP_FROM:
        return semver_compare(v, &c->version) >= 0;
    case OP_UP_TO:
        return is_up_to(c, v);
    case OP_TILDE:
        return is_near(c, v);
    case OP_CARET:
        return is_compatible(c, v);
    }
    return false;
}

bool semver_range_has(const struct semver_range *range, const struct semver *v)
{
    for (uint32_t i = 0; i < range->len; i++) {
        const struct group *g = &range->groups[i];
        bool all = v->pre.len == 0 || g->with_pre;
        for (uint32_t k = 0; k < g->len && all; k++)
            all = holds(&g->at[k], v);
        if (all)
            return true;
    }
    return false;
}
