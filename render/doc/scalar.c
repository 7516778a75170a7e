/* Plain scalars as gopkg.in/yaml v2 and v3 resolve them. Both share the numbers and the
 * times; v2 also knows YAML 1.1's yes, no, on and off. */
#include "render/doc/scalar.h"

#include "render/base/number.h"
#include "render/doc/timestamp.h"

/* The words that mean something, by dialect, all short. */
static const struct word {
    str text;
    uint8_t kind;
    bool only_go2;
} words[] = {
    { S("~"), NODE_NULL, false },      { S("null"), NODE_NULL, false },
    { S("Null"), NODE_NULL, false },   { S("NULL"), NODE_NULL, false },
    { S("true"), NODE_BOOL, false },   { S("True"), NODE_BOOL, false },
    { S("TRUE"), NODE_BOOL, false },   { S("false"), NODE_BOOL, false },
    { S("False"), NODE_BOOL, false },  { S("FALSE"), NODE_BOOL, false },
    { S("y"), NODE_BOOL, true },       { S("Y"), NODE_BOOL, true },
    { S("yes"), NODE_BOOL, true },     { S("Yes"), NODE_BOOL, true },
    { S("YES"), NODE_BOOL, true },     { S("on"), NODE_BOOL, true },
    { S("On"), NODE_BOOL, true },      { S("ON"), NODE_BOOL, true },
    { S("n"), NODE_BOOL, true },       { S("N"), NODE_BOOL, true },
    { S("no"), NODE_BOOL, true },      { S("No"), NODE_BOOL, true },
    { S("NO"), NODE_BOOL, true },      { S("off"), NODE_BOOL, true },
    { S("Off"), NODE_BOOL, true },     { S("OFF"), NODE_BOOL, true },
    { S(".nan"), NODE_FLOAT, false },  { S(".NaN"), NODE_FLOAT, false },
    { S(".NAN"), NODE_FLOAT, false },  { S(".inf"), NODE_FLOAT, false },
    { S(".Inf"), NODE_FLOAT, false },  { S(".INF"), NODE_FLOAT, false },
    { S("+.inf"), NODE_FLOAT, false }, { S("+.Inf"), NODE_FLOAT, false },
    { S("+.INF"), NODE_FLOAT, false }, { S("-.inf"), NODE_FLOAT, false },
    { S("-.Inf"), NODE_FLOAT, false }, { S("-.INF"), NODE_FLOAT, false },
};

static const struct word *find_word(str s, enum yaml_dialect dialect)
{
    for (size_t i = 0; i < countof(words); i++) {
        if (words[i].text.at[0] == s.at[0] && str_eq(words[i].text, s))
            return words[i].only_go2 && dialect != YAML_GO2 ? NULL : &words[i];
    }
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t skip_digits(str s, size_t i)
{
    while (i < s.len && is_digit(s.at[i]))
        i++;
    return i;
}

/* [-+]? ( .digits | digits [. digits*] ) ( [eE] [-+]? digits )? */
static bool is_yaml_float(str s)
{
    size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+');
    size_t whole = skip_digits(s, i) - i;
    i += whole;
    size_t fraction = 0;
    if (i < s.len && s.at[i] == '.') {
        fraction = skip_digits(s, i + 1) - (i + 1);
        i += 1 + fraction;
    }
    if (whole == 0 && fraction == 0)
        return false;
    if (i < s.len && (s.at[i] == 'e' || s.at[i] == 'E')) {
        i++;
        i += i < s.len && (s.at[i] == '-' || s.at[i] == '+');
        size_t end = skip_digits(s, i);
        if (end == i)
            return false;
        i = end;
    }
    return i == s.len;
}

/* Numbers longer than this are read no further: no double has so many digits that count. */
enum { LONGEST_NUMBER = 1024 };

static str without_underscores(str s, char out[LONGEST_NUMBER])
{
    if (!str_has_char(s, '_') || s.len > LONGEST_NUMBER)
        return s;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] != '_')
            out[n++] = s.at[i];
    }
    return (str){ out, n };
}

bool scalar_int(str text, bool *negative, uint64_t *magnitude)
{
    char digits[LONGEST_NUMBER];
    str s = without_underscores(text, digits);
    int64_t value;
    *negative = false;
    if (number_int(s, 0, 64, &value) == NUMBER_OK) {
        *negative = value < 0;
        *magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
        return true;
    }
    return number_uint(s, 0, 64, magnitude) == NUMBER_OK;
}

static bool all_digits(str s)
{
    return s.len && skip_digits(s, 0) == s.len;
}

