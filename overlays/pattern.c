/* A text without any of the characters that patterns are made of is compared as it is, and so are the
 * words of "(web|worker)". A pattern that ends in such a text, as ".*-worker" does, asks its expression
 * only about texts with that end. */
#include "overlays/pattern.h"

#include "render/base/regex.h"

/* An expression that must match the whole. Kinds, groups and versions come many times in a row. */
struct expression {
    struct regex *regex; /* NULL when there are words */
    str last;            /* the text that it saw last; at is NULL before the first */
    bool last_matched;
    str end;   /* what all that it matches ends in */
    str words; /* with "|" between them: all that it matches */
};

/* The length of what a text ends in and means itself. */
static size_t literal_end(str s)
{
    size_t n = 0;
    while (n < s.len && !str_has_char(S("\\.+*?()|[]{}^$"), s.at[s.len - n - 1]))
        n++;
    return n;
}

static str words_of(str s)
{
    str inner = s;
    if (str_starts(s, S("(")) && str_ends(s, S(")")))
        inner = str_slice(s, 1, s.len - 1);
    str rest = inner;
    for (str word; str_next_field(&rest, '|', &word);) {
        if (literal_end(word) != word.len)
            return (str){ 0 };
    }
    return inner;
}

static bool is_word(str words, str s)
{
    for (str word; str_next_field(&words, '|', &word);) {
        if (str_eq(word, s))
            return true;
    }
    return false;
}

/* Not behind an escape, a choice or a flag, each of which may change what the end means. */
static str end_of(str s)
{
    if (str_has_char(s, '\\') || str_has_char(s, '|') || str_has(s, S("(?")))
        return S("");
    return str_skip(s, s.len - literal_end(s));
}

bool pattern_read(struct context *cx, const struct node *map, const struct key *key,
                  struct pattern *out)
{
    const struct node *n = node_get(map, key);
    str error;
    *out = (struct pattern){ 0 };
    if (!n || !node_is_scalar(n))
        return true;
    out->literal = n->text;
    if (literal_end(n->text) == n->text.len)
        return true;
    struct expression *e = out->expression = NEW(cx->arena, struct expression);
    e->words = words_of(n->text);
    if (e->words.len)
        return true;
    e->end = end_of(n->text);
    e->regex = regex_compile(cx->arena, str_format(cx->arena, "^(?:%.*s)$", STR(n->text)), &error);
    if (!e->regex)
        return report(cx, n->pos, "%.*s", STR(error));
    regex_watch(e->regex, cx);
    return true;
}

bool pattern_matches(struct context *cx, struct pattern *p, str s)
{
    if (p->literal.len == 0)
        return true;
    struct expression *e = p->expression;
    if (!e)
        return str_eq(p->literal, s);
    if (e->words.len)
        return is_word(e->words, s);
    if (!str_ends(s, e->end))
        return false;
    if (!e->last.at || !str_eq(e->last, s)) {
        e->last_matched = regex_matches(cx->scratch, e->regex, s);
        e->last = s;
    }
    return e->last_matched;
}
