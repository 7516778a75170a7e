#include "render/doc/tabs.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct tabs tabs_begin(str in)
{
    struct tabs t = { .in = in };
    for (size_t i = 0; !t.any && i < in.len;) {
        ptrdiff_t found = str_find_char(str_skip(in, i), '\t');
        if (found < 0)
            break;
        i += (size_t)found;
        size_t before = i;
        while (before && in.at[before - 1] == ' ')
            before--;
        t.any = before == 0 || in.at[before - 1] == '\n' || in.at[before - 1] == '-';
        i++;
    }
    return t;
}

/* Behind a line's end: the blanks that begin the next line. */
static bool pass_indentation(struct tabs *t, size_t to)
{
    size_t begin = t->at;
    while (t->at < to && t->in.at[t->at] == ' ')
        t->at++;
    if (t->at >= to || t->in.at[t->at] != '\t')
        return true;
    if (t->plain ? t->at - begin < t->plain_from : !t->brackets)
        return false;
    while (t->at < to && is_blank(t->in.at[t->at]))
        t->at++;
    return true;
}

static void pass_comment(struct tabs *t, size_t to)
{
    while (t->at < to && t->in.at[t->at] != '\n')
        t->at++;
}

bool tabs_pass(struct tabs *t, size_t to)
{
    bool dash = false;
    bool ok = !t->any || t->at > 0 || pass_indentation(t, to);
    while (ok && t->any && t->at < to) {
        char c = t->in.at[t->at];
        char before = t->at ? t->in.at[t->at - 1] : '\n';
        bool apart = is_blank(before) || before == '\n';
        if (c == '\t' && dash && !t->brackets)
            return false;
        if (c == '#' && apart) {
            t->plain = false;
            pass_comment(t, to);
            continue;
        }
        t->at++;
        if (c == '\n') {
            dash = false;
            ok = pass_indentation(t, to);
        } else if (!is_blank(c) && c != '\r') {
            t->plain = false;
            dash = c == '-' && apart;
            t->brackets += c == '[' || c == '{';
            t->brackets -= t->brackets && (c == ']' || c == '}');
        }
    }
    return ok;
}

bool tabs_over_plain(struct tabs *t, size_t end, size_t column)
{
    t->plain = true;
    t->plain_from = column;
    while (t->any && t->at < end) {
        if (t->in.at[t->at++] == '\n' && !pass_indentation(t, end))
            return false;
    }
    t->at = end;
    return true;
}

void tabs_over(struct tabs *t, size_t end)
{
    t->plain = false;
    t->at = end;
}
