/* Strings, numbers and times of TOML 1.1. */
#include <math.h>

#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/unicode.h"
#include "render/template/toml_reader.h"
#include "render/template/value_toml.h"

static bool read_hex(struct toml_reader *r, int digits, const char *count, size_t from,
                     uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++) {
        uint32_t c = toml_next(r);
        uint32_t low = c | 0x20;
        bool hex = (c >= '0' && c <= '9') || (low >= 'a' && low <= 'f');
        if (!hex)
            return toml_fail(r, "expected %s hexadecimal digits after '\\%c', but got %.*s instead",
                             count, r->s.at[from],
                             STR(quoted(r->cx->arena, str_slice(r->s, from - 1, r->at))));
        *out = *out << 4 | (c <= '9' ? c - '0' : low - 'a' + 10);
    }
    if (*out <= RUNE_LAST && !(*out >= 0xD800 && *out < 0xE000))
        return true;
    return toml_fail(r, "Escaped character '\\u%.*s' is not valid UTF-8.",
                     STR(str_slice(r->s, from + 1, r->at)));
}

/* Behind a backslash. */
static bool read_escape(struct toml_reader *r, struct buf *out)
{
    static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\x1b\"\\";
    size_t at = r->at;
    uint32_t c = toml_next(r), rune;
    const char *found = c && c < 0x80 ? memchr(from, (int)c, sizeof from - 1) : NULL;
    if (found) {
        buf_char(out, to[found - from]);
        return true;
    }
    bool ok;
    if (c == 'x')
        ok = read_hex(r, 2, "two", at, &rune);
    else if (c == 'u')
        ok = read_hex(r, 4, "four", at, &rune);
    else if (c == 'U')
        ok = read_hex(r, 8, "eight", at, &rune);
    else if (c == ' ' || c == '\t')
        return toml_fail(r, "invalid escape: '\\%c'", (char)c);
    else
        return toml_fail(r, "invalid escape in string '\\%.*s'", STR(str_slice(r->s, at, r->at)));
    if (ok)
        buf_rune(out, rune);
    return ok;
}

/* A string of one line, behind its opening quote. */
bool toml_line_string(struct toml_reader *r, char mark, str *out)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 64);
    for (;;) {
        size_t at = r->at;
        uint32_t c = toml_next(r);
        if (r->failed)
            return false;
        if (c == TOML_END)
            return toml_fail(r, mark == '"' ? "unexpected EOF; expected '\"'"
                                            : "unexpected EOF; expected \"'\"");
        if (c == '\n' || c == '\r')
            return toml_fail_at(r, at, S("strings cannot contain newlines"));
        if (c == (unsigned char)mark)
            break;
        if (c == '\\' && mark == '"') {
            if (!read_escape(r, &b))
                return false;
        } else {
            buf_str(&b, str_slice(r->s, at, r->at));
        }
    }
    *out = buf_take(&b);
    return true;
}

/* A backslash that ends its line takes all blanks and line ends behind it away. */
static bool skip_escaped_lines(struct toml_reader *r)
{
    size_t at = r->at;
    bool line = false;
    while (at < r->s.len && str_has_char(S(" \t\r\n"), r->s.at[at]))
        line = r->s.at[at++] == '\n' || line;
    if (line)
        r->at = at;
    return line;
}

/* Behind three quotes. Up to two more may stand directly before the three that end it. */
static bool read_lines_string(struct toml_reader *r, char mark, str *out)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 128);
    if (!toml_take(r, '\n') && str_starts(str_skip(r->s, r->at), S("\r\n")))
        r->at += 2;
    const char ends[] = { mark, mark, mark, 0 };
    for (;;) {
        size_t at = r->at;
        str rest = str_skip(r->s, at);
        if (str_starts(rest, str_from(ends))) {
            size_t marks = 3;
            while (marks < 6 && at + marks < r->s.len && r->s.at[at + marks] == mark)
                marks++;
            r->at += marks;
            if (marks == 6)
                return toml_fail(r, mark == '"' ? "unexpected '\"\"\"\"\"\"'"
                                                : "unexpected \"''''''\"");
            buf_str(&b, str_slice(r->s, at, at + marks - 3));
            break;
        }
        uint32_t c = toml_next(r);
        if (r->failed)
            return false;
        if (c == TOML_END)
            return toml_fail(r, mark == '"' ? "unexpected EOF; expected '\"\"\"'"
                                            : "unexpected EOF; expected \"'''\"");
        if (c != '\\' || mark != '"')
            buf_str(&b, str_slice(r->s, at, r->at));
        else if (!skip_escaped_lines(r) && !read_escape(r, &b))
            return false;
    }
    *out = buf_take(&b);
    return true;
}

