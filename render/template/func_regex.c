/* Regular expressions. Those without `must` panic on a malformed pattern, except regexMatch, for
 * which it matches nothing. A pattern is compiled once in a set of templates. */
#include "render/base/quote.h"
#include "render/base/regex.h"
#include "render/template/eval.h"
#include "render/template/func.h"

static str text(const struct call *c, uint32_t at)
{
    return value_str(c->args[at]);
}

/* NULL with the error's words. */
static struct regex *compiled(struct call *c, str *why)
{
    struct map *known = &c->run->engine->regexes;
    struct map_entry *e = map_entry(known, text(c, 0));
    if (e->value)
        return e->value;
    struct regex *re = regex_compile(c->cx->arena, text(c, 0), why);
    if (re)
        regex_watch(re, c->cx);
    e->value = re;
    return re;
}

static bool can_backquote(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char byte = (unsigned char)s.at[i];
        if ((byte < ' ' && byte != '\t') || byte == '`' || byte == 0x7F)
            return false;
    }
    return utf8_valid(s) && !str_has(s, S("\xEF\xBB\xBF"));
}

/* The pattern of argument 0, or the call's failure in Go's words. */
static struct regex *pattern(struct call *c)
{
    str why, s = text(c, 0);
    struct regex *re = compiled(c, &why);
    if (re)
        return re;
    if (str_starts(str_from(c->func->name), S("must")))
        call_fail(c, "%.*s", STR(why));
    else if (can_backquote(s))
        call_fail(c, "regexp: Compile(`%.*s`): %.*s", STR(s), STR(why));
    else
        call_fail(c, "regexp: Compile(%.*s): %.*s", STR(quoted(c->arena, s)), STR(why));
    return NULL;
}

static struct value match(struct call *c)
{
    str why;
    struct regex *re = compiled(c, &why);
    return value_bool(re && regex_matches(c->arena, re, text(c, 1)));
}

static struct value must_match(struct call *c)
{
    struct regex *re = pattern(c);
    return re ? value_bool(regex_matches(c->arena, re, text(c, 1))) : NIL;
}

static struct value find(struct call *c)
{
    struct regex *re = pattern(c);
    if (!re)
        return NIL;
    struct regex_search s = regex_search(c->arena, re, text(c, 1));
    if (!regex_next(&s))
        return value_string(S(""));
    return value_string(str_slice(text(c, 1), (size_t)s.found[0].from, (size_t)s.found[0].to));
}

static struct value strings_or_nil(const struct value *items, uint32_t len)
{
    if (len)
        return value_list_of(TYPE_STRINGS, items, len);
    return (struct value){ .kind = VALUE_LIST, .type = TYPE_STRINGS };
}

static struct value find_all(struct call *c)
{
    struct regex *re = pattern(c);
    int64_t most = c->args[2].i;
    struct value *items = NULL;
    uint32_t len = 0, cap = 0;
    if (!re)
        return NIL;
    struct regex_search s = regex_search(c->arena, re, text(c, 1));
    while ((most < 0 || len < most) && regex_next(&s)) {
        ARENA_PUSH(c->arena, items, len, cap);
        items[len++] =
            value_string(str_slice(text(c, 1), (size_t)s.found[0].from, (size_t)s.found[0].to));
    }
    return strings_or_nil(items, len);
}

static struct value replace_all(struct call *c)
{
    struct regex *re = pattern(c);
    return re ? value_string(regex_replace(c->arena, re, text(c, 1), text(c, 2))) : NIL;
}

static struct value replace_literal(struct call *c)
{
    struct regex *re = pattern(c);
    return re ? value_string(regex_replace_literal(c->arena, re, text(c, 1), text(c, 2))) : NIL;
}

static struct value split(struct call *c)
{
    size_t count;
    int64_t most = c->args[2].i;
    struct regex *re = pattern(c);
    if (!re)
        return NIL;
    if (most > INT32_MAX || most < 0)
        most = -1;
    str *parts = regex_split(c->arena, re, text(c, 1), (int)most, &count);
    struct value *items = arena_alloc(c->arena, arena_array(count, sizeof *items));
    for (size_t i = 0; i < count; i++)
        items[i] = value_string(parts[i]);
    return strings_or_nil(items, (uint32_t)count);
}

static struct value quote_meta(struct call *c)
{
    return value_string(regex_quote(c->arena, text(c, 0)));
}

const struct func regex_funcs[] = {
    { "mustRegexFind", "ss", find },
    { "mustRegexFindAll", "ssi", find_all },
    { "mustRegexMatch", "ss", must_match },
    { "mustRegexReplaceAll", "sss", replace_all },
    { "mustRegexReplaceAllLiteral", "sss", replace_literal },
    { "mustRegexSplit", "ssi", split },
    { "regexFind", "ss", find },
    { "regexFindAll", "ssi", find_all },
    { "regexMatch", "ss", match },
    { "regexQuoteMeta", "s", quote_meta },
    { "regexReplaceAll", "sss", replace_all },
    { "regexReplaceAllLiteral", "sss", replace_literal },
    { "regexSplit", "ssi", split },
    { 0 },
};
