/* Untyped constants, as in Go: 1 serves as an int and as a float, 1.0 is an int when an
 * int is asked for, and only a point or an exponent makes a float where anything goes. */
#include "render/template/literal.h"

#include <math.h>

#include "render/base/number.h"
#include "render/base/quote.h"

static void set_int(struct ast_number *n, int64_t i)
{
    n->is_int = n->is_float = true;
    n->i = i;
    n->f = (double)i;
    n->value = value_int(i);
}

static void set_float(struct ast_number *n, double f)
{
    n->is_float = true;
    n->f = f;
    if (f >= -0x1p63 && f < 0x1p63 && (double)(int64_t)f == f) {
        n->is_int = true;
        n->i = (int64_t)f;
    }
}

/* Where one character, plain or escaped, stands alone, the rest is too much. */
static bool begins_with_character(struct arena *a, str text)
{
    if (text.len < 3 || text.at[1] == '\'')
        return false;
    if (text.at[1] != '\\')
        return true;
    for (size_t n = 2; n <= 10 && n < text.len; n++) {
        str one = str_format(a, "%.*s'", (int)n + 1, text.at);
        str out;
        if (unquote(a, one, &out))
            return true;
    }
    return false;
}

static bool character(struct arena *a, struct ast_number *n, str *why)
{
    str out;
    if (unquote(a, n->source, &out)) {
        size_t at = 0;
        set_int(n, out.len == 1 ? (unsigned char)out.at[0] : utf8_next(out, &at));
        return true;
    }
    *why = begins_with_character(a, n->source)
               ? str_format(a, "malformed character constant: %.*s", STR(n->source))
               : S("invalid syntax");
    return false;
}

static void set_complex(struct arena *a, struct ast_number *n, double re, double im)
{
    double *c = arena_alloc(a, 2 * sizeof *c);
    c[0] = re;
    c[1] = im;
    if (im == 0)
        set_float(n, re);
    n->value = (struct value){ .kind = VALUE_COMPLEX, .complex = c };
}

static bool complex_number(struct arena *a, struct ast_number *n, str *why)
{
    size_t sign = n->source.len;
    while (--sign > 0 && n->source.at[sign] != '+' && n->source.at[sign] != '-')
        ;
    char before = sign ? n->source.at[sign - 1] : '\0';
    if ((before | 32) == 'e' || (before | 32) == 'p')
        while (--sign > 0 && n->source.at[sign] != '+' && n->source.at[sign] != '-')
            ;
    double re, im;
    if (number_float(str_slice(n->source, 0, sign), 64, &re) == NUMBER_SYNTAX
        || number_float(str_slice(n->source, sign, n->source.len - 1), 64, &im) == NUMBER_SYNTAX) {
        *why = S("syntax error scanning complex number");
        return false;
    }
    set_complex(a, n, re, im);
    return true;
}

static bool has_any(str s, str chars)
{
    for (size_t i = 0; i < s.len; i++) {
        if (str_has_char(chars, s.at[i]))
            return true;
    }
    return false;
}

static bool quoted_why(struct arena *a, const char *what, str source, str *why)
{
    str q = quoted(a, source);
    *why = str_format(a, "%s: %.*s", what, STR(q));
    return false;
}

static bool plain_number(struct arena *a, struct ast_number *n, str *why)
{
    str s = n->source;
    uint64_t u;
    bool is_uint = number_uint(s, 0, 64, &u) == NUMBER_OK;
    int64_t i;
    if (number_int(s, 0, 64, &i) == NUMBER_OK) {
        set_int(n, i);
        return true;
    }
    if (is_uint) {
        n->is_float = true;
        n->f = (double)u;
        return true;
    }
    double f;
    if (number_float(s, 64, &f) != NUMBER_OK)
        return quoted_why(a, "illegal number syntax", s, why);
    if (!has_any(s, S(".eEpP")))
        return quoted_why(a, "integer overflow", s, why);
    set_float(n, f);
    n->value = value_float(f);
    return true;
}

bool literal_number(struct arena *a, struct token t, struct ast_number *out, str *why)
{
    out->source = t.text;
    if (t.kind == TOKEN_CHARACTER)
        return character(a, out, why);
    if (t.kind == TOKEN_COMPLEX)
        return complex_number(a, out, why);
    double im;
    if (str_ends(t.text, S("i"))
        && number_float(str_slice(t.text, 0, t.text.len - 1), 64, &im) == NUMBER_OK) {
        set_complex(a, out, 0, im);
        return true;
    }
    return plain_number(a, out, why);
}
