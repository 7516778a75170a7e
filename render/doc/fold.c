/* The printer doubles the first line end behind a line that does not begin with a blank,
 * so that the reader does not fold it. It should not do so before a line that begins with
 * a blank, since such a line end is not folded; but it looks at the beginning of the whole
 * text instead of the next line. So text that begins with a word gains a line end before
 * each line that is indented more, and text that begins with a blank loses line ends. */
#include "render/doc/fold.h"

#include "render/base/buf.h"

static bool is_blank_at(str s, size_t i)
{
    return i >= s.len || s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\n';
}

/* Text that the printer would not write as a block keeps all its line ends. */
static bool is_block_text(str text)
{
    if (text.len == 0 || text.at[text.len - 1] == ' ' || str_has(text, S(" \n")))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if (c < ' ' && c != '\n' && c != '\t')
            return false;
    }
    return true;
}

static size_t count_breaks(str s, size_t i)
{
    size_t n = 0;
    while (i + n < s.len && s.at[i + n] == '\n')
        n++;
    return n;
}

/* The line ends between a line and the next one, printed and read again. */
static void put_breaks(struct buf *b, size_t breaks, bool doubled, bool indented,
                       bool next_indented)
{
    size_t printed = breaks + (doubled && !indented);
    if (indented || next_indented)
        buf_repeat(b, '\n', printed);
    else if (printed == 1)
        buf_char(b, ' ');
    else
        buf_repeat(b, '\n', printed - 1);
}

str fold_again(struct arena *a, str text)
{
    if (!str_has_char(text, '\n') || !is_block_text(text))
        return text;
    struct buf b;
    buf_init(&b, a, text.len + 16);
    size_t i = count_breaks(text, 0);
    bool doubled = !is_blank_at(text, i);
    buf_repeat(&b, '\n', i);
    while (i < text.len) {
        bool indented = is_blank_at(text, i);
        size_t line = i;
        while (i < text.len && text.at[i] != '\n')
            i++;
        buf_str(&b, str_slice(text, line, i));
        size_t breaks = count_breaks(text, i);
        i += breaks;
        if (i >= text.len)
            buf_repeat(&b, '\n', breaks + (breaks > 1 && doubled && !indented));
        else
            put_breaks(&b, breaks, doubled, indented, is_blank_at(text, i));
    }
    return buf_take(&b);
}
