/*     args:
 *     - a
 *     -
 *     image: b
 * The dash is the last thing in its line, spaces and a comment aside; so are those of lists in
 * lists, "- -", whose column no key has. */
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

bool empty_entry_above(str text, size_t offset, size_t *dash)
{
    str before = str_slice(text, 0, offset);
    ptrdiff_t end = str_find_last(before, '\n');
    if (end < 0)
        return false;
    size_t column = indentation(str_skip(text, (size_t)end + 1));
    str line;
    do {
        before = str_slice(text, 0, (size_t)end);
        end = str_find_last(before, '\n');
        line = str_skip(before, (size_t)(end + 1));
    } while (end >= 0 && is_blank(line));
    if (indentation(line) != column || column >= line.len || line.at[column] != '-')
        return false;
    str rest = str_skip(line, column + 1);
    *dash = (size_t)(end + 1) + column;
    return rest.len == 0
           || (is_blank(rest) && (rest.at[0] == ' ' || rest.at[0] == '\t' || rest.at[0] == '\r'));
}
