/* printf's format string: flags, width, precision, argument indexes, and the marks for
 * what does not fit: %!d(MISSING), %!(EXTRA …), %!d(BADINDEX), %!(NOVERB). */
#include "render/template/print.h"
#include "render/template/print_flags.h"

struct formatting {
    struct printer p;
    str format;
    size_t at;
    const struct value *args;
    uint32_t count;
    uint32_t next; /* the operand to print next */
    bool good;     /* the index was one */
    bool reordered;
    bool indexed; /* an index stood just before */
};

enum { LARGEST = 1000000 };

static bool parse_number(str s, size_t *at, size_t end, int *out)
{
    *out = 0;
    bool any = false;
    for (; *at < end && s.at[*at] >= '0' && s.at[*at] <= '9'; ++*at) {
        if (*out > LARGEST) {
            *at = end;
            *out = 0;
            return false;
        }
        *out = *out * 10 + (s.at[*at] - '0');
        any = true;
    }
    return any;
}

/* "[2]" chooses the operand. */
static void parse_index(struct formatting *f)
{
    f->indexed = false;
    if (f->at >= f->format.len || f->format.at[f->at] != '[')
        return;
    f->reordered = true;
    str rest = str_skip(f->format, f->at);
    ptrdiff_t close = rest.len < 3 ? -1 : str_find_char(rest, ']');
    if (close < 0) {
        f->at++;
        f->good = false;
        return;
    }
    size_t at = f->at + 1;
    size_t end = f->at + (size_t)close;
    int number;
    bool ok = parse_number(f->format, &at, end, &number) && at == end;
    f->at = end + 1;
    f->indexed = ok;
    if (ok && number >= 1 && (uint32_t)number <= f->count)
        f->next = (uint32_t)number - 1;
    else
        f->good = false;
}

static bool number_from_operand(struct formatting *f, int *out)
{
    *out = 0;
    if (f->next >= f->count)
        return false;
    struct value v = f->args[f->next++];
    if (!value_is_int(v) || v.i > LARGEST || v.i < -LARGEST)
        return false;
    *out = (int)v.i;
    return true;
}

static void parse_flags(struct formatting *f)
{
    for (; f->at < f->format.len; f->at++) {
        switch (f->format.at[f->at]) {
        case '#':
            f->p.sharp = true;
            break;
        case '0':
            f->p.zero = true;
            break;
        case '+':
            f->p.plus = true;
            break;
        case '-':
            f->p.minus = true;
            break;
        case ' ':
            f->p.space = true;
            break;
        default:
            return;
        }
    }
}

static bool at_star(struct formatting *f)
{
    if (f->at >= f->format.len || f->format.at[f->at] != '*')
        return false;
    f->at++;
    return true;
}

static void parse_width(struct formatting *f)
{
    parse_index(f);
    if (!at_star(f)) {
        f->p.has_width = parse_number(f->format, &f->at, f->format.len, &f->p.width);
        if (f->indexed && f->p.has_width)
            f->good = false;
        return;
    }
    f->p.has_width = number_from_operand(f, &f->p.width);
    if (!f->p.has_width)
        buf_str(f->p.out, S("%!(BADWIDTH)"));
    if (f->p.width < 0) {
        f->p.width = -f->p.width;
        f->p.minus = true;
        f->p.zero = false;
    }
    f->indexed = false;
}

static void parse_precision(struct formatting *f)
{
    if (f->at >= f->format.len || f->format.at[f->at] != '.')
        return;
    f->at++;
    if (f->indexed)
        f->good = false;
    parse_index(f);
    if (!at_star(f)) {
        parse_number(f->format, &f->at, f->format.len, &f->p.precision);
        f->p.has_precision = true;
        return;
    }
    f->p.has_precision = number_from_operand(f, &f->p.precision) && f->p.precision >= 0;
    if (!f->p.has_precision)
        buf_str(f->p.out, S("%!(BADPREC)"));
    f->indexed = false;
}

static void mark(struct formatting *f, char32 verb, str what)
{
    buf_str(f->p.out, S("%!"));
    buf_rune(f->p.out, verb);
    buf_str(f->p.out, what);
}

/* What follows a '%'. */
static void format_one(struct formatting *f)
{
    f->p = (struct printer){ .out = f->p.out };
    f->good = true;
    parse_flags(f);
    char c = f->at < f->format.len ? f->format.at[f->at] : '\0';
    f->indexed = false;
    if (c < 'a' || c > 'z') {
        parse_width(f);
        parse_precision(f);
        if (!f->indexed)
            parse_index(f);
    }
    if (f->at >= f->format.len) {
        buf_str(f->p.out, S("%!(NOVERB)"));
        return;
    }
    char32 verb = utf8_next(f->format, &f->at);
    if (verb == '%')
        buf_char(f->p.out, '%');
    else if (!f->good)
        mark(f, verb, S("(BADINDEX)"));
    else if (f->next >= f->count)
        mark(f, verb, S("(MISSING)"));
    else
        print_verb(&f->p, f->args[f->next++], verb);
}

static void format_extra(struct formatting *f)
{
    struct buf *out = f->p.out;
    buf_str(out, S("%!(EXTRA "));
    for (uint32_t i = f->next; i < f->count; i++) {
        if (i > f->next)
            buf_str(out, S(", "));
        if (f->args[i].kind != VALUE_NIL) {
            buf_str(out, value_type_name(f->args[i]));
            buf_char(out, '=');
        }
        print_value(out, f->args[i]);
    }
    buf_char(out, ')');
}

void print_format(struct buf *out, str format, const struct value *args, uint32_t n)
{
    struct formatting f = { .p = { .out = out }, .format = format, .args = args, .count = n };
    while (f.at < format.len) {
        ptrdiff_t percent = str_find_char(str_skip(format, f.at), '%');
        size_t end = percent < 0 ? format.len : f.at + (size_t)percent;
        buf_str(out, str_slice(format, f.at, end));
        f.at = end + 1;
        if (end < format.len)
            format_one(&f);
    }
    if (!f.reordered && f.next < n)
        format_extra(&f);
}
