/* Padding is counted in characters; zeros pad on the left only. Numbers are put together
 * in the buffer itself: printed behind what is there, then moved right by the padding. */
#include "render/template/print_flags.h"

#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/unicode.h"

static void pad(struct printer *p, int n)
{
    if (n > 0)
        buf_repeat(p->out, p->zero && !p->minus ? '0' : ' ', (size_t)n);
}

/* Pads what stands in the buffer from `from` on. */
static void pad_from(struct printer *p, size_t from)
{
    if (!p->has_width || !p->width)
        return;
    struct buf *b = p->out;
    str body = { b->at + from, b->len - from };
    int n = p->width - (int)utf8_count(body);
    if (n <= 0)
        return;
    size_t len = body.len;
    pad(p, n);
    if (p->minus)
        return;
    memmove(b->at + from + (size_t)n, b->at + from, len);
    memset(b->at + from, p->zero ? '0' : ' ', (size_t)n);
}

void print_padded(struct printer *p, str s)
{
    int n = p->has_width ? p->width - (int)utf8_count(s) : 0;
    if (!p->minus)
        pad(p, n);
    buf_str(p->out, s);
    if (p->minus)
        pad(p, n);
}

str print_cut(const struct printer *p, str s)
{
    if (!p->has_precision)
        return s;
    size_t end = 0;
    for (int i = 0; i < p->precision && end < s.len; i++)
        utf8_next(s, &end);
    return str_slice(s, 0, end);
}

static bool can_backquote(str s)
{
    for (size_t i = 0; i < s.len;) {
        size_t at = i;
        uint32_t r = utf8_next(s, &i);
        bool broken = r == 0xFFFD && i == at + 1;
        if (broken || r == 0xFEFF || (r < ' ' && r != '\t') || r == '`' || r == 0x7F)
            return false;
    }
    return true;
}

void print_quoted(struct printer *p, str s)
{
    size_t from = p->out->len;
    s = print_cut(p, s);
    if (p->sharp && can_backquote(s))
        buf_format(p->out, "`%.*s`", STR(s));
    else if (p->plus)
        quote_ascii(p->out, s);
    else
        quote(p->out, s);
    pad_from(p, from);
}

void print_hex_bytes(struct printer *p, str s, bool upper)
{
    size_t from = p->out->len;
    size_t len = p->has_precision && (size_t)p->precision < s.len ? (size_t)p->precision : s.len;
    str mark = upper ? S("0X") : S("0x");
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    for (size_t i = 0; i < len; i++) {
        if (p->space && i)
            buf_char(p->out, ' ');
        if (p->sharp && (p->space || !i))
            buf_str(p->out, mark);
        buf_char(p->out, digits[(unsigned char)s.at[i] >> 4]);
        buf_char(p->out, digits[s.at[i] & 15]);
    }
    pad_from(p, from);
}

void print_integer(struct printer *p, uint64_t u, unsigned base, bool is_signed, char32 verb)
{
    bool negative = is_signed && (int64_t)u < 0;
    if (negative)
        u = -u;
    if (p->has_precision && p->precision == 0 && u == 0) {
        bool zero = p->zero;
        p->zero = false;
        pad(p, p->has_width ? p->width : 0);
        p->zero = zero;
        return;
    }
    int least = p->has_precision ? p->precision : 0;
    if (!p->has_precision && p->zero && !p->minus && p->has_width)
        least = p->width - (negative || p->plus || p->space);
    char digits[64];
    const char *letters = verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef";
    int n = 0;
    do {
        digits[n++] = letters[u % base];
        u /= base;
    } while (u);
    size_t from = p->out->len;
    if (negative || p->plus || p->space)
        buf_char(p->out, negative ? '-' : p->plus ? '+' : ' ');
    if (verb == 'O')
        buf_str(p->out, S("0o"));
    if (p->sharp && base == 2)
        buf_str(p->out, S("0b"));
    if (p->sharp && base == 16)
        buf_str(p->out, verb == 'X' ? S("0X") : S("0x"));
    if (p->sharp && base == 8 && digits[n - 1] != '0' && least <= n)
        buf_char(p->out, '0');
    if (least > n)
        buf_repeat(p->out, '0', (size_t)(least - n));
    while (n)
        buf_char(p->out, digits[--n]);
    bool zero = p->zero;
    p->zero = false;
    pad_from(p, from);
    p->zero = zero;
}

