/*     args:
 *     - a
 *     -
 *     image: b
 * It may also end the document. A null in its place changes nothing. */
#include "render/doc/empty_entry.h"

static size_t indentation(str line)
{
    size_t n = 0;
    while (n < line.len && line.at[n] == ' ')
        n++;
    return n;
}

/* Nothing, or nothing but a comment. */
static bool is_blank(str line)
{
    str s = str_trim(line);
    return s.len == 0 || s.at[0] == '#';
}

/* Does the line end the document? */
static bool is_end(str line)
{
    return is_blank(line) || str_starts(line, S("---")) || str_starts(line, S("..."));
}

static str line_from(str text, size_t offset)
{
    str rest = str_skip(text, offset);
    ptrdiff_t end = str_find_char(rest, '\n');
    return end < 0 ? rest : str_slice(rest, 0, (size_t)end);
}

/* The column of the last dash, where nothing but dashes stands in the line. */
static bool is_dashes(str line, size_t *column)
{
    size_t i = indentation(line);
    bool any = false;
    while (i < line.len && line.at[i] == '-'
           && (i + 1 == line.len || strchr(" \t\r", line.at[i + 1]))) {
        any = true;
        *column = i++;
        i += indentation(str_skip(line, i));
    }
    return any && is_blank(str_skip(line, i));
}

/* The line before the one at `begin` that has something in it. */
static bool step_up(str text, size_t *begin)
{
    size_t at = *begin;
    do {
        if (at == 0)
            return false;
        at = (size_t)(str_find_last(str_slice(text, 0, at - 1), '\n') + 1);
    } while (is_blank(line_from(text, at)));
    *begin = at;
    return true;
}

/* Does the line end in a dash with nothing below it either? */
static bool is_empty(str text, size_t begin, size_t *column)
{
    str line = line_from(text, begin), rest = str_skip(text, begin + line.len), next;
    if (!is_dashes(line, column))
        return false;
    do {
        rest = str_skip(rest, 1);
        next = line_from(rest, 0);
        rest = str_skip(rest, next.len);
    } while (rest.len && is_blank(next));
    return is_end(next) || indentation(next) <= *column;
}

bool empty_entry_above(str text, size_t offset, size_t *dash)
{
    size_t begin = (size_t)(str_find_last(str_slice(text, 0, offset), '\n') + 1), column;
    if (!is_empty(text, begin, &column)
        && (!step_up(text, &begin) || !is_empty(text, begin, &column)))
        return false;
    *dash = begin + column;
    return true;
}
