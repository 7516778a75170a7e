/* The process's environment: for the template of a release's name, never for a chart's.
 *
 * expandenv is Go's os.Expand: $NAME and ${NAME}; a name is letters, digits and '_', or one of
 * the shell's special characters. A '$' before anything else stays, "${" without an end goes. */
#include <stdlib.h>

#include "render/template/func.h"

static str variable(struct arena *a, str name)
{
    const char *value = getenv(str_cstr(a, name));
    return str_dup(a, value ? str_from(value) : S(""));
}

static struct value env(struct call *c)
{
    return value_string(variable(c->arena, value_str(c->args[0])));
}

static bool is_special(char c)
{
    return (c >= '0' && c <= '9') || (c && memchr("*#$@!?-", c, 7));
}

static bool is_name(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The name in braces at the head of `s`, and the bytes that it takes up. */
static str braced(str s, size_t *width)
{
    ptrdiff_t end = str_find_char(s, '}');
    *width = end > 0 ? (size_t)end + 1 : 1;
    return end > 0 ? str_slice(s, 1, (size_t)end) : S("");
}

/* The name behind a '$', and the bytes that it takes up: none when it is no name. */
static str name_of(str s, size_t *width)
{
    if (s.len && s.at[0] == '{')
        return braced(s, width);
    *width = s.len && is_special(s.at[0]);
    while (!(*width && is_special(s.at[0])) && *width < s.len && is_name(s.at[*width]))
        ++*width;
    return str_slice(s, 0, *width);
}

static struct value expandenv(struct call *c)
{
    str rest = value_str(c->args[0]), head;
    bool dollar;
    struct buf out;
    buf_init(&out, c->arena, rest.len);
    do {
        size_t width;
        dollar = str_cut(rest, '$', &head, &rest);
        str name = name_of(rest, &width);
        buf_str(&out, head);
        if (dollar && !width)
            buf_char(&out, '$');
        else if (name.len)
            buf_str(&out, variable(c->arena, name));
        rest = str_skip(rest, width);
    } while (dollar);
    return value_string(buf_take(&out));
}

const struct func environment_funcs[] = {
    { "env", "s", env },
    { "expandenv", "s", expandenv },
    { 0 },
};