void print_hex(struct printer *p, uint64_t u)
{
    bool sharp = p->sharp;
    p->sharp = true;
    print_integer(p, u, 16, false, 'v');
    p->sharp = sharp;
}

static uint32_t rune_from(uint64_t u)
{
    return u > RUNE_LAST || (u >= 0xD800 && u < 0xE000) ? 0xFFFD : (uint32_t)u;
}

void print_character(struct printer *p, uint64_t u)
{
    size_t from = p->out->len;
    buf_rune(p->out, rune_from(u));
    pad_from(p, from);
}

void print_quoted_character(struct printer *p, uint64_t u)
{
    size_t from = p->out->len;
    quote_rune(p->out, rune_from(u), p->plus);
    pad_from(p, from);
}

void print_unicode(struct printer *p, uint64_t u)
{
    size_t from = p->out->len;
    int digits = p->has_precision && p->precision > 4 ? p->precision : 4;
    buf_format(p->out, "U+%0*llX", digits, (unsigned long long)u);
    if (p->sharp && u <= RUNE_LAST && rune_is_print((uint32_t)u)) {
        buf_str(p->out, S(" '"));
        buf_rune(p->out, (uint32_t)u);
        buf_char(p->out, '\'');
    }
    bool zero = p->zero;
    p->zero = false;
    pad_from(p, from);
    p->zero = zero;
}

/* '#' keeps the point, and for %g the zeros that make up the precision. */
static void add_point(struct buf *b, size_t from, char verb, int precision)
{
    int digits = 0;
    if (verb == 'g' || verb == 'G' || verb == 'x')
        digits = precision < 0 ? 6 : precision;
    bool hex = verb == 'x' || verb == 'X';
    bool point = false, nonzero = false;
    size_t tail = b->len;
    for (size_t i = from; i < tail; i++) {
        char c = b->at[i];
        if (c == '.') {
            point = true;
        } else if (c == 'p' || c == 'P' || (!hex && (c == 'e' || c == 'E'))) {
            tail = i;
        } else {
            nonzero = nonzero || c != '0';
            digits -= nonzero;
        }
    }
    char exponent[8];
    size_t exponent_len = b->len - tail;
    if (exponent_len > sizeof exponent)
        return;
    memcpy(exponent, b->at + tail, exponent_len);
    b->len = tail;
    if (!point) {
        if (tail == from + 1 && b->at[from] == '0')
            digits--;
        buf_char(b, '.');
    }
    if (digits > 0)
        buf_repeat(b, '0', (size_t)digits);
    buf_str(b, (str){ exponent, exponent_len });
}

void print_float(struct printer *p, double f, char verb, int precision)
{
    struct buf *b = p->out;
    size_t from = b->len;
    if (p->has_precision)
        precision = p->precision;
    number_print_float(b, f, verb, precision, 64);
    char first = b->at[from];
    if (first == '-' || first == '+')
        memmove(b->at + from, b->at + from + 1, --b->len - from);
    char sign = first == '-' ? '-' : '+';
    if (p->space && sign == '+' && !p->plus)
        sign = ' ';
    bool number = b->at[from] != 'I' && b->at[from] != 'N';
    bool shown = p->plus || sign != '+';
    if (!number && b->at[from] == 'N')
        shown = p->space || p->plus;
    else if (!number)
        shown = shown || first == '+';
    if (number && p->sharp && verb != 'b')
        add_point(b, from, verb, precision);
    int len = (int)(b->len - from) + shown;
    bool zeros = number && p->zero && !p->minus && p->has_width;
    size_t n = (size_t)(zeros && p->width > len ? p->width - len : 0) + shown;
    if (n) {
        size_t body = b->len - from;
        buf_repeat(b, '0', n);
        memmove(b->at + from + n, b->at + from, body);
        memset(b->at + from, '0', n);
        if (shown)
            b->at[from] = sign;
    }
    bool zero = p->zero;
    p->zero = false;
    pad_from(p, from);
    p->zero = zero;
}
