/* Kubernetes' label selector expressions. */
#include "overlays/selector.h"

#include <stdlib.h>

enum label_operator { OP_IN, OP_NOT_IN, OP_EXISTS, OP_ABSENT, OP_GREATER, OP_LESS };

struct requirement {
    enum label_operator operator_;
    const struct key *key;
    struct strings values;
};

struct label_selector {
    struct requirement *at;
    uint32_t len;
    uint32_t cap;
};

struct reader {
    struct context *cx;
    str rest;
    struct pos pos;
};

static void skip_space(struct reader *r)
{
    while (r->rest.len && str_has_char(S(" \t\r\n"), r->rest.at[0]))
        r->rest = str_skip(r->rest, 1);
}

static str take_word(struct reader *r)
{
    skip_space(r);
    size_t n = 0;
    while (n < r->rest.len && !str_has_char(S(" \t\r\n,()=!<>"), r->rest.at[n]))
        n++;
    str word = str_slice(r->rest, 0, n);
    r->rest = str_skip(r->rest, n);
    skip_space(r);
    return word;
}

static bool take(struct reader *r, str token)
{
    skip_space(r);
    if (!str_starts(r->rest, token))
        return false;
    r->rest = str_skip(r->rest, token.len);
    return true;
}

static bool fail(struct reader *r, const char *what)
{
    return report(r->cx, r->pos, "unable to parse the selector: %s before '%.*s'", what,
                  STR(r->rest));
}

static bool take_set(struct reader *r, struct strings *values)
{
    if (!take(r, S("(")))
        return fail(r, "'(' was expected");
    do
        strings_add(r->cx, values, take_word(r));
    while (take(r, S(",")));
    return take(r, S(")")) || fail(r, "',' or ')' was expected");
}

static bool take_operator(struct reader *r, struct requirement *q)
{
    static const struct {
        str token;
        enum label_operator operator_;
    } symbols[] = { { S("=="), OP_IN },
                    { S("!="), OP_NOT_IN },
                    { S("="), OP_IN },
                    { S(">"), OP_GREATER },
                    { S("<"), OP_LESS } };
    for (size_t i = 0; i < countof(symbols); i++) {
        if (!take(r, symbols[i].token))
            continue;
        q->operator_ = symbols[i].operator_;
        strings_add(r->cx, &q->values, take_word(r));
        return true;
    }
    struct reader before = *r;
    str word = take_word(r);
    if (str_eq(word, S("in")) || str_eq(word, S("notin"))) {
        q->operator_ = word.len == 2 ? OP_IN : OP_NOT_IN;
        return take_set(r, &q->values);
    }
    *r = before;
    q->operator_ = OP_EXISTS;
    return word.len == 0 || fail(r, "an operator was expected");
}

/* Names of labels: an optional prefix and a slash, then letters, digits, '-', '_', '.'. */
static bool is_label_name(str s)
{
    str prefix, name;
    if (!str_cut_last(s, '/', &prefix, &name))
        name = s;
    if (name.len == 0 || name.len > 63)
        return false;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        bool inner = c == '-' || c == '_' || c == '.';
        bool word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
        if (!word && (!inner || i == 0 || i + 1 == name.len))
            return false;
    }
    return true;
}

static bool take_requirement(struct reader *r, struct requirement *q)
{
    bool absent = take(r, S("!"));
    str name = take_word(r);
    if (!is_label_name(name))
        return fail(r, "a label's name was expected");
    q->key = intern(r->cx->keys, name);
    if (absent) {
        q->operator_ = OP_ABSENT;
        return true;
    }
    return take_operator(r, q);
}

struct label_selector *label_selector_read(struct context *cx, str text, struct pos pos)
{
    struct label_selector *s = NEW(cx->arena, struct label_selector);
    struct reader r = { cx, text, pos };
    do {
        ARENA_PUSH(cx->arena, s->at, s->len, s->cap);
        s->at[s->len] = (struct requirement){ 0 };
        if (!take_requirement(&r, &s->at[s->len++]))
            return NULL;
    } while (take(&r, S(",")));
    skip_space(&r);
    if (r.rest.len) {
        fail(&r, "the end was expected");
        return NULL;
    }
    return s;
}

static bool is_among(str value, const struct strings *values)
{
    for (uint32_t i = 0; i < values->len; i++) {
        if (str_eq(values->at[i], value))
            return true;
    }
    return false;
}

static bool to_integer(str s, long long *out)
{
    char digits[24];
    char *end;
    if (s.len == 0 || s.len >= sizeof digits)
        return false;
    memcpy(digits, s.at, s.len);
    digits[s.len] = '\0';
    *out = strtoll(digits, &end, 10);
    return *end == '\0';
}

static bool compares(const struct requirement *q, str value)
{
    long long mine, wanted;
    if (q->values.len == 0 || !to_integer(value, &mine) || !to_integer(q->values.at[0], &wanted))
        return false;
    return q->operator_ == OP_GREATER ? mine > wanted : mine < wanted;
}

static bool holds(const struct requirement *q, const struct node *labels)
{
    const struct node *n = node_get(labels, q->key);
    bool there = n && node_is_scalar(n);
    switch (q->operator_) {
    case OP_EXISTS:
        return there;
    case OP_ABSENT:
        return !there;
    case OP_IN:
        return there && is_among(n->text, &q->values);
    case OP_NOT_IN:
        return !there || !is_among(n->text, &q->values);
    default:
        return there && compares(q, n->text);
    }
}

bool label_selector_matches(const struct label_selector *s, const struct node *labels)
{
    for (uint32_t i = 0; i < s->len; i++) {
        if (!holds(&s->at[i], labels))
            return false;
    }
    return true;
}