static struct scalar_kind resolve_number(str s)
{
    bool negative;
    uint64_t magnitude;
    char digits[LONGEST_NUMBER];
    double value;
    if (all_digits(s) && s.len < 19 && s.at[0] != '0')
        return (struct scalar_kind){ NODE_INT, 0 };
    if (timestamp_is(s))
        return (struct scalar_kind){ NODE_STRING, NODE_TIMESTAMP };
    if (scalar_int(s, &negative, &magnitude))
        return (struct scalar_kind){ NODE_INT, 0 };
    str plain = without_underscores(s, digits);
    if (is_yaml_float(plain) && number_float(plain, 64, &value) == NUMBER_OK)
        return (struct scalar_kind){ NODE_FLOAT, 0 };
    return (struct scalar_kind){ NODE_STRING, 0 };
}

/* Does a word begin so: y, n, t, f or o of either case, or one of "~.+-"? */
static bool may_be_word(char first)
{
    unsigned letter = (unsigned)(first | 32) - 'a';
    return (letter < 26
            && ((1u << ('y' - 'a') | 1u << ('n' - 'a') | 1u << ('t' - 'a') | 1u << ('f' - 'a')
                 | 1u << ('o' - 'a'))
                    >> letter
                & 1))
           || first == '~' || first == '.' || first == '+' || first == '-';
}

struct scalar_kind scalar_resolve(str plain, enum yaml_dialect dialect)
{
    struct scalar_kind kind = { NODE_STRING, 0 };
    double value;
    if (plain.len == 0)
        return (struct scalar_kind){ NODE_NULL, 0 };
    char first = plain.at[0];
    if (plain.len <= 5 && may_be_word(first)) {
        const struct word *word = find_word(plain, dialect);
        if (word)
            return (struct scalar_kind){ word->kind, 0 };
    }
    if (is_digit(first) || first == '+' || first == '-')
        return resolve_number(plain);
    if (first == '.' && number_float(plain, 64, &value) == NUMBER_OK)
        kind.kind = NODE_FLOAT;
    return kind;
}

bool scalar_true(str text)
{
    return text.len && str_has_char(S("yYtToO"), text.at[0]) && !str_starts(text, S("of"))
           && !str_starts(text, S("Of")) && !str_starts(text, S("OF"));
}

double scalar_float(str text)
{
    char digits[LONGEST_NUMBER];
    double value = 0;
    bool negative = text.at[0] == '-';
    str unsigned_ = str_trim_chars(str_slice(text, 0, 1), S("+-")).len ? text : str_skip(text, 1);
    if (str_starts(unsigned_, S(".i")) || str_starts(unsigned_, S(".I")))
        return negative ? -1.0 / 0.0 : 1.0 / 0.0;
    if (str_starts(unsigned_, S(".n")) || str_starts(unsigned_, S(".N")))
        return 0.0 / 0.0;
    number_float(without_underscores(text, digits), 64, &value);
    return value;
}

static str canonical_int(struct context *cx, str text)
{
    bool negative;
    uint64_t magnitude;
    if (all_digits(text) && text.len < 19 && (text.at[0] != '0' || text.len == 1))
        return text;
    if (!scalar_int(text, &negative, &magnitude))
        return text;
    return str_format(cx->arena, "%s%llu", negative ? "-" : "", (unsigned long long)magnitude);
}

str scalar_canonical(struct context *cx, const struct node *n)
{
    struct buf b;
    switch (n->kind) {
    case NODE_NULL:
        return S("null");
    case NODE_BOOL:
        return scalar_true(n->text) ? S("true") : S("false");
    case NODE_INT:
        return canonical_int(cx, n->text);
    case NODE_FLOAT:
        buf_init(&b, cx->arena, 32);
        number_print_json(&b, scalar_float(n->text), 64);
        return buf_take(&b);
    default:
        return n->flags & NODE_TIMESTAMP ? timestamp_print(cx->arena, n->text) : n->text;
    }
}

/* Sexagesimal numbers, which YAML 1.1 knows: 190:20:30.15 */
static bool is_base60(str s)
{
    size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+');
    if (i >= s.len || !is_digit(s.at[i]) || !str_has_char(s, ':'))
        return false;
    while (i < s.len && (is_digit(s.at[i]) || s.at[i] == '_'))
        i++;
    size_t groups = 0;
    for (; i + 1 < s.len && s.at[i] == ':' && is_digit(s.at[i + 1]); groups++) {
        bool two = i + 2 < s.len && is_digit(s.at[i + 2]) && s.at[i + 1] <= '5';
        i += two ? 3 : 2;
    }
    if (groups && i < s.len && s.at[i] == '.') {
        for (i++; i < s.len && (is_digit(s.at[i]) || s.at[i] == '_'); i++)
            ;
    }
    return groups && i == s.len;
}

bool scalar_needs_quotes(str text)
{
    struct scalar_kind k = scalar_resolve(text, YAML_GO2);
    return k.kind != NODE_STRING || (k.flags & NODE_TIMESTAMP) || is_base60(text);
}

struct node *node_plain(struct context *cx, str text)
{
    struct node *n = node_string(cx, text);
    struct scalar_kind k = scalar_resolve(text, YAML_GO3);
    n->kind = k.kind;
    n->flags = k.flags;
    return n;
}
