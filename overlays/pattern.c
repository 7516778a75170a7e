/* A text without any of the characters that patterns are made of is compared as it is. */
#include "overlays/pattern.h"

#include "render/base/regex.h"

/* An expression that must match the whole. Kinds, groups and versions come many times in a row. */
struct expression {
    struct regex *regex;
    str last; /* the text that it saw last; at is NULL before the first */
    bool last_matched;
};

static bool is_literal(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (str_has_char(S("\\.+*?()|[]{}^$"), s.at[i]))
            return false;
    }
    return true;
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
    if (is_literal(n->text))
        return true;
    struct expression *e = out->expression = NEW(cx->arena, struct expression);
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
    if (!e->last.at || !str_eq(e->last, s)) {
        e->last_matched = regex_matches(cx->scratch, e->regex, s);
        e->last = s;
    }
    return e->last_matched;
}
