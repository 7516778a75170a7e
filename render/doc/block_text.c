/* Block scalars: where their lines end, and which line ends stay.
 *
 * libfyaml's own text is not used: it folds lines that are indented further, gives a text at
 * the end of the file a line end that is not there, and miscounts when that line has none. */
#include "render/doc/block_text.h"

#include "render/base/buf.h"

struct scan {
    str in;
    size_t at;
    size_t header;
    ptrdiff_t parent;
    size_t indent; /* 0 while it is not known */
    size_t column; /* of `at`, as far as the indentation goes */
    bool folded;
    bool led_by_tab; /* where the indentation is to be found out */
    char chomp;      /* '-', '+' or 0 */
};

static bool at_break(const struct scan *b)
{
    return b->at < b->in.len && (b->in.at[b->at] == '\n' || b->in.at[b->at] == '\r');
}

static void take_break(struct scan *b)
{
    b->at += str_starts(str_skip(b->in, b->at), S("\r\n")) ? 2 : 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Is this "|-2 # comment"? */
static bool is_header(struct scan *b, str s)
{
    if (!str_starts(s, S("|")) && !str_starts(s, S(">")))
        return false;
    b->folded = s.at[0] == '>';
    b->indent = 0;
    b->chomp = 0;
    size_t i = 1;
    for (; i < s.len && str_has_char(S("+-123456789"), s.at[i]); i++) {
        if (s.at[i] == '+' || s.at[i] == '-')
            b->chomp = s.at[i];
        else
            b->indent = (size_t)(s.at[i] - '0' + (b->parent > 0 ? b->parent : 0));
    }
    str rest = str_trim(str_skip(s, i));
    return rest.len == 0 || (rest.at[0] == '#' && is_blank(s.at[i]));
}

/* The indicator stands in the line before the text. */
static void find_header(struct scan *b)
{
    str before = str_trim_suffix(str_slice(b->in, 0, b->at), S("\n"));
    str line = str_skip(before, (size_t)(str_find_last(before, '\n') + 1));
    for (size_t i = 0; i < line.len; i++) {
        b->header = (size_t)(line.at - b->in.at) + i;
        if ((i == 0 || is_blank(line.at[i - 1])) && is_header(b, str_skip(line, i)))
            return;
    }
}

/* Goes over empty lines and the indentation of the next one. The first time, that of the
 * deepest decides the indentation of all. */
static size_t skip_empty_lines(struct scan *b)
{
    size_t breaks = 0, deepest = 0;
    for (;; breaks++) {
        b->column = 0;
        while ((b->indent == 0 || b->column < b->indent) && b->at < b->in.len
               && b->in.at[b->at] == ' ') {
            b->at++;
            b->column++;
        }
        if (b->column > deepest)
            deepest = b->column;
        if (!at_break(b))
            break;
        take_break(b);
    }
    if (b->indent == 0) {
        b->led_by_tab = b->at < b->in.len && b->in.at[b->at] == '\t';
        size_t least = b->parent > 0 ? (size_t)b->parent + 1 : 1;
        b->indent = deepest > least ? deepest : least;
    }
    return breaks;
}

static void take_line(struct scan *b, struct buf *out)
{
    size_t begin = b->at;
    while (b->at < b->in.len && !at_break(b))
        b->at++;
    buf_str(out, str_slice(b->in, begin, b->at));
}

struct block_text block_text(struct arena *a, str input, size_t start, ptrdiff_t parent)
{
    struct scan b = { .in = input, .at = start, .parent = parent };
    struct buf out;
    buf_init(&out, a, 256);
    find_header(&b);
    size_t empty = skip_empty_lines(&b);
    bool ended = false;  /* the line before had an end */
    bool deeper = false; /* and began with a blank: such lines are not folded */
    while (b.column == b.indent && b.at < b.in.len) {
        bool blank = is_blank(b.in.at[b.at]);
        bool folds = b.folded && !deeper && !blank;
        if (ended && !(folds && empty))
            buf_char(&out, folds ? ' ' : '\n');
        buf_repeat(&out, '\n', empty);
        deeper = blank;
        take_line(&b, &out);
        ended = at_break(&b);
        if (ended)
            take_break(&b);
        empty = skip_empty_lines(&b);
    }
    if (b.chomp != '-' && ended)
        buf_char(&out, '\n');
    if (b.chomp == '+')
        buf_repeat(&out, '\n', empty);
    return (struct block_text){ buf_take(&out), b.header, b.at, b.led_by_tab };
}