bool toml_string(struct toml_reader *r, char mark, struct value *out)
{
    const char marks[] = { mark, mark, 0 };
    str s;
    bool lines = str_starts(str_skip(r->s, r->at), str_from(marks));
    r->at += lines ? 2 : 0;
    if (!(lines ? read_lines_string(r, mark, &s) : toml_line_string(r, mark, &s)))
        return false;
    *out = value_string(s);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool underscores_fit(str s)
{
    bool digit = false;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '_' && !digit)
            return false;
        digit = is_hex(s.at[i]);
    }
    return digit;
}

static bool leading_zero(str s)
{
    if (s.len > 2 && (s.at[0] == '-' || s.at[0] == '+'))
        return s.at[1] == '0';
    return s.len > 1 && s.at[0] == '0' && !str_has_char(S("box"), s.at[1]);
}

static str without_underscores(struct toml_reader *r, str s)
{
    return str_replace_all(r->cx->arena, s, S("_"), S(""));
}

static bool make_integer(struct toml_reader *r, str s, struct value *out)
{
    str shown = quoted(r->cx->arena, s);
    int64_t i;
    if (!underscores_fit(s))
        return toml_fail(r, "Invalid integer %.*s: underscores must be surrounded by digits",
                         STR(shown));
    if (leading_zero(s))
        return toml_fail(r, "Invalid integer %.*s: cannot have leading zeroes", STR(shown));
    if (number_int(without_underscores(r, s), 0, 64, &i) != NUMBER_OK)
        return toml_fail(r, "%.*s is out of range for int64", STR(s));
    *out = value_int64(i);
    return true;
}

static bool periods_fit(str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '.' && !(i + 1 < s.len && is_digit(s.at[i + 1])))
            return false;
    }
    return true;
}

static bool make_float(struct toml_reader *r, str s, struct value *out)
{
    str shown = quoted(r->cx->arena, s), part;
    double f;
    size_t from = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && s.at[i] != '.' && s.at[i] != 'e' && s.at[i] != 'E')
            continue;
        part = str_slice(s, from, i);
        if (part.len && !underscores_fit(part))
            return toml_fail(r, "Invalid float %.*s: underscores must be surrounded by digits",
                             STR(shown));
        if (from == 0 && leading_zero(part))
            return toml_fail(r, "Invalid float %.*s: cannot have leading zeroes", STR(shown));
        from = i + 1;
    }
    if (!periods_fit(s))
        return toml_fail(r, "Invalid float %.*s: '.' must be followed by one or more digits",
                         STR(shown));
    enum number_error e = number_float(without_underscores(r, s), 64, &f);
    if (e == NUMBER_RANGE)
        return toml_fail(r, "%.*s is out of range for float64", STR(s));
    if (e != NUMBER_OK)
        return toml_fail(r, "Invalid float value: %.*s", STR(shown));
    *out = value_float(f);
    return true;
}

/* Layouts let a digit be missing; TOML does not. */
static bool is_full(str text, str layout)
{
    for (size_t i = 0; i < layout.len && i < text.len; i++) {
        char c = layout.at[i];
        if (c == '.' || c == 'Z')
            return true;
        if (!is_digit(c) && text.at[i] != c)
            return false;
    }
    return true;
}

static bool make_time(struct toml_reader *r, str s, struct value *out)
{
    const struct {
        str layout;
        str zone; /* empty: the local one */
    } forms[] = {
        { GOTIME_RFC3339_NANO, S("") },
        { S("2006-01-02T15:04:05.999999999"), TOML_LOCAL_DATETIME },
        { S("2006-01-02"), TOML_LOCAL_DATE },
        { S("15:04:05.999999999"), TOML_LOCAL_TIME },
        { S("2006-01-02T15:04Z07:00"), S("") },
        { S("2006-01-02T15:04"), TOML_LOCAL_DATETIME },
        { S("15:04"), TOML_LOCAL_TIME },
    };
    struct arena *a = r->cx->arena;
    char *text = arena_copy(a, s.at, s.len);
    for (size_t i = 0; i < s.len; i++)
        text[i] = text[i] == 'z' ? 'Z' : text[i] == 't' || text[i] == ' ' ? 'T' : text[i];
    s.at = text;
    int32_t offset = zone_at(r->local, r->cx->now).offset;
    for (size_t i = 0; i < countof(forms); i++) {
        const struct zone *zone =
            forms[i].zone.len ? zone_fixed(a, forms[i].zone, offset) : r->local;
        struct gotime t;
        str error;
        if (!gotime_parse(a, forms[i].layout, s, (struct gotime_zones){ zone, r->local }, &t,
                          &error))
            continue;
        if (!is_full(s, forms[i].layout))
            break;
        *out = value_time(arena_copy(a, &t, sizeof t));
        return true;
    }
    return toml_fail(r, "invalid datetime: %.*s", STR(quoted(a, s)));
}

