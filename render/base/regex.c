/* Finding, replacing and splitting, with Go's rules for empty matches: searching all, one that
 * stands right behind another match does not count; replacing, it does not either. */
#include "render/base/regex.h"

#include <assert.h>

#include "render/base/context.h"
#include "render/base/number.h"
#include "render/base/regex_parts.h"
#include "render/base/unicode.h"

struct regex *regex_compile(struct arena *a, str pattern, str *error)
{
    struct re_tree tree;
    pattern = str_dup(a, pattern); /* the groups' names are views into it */
    if (!re_parse(a, pattern, &tree, error))
        return NULL;
    struct regex *re = NEW(a, struct regex);
    re->empty_pattern = pattern.len == 0;
    re_compile(a, &tree, re);
    return re;
}

void regex_watch(struct regex *re, struct context *cx)
{
    re->watch = NEW(cx->arena, struct re_watch);
    re->watch->cx = cx;
}

uint32_t regex_groups(const struct regex *re)
{
    return re->groups;
}

str regex_group_name(const struct regex *re, uint32_t group)
{
    return re->names[group];
}

bool regex_matches(struct arena *a, const struct regex *re, str subject)
{
    return re_run(a, re, subject, 0, NULL, 0);
}

static_assert(sizeof(struct span) == 2 * sizeof(ptrdiff_t), "spans are the machine's slots");

bool regex_find(struct arena *a, const struct regex *re, str subject, size_t from,
                struct span *found)
{
    return re_run(a, re, subject, from, (ptrdiff_t *)found, 2 * (re->groups + 1));
}

struct regex_search regex_search(struct arena *a, const struct regex *re, str subject)
{
    return (struct regex_search){ .arena = a,
                                  .re = re,
                                  .subject = subject,
                                  .last_end = -1,
                                  .found = NEW_ARRAY(a, struct span, re->groups + 1) };
}

/* One character further; behind the end at the end. */
static size_t step_over(str s, size_t at)
{
    if (at >= s.len)
        return s.len + 1;
    utf8_next(s, &at);
    return at;
}

bool regex_next(struct regex_search *s)
{
    while (s->at <= s->subject.len) {
        if (!regex_find(s->arena, s->re, s->subject, s->at, s->found))
            break;
        struct span whole = s->found[0];
        bool repeated = false;
        if (whole.to == (ptrdiff_t)s->at) {
            repeated = whole.from == s->last_end;
            s->at = step_over(s->subject, s->at);
        } else {
            s->at = (size_t)whole.to;
        }
        s->last_end = whole.to;
        if (!repeated)
            return true;
    }
    s->at = s->subject.len + 1;
    return false;
}

static str replace(struct arena *a, const struct regex *re, str subject, str replacement,
                   bool literal)
{
    struct span *found = NEW_ARRAY(a, struct span, re->groups + 1);
    struct buf b;
    size_t at = 0, done = 0;
    if (!regex_find(a, re, subject, 0, found))
        return subject;
    buf_init(&b, a, subject.len + replacement.len);
    while (at <= subject.len && regex_find(a, re, subject, at, found)) {
        size_t from = (size_t)found[0].from, to = (size_t)found[0].to;
        buf_str(&b, str_slice(subject, done, from));
        bool counts = to > done || from == 0;
        if (counts && literal)
            buf_str(&b, replacement);
        else if (counts)
            regex_expand(&b, re, replacement, subject, found);
        done = to;
        size_t further = step_over(subject, at);
        at = further > to ? further : to;
    }
    buf_str(&b, str_skip(subject, done));
    return buf_take(&b);
}

str regex_replace_literal(struct arena *a, const struct regex *re, str subject, str replacement)
{
    return replace(a, re, subject, replacement, true);
}

str regex_replace(struct arena *a, const struct regex *re, str subject, str replacement)
{
    return replace(a, re, subject, replacement, false);
}

/* The name behind a '$': letters, digits and '_', perhaps in braces. */
static bool take_name(str *rest, str *name)
{
    str s = *rest;
    bool braced = str_starts(s, S("{"));
    size_t from = braced, to = from;
    for (size_t i = from; i < s.len; to = i) {
        uint32_t r = utf8_next(s, &i);
        if (!rune_is_letter(r) && !rune_is_digit(r) && r != '_')
            break;
    }
    *name = str_slice(s, from, to);
    if (to == from || (braced && (to == s.len || s.at[to] != '}')))
        return false;
    *rest = str_skip(s, to + braced);
    return true;
}

static void put_group(struct buf *b, const struct regex *re, str name, str subject,
                      const struct span *found)
{
    int64_t number = -1;
    if (number_int(name, 10, 64, &number) != NUMBER_OK || (name.at[0] == '0' && name.len > 1))
        number = -1;
    for (uint32_t i = 0; i <= re->groups; i++) {
        bool wanted = number >= 0 ? i == (uint64_t)number : str_eq(re->names[i], name);
        if (!wanted || found[i].from < 0)
            continue;
        buf_str(b, str_slice(subject, (size_t)found[i].from, (size_t)found[i].to));
        return;
    }
}

void regex_expand(struct buf *b, const struct regex *re, str replacement, str subject,
                  const struct span *found)
{
    str before, rest = replacement, name;
    while (str_cut(rest, '$', &before, &rest)) {
        buf_str(b, before);
        if (str_starts(rest, S("$"))) {
            buf_char(b, '$');
            rest = str_skip(rest, 1);
        } else if (take_name(&rest, &name)) {
            put_group(b, re, name, subject, found);
        } else {
            buf_char(b, '$');
        }
    }
    buf_str(b, before);
}

str *regex_split(struct arena *a, const struct regex *re, str subject, int n, size_t *count)
{
    str *parts = NULL;
    uint32_t len = 0, cap = 0;
    size_t from = 0, end = 0;
    *count = 0;
    if (n == 0)
        return NULL;
    if (!re->empty_pattern && subject.len == 0) {
        *count = 1;
        return arena_copy(a, &subject, sizeof subject);
    }
    struct regex_search s = regex_search(a, re, subject);
    for (int found = 0; (n < 0 || found < n) && regex_next(&s); found++) {
        if (n > 0 && len == (uint32_t)n - 1)
            break;
        end = (size_t)s.found[0].from;
        if (s.found[0].to != 0) {
            ARENA_PUSH(a, parts, len, cap);
            parts[len++] = str_slice(subject, from, end);
        }
        from = (size_t)s.found[0].to;
    }
    if (end != subject.len) {
        ARENA_PUSH(a, parts, len, cap);
        parts[len++] = str_skip(subject, from);
    }
    *count = len;
    return parts;
}

str regex_quote(struct arena *a, str text)
{
    struct buf b;
    buf_init(&b, a, text.len + 8);
    for (size_t i = 0; i < text.len; i++) {
        if (str_has_char(S("\\.+*?()|[]{}^$"), text.at[i]))
            buf_char(&b, '\\');
        buf_char(&b, text.at[i]);
    }
    return buf_take(&b);
}