static void take_all(struct toml_reader *r, str chars)
{
    while (r->at < r->s.len && str_has_char(chars, r->s.at[r->at]))
        r->at++;
}

#define DIGITS "0123456789"

/* 0x, 0o and 0b, behind the first digit. */
static bool read_based(struct toml_reader *r, size_t from, struct value *out)
{
    static const struct {
        char letter;
        str digits;
        const char *what;
    } bases[] = {
        { 'b', S("01"), "a binary" },
        { 'o', S("01234567"), "an octal" },
        { 'x', S("0123456789abcdefABCDEF"), "a hexadecimal" },
    };
    for (size_t i = 0; i < countof(bases); i++) {
        if (toml_peek(r) != bases[i].letter)
            continue;
        r->at++;
        char c = toml_peek(r);
        if (!c || !str_has_char(bases[i].digits, c))
            return toml_fail_at(r, r->at,
                                str_format(r->cx->arena, "not %s number: '%.*s%.*s'", bases[i].what,
                                           STR(str_slice(r->s, from, r->at)), 1, &c));
        while (r->at < r->s.len
               && (str_has_char(bases[i].digits, toml_peek(r)) || toml_peek(r) == '_'))
            r->at++;
        return make_integer(r, str_slice(r->s, from, r->at), out);
    }
    return false;
}

/* What begins with a digit: a number or a time. */
bool toml_number(struct toml_reader *r, size_t from, bool dates, struct value *out)
{
    take_all(r, S(DIGITS));
    char c = toml_peek(r);
    if (dates && r->at == from + 1 && r->s.at[from] == '0' && c && str_has_char(S("box"), c))
        return read_based(r, from, out);
    if (dates && (c == '-' || c == ':')) {
        take_all(r, S(DIGITS "-:Tt .Zz+"));
        return make_time(r, str_trim(str_slice(r->s, from, r->at)), out);
    }
    take_all(r, S(DIGITS "_"));
    c = toml_peek(r);
    if (c != '.' && c != 'e' && c != 'E')
        return make_integer(r, str_slice(r->s, from, r->at), out);
    take_all(r, S(DIGITS "_.-+eE"));
    return make_float(r, str_slice(r->s, from, r->at), out);
}

bool toml_signed(struct toml_reader *r, size_t from, struct value *out)
{
    bool negative = r->s.at[from] == '-';
    str rest = str_skip(r->s, r->at);
    if (str_starts(rest, S("inf")) || str_starts(rest, S("nan"))) {
        r->at += 3;
        *out = value_float(copysign(rest.at[0] == 'i' ? INFINITY : NAN, negative ? -1 : 1));
        return true;
    }
    uint32_t c = toml_next(r);
    if (c == '.')
        return toml_fail(r, "floats must start with a digit, not '.'");
    if (c == 'i' || c == 'n')
        return toml_fail(r, "invalid float: '%.*s'", STR(str_slice(r->s, from, r->at)));
    if (c == '0' && toml_peek(r) && str_has_char(S("box"), toml_peek(r)))
        return toml_fail(r, "cannot use sign with non-decimal numbers: '%.*s%c'",
                         STR(str_slice(r->s, from, r->at)), toml_peek(r));
    if (c < '0' || c > '9')
        return toml_fail(r, "expected a digit but got %.*s", STR(toml_rune(r, c)));
    return toml_number(r, from, false, out);
}

bool toml_word(struct toml_reader *r, size_t from, struct value *out)
{
    size_t at = from;
    while (at < r->s.len && rune_is_letter(utf8_next(r->s, &at)))
        r->at = at;
    str word = str_slice(r->s, from, r->at);
    *out = value_bool(str_eq(word, S("true")));
    if (out->b || str_eq(word, S("false")))
        return true;
    return toml_fail(r, "expected value but found %.*s instead", STR(quoted(r->cx->arena, word)));
}
