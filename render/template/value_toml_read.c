/* TOML 1.1 by descent, with that library's sentences: the line, the last key, what is wrong.
 *
 * A table may be opened late when it was only implied ([a.b] before [a]); dotted keys imply
 * tables, too. An inline table is closed, but a dotted key may still add to it. */
#include <math.h>

#include "render/base/buf.h"
#include "render/base/gotime.h"
#include "render/base/map.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/unicode.h"
#include "render/template/value_toml.h"

enum { NOTHING = 0 };

struct reader {
    struct context *cx;
    const struct zone *local;
    str s;
    size_t at;
    str *why;
    bool failed;
    struct dict *root; /* of the document, or of the inline table at hand */
    uint32_t base;     /* how many parts of the context lead to the root */
    uint32_t tables;   /* inline tables so far, and which of them is at hand */
    uint32_t table;
    uint32_t depth;
    str *context; /* the parts of the table's key */
    uint32_t context_len;
    uint32_t context_cap;
    str key;
    size_t key_at;
    struct map implicit; /* keys of tables that were only implied */
    struct map lists;    /* keys of plain lists */
};

struct dotted {
    str *parts;
    uint32_t len;
    uint32_t cap;
};

static str path_text(struct reader *r, const str *parts, uint32_t n)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 64);
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_char(&b, '.');
        toml_print_key(&b, parts[i]);
    }
    return buf_take(&b);
}

static str last_key(struct reader *r)
{
    str context = path_text(r, r->context, r->context_len);
    if (!r->key.len)
        return context;
    return r->context_len ? str_format(r->cx->arena, "%.*s.%.*s", STR(context), STR(r->key))
                          : r->key;
}

static bool fail_at(struct reader *r, size_t at, str what)
{
    if (r->failed)
        return false;
    size_t line = 1;
    for (size_t i = 0; i < at && i < r->s.len; i++)
        line += r->s.at[i] == '\n';
    str key = last_key(r);
    r->failed = true;
    if (key.len)
        *r->why = str_format(r->cx->arena, "toml: line %zu (last key %.*s): %.*s", line,
                             STR(quoted(r->cx->arena, key)), STR(what));
    else
        *r->why = str_format(r->cx->arena, "toml: line %zu: %.*s", line, STR(what));
    return false;
}

/* About what was just read, or about the end of the text, which belongs to its last line. */
static bool fail(struct reader *r, const char *format, ...) PRINTF_LIKE(2, 3);
static bool fail(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str what = str_vformat(r->cx->arena, format, args);
    va_end(args);
    bool end = r->at >= r->s.len && r->at > 0;
    return fail_at(r, end ? r->at - 1 : r->at, what);
}

static bool is_control(uint32_t c)
{
    return (c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == 0x7F;
}

/* The next character, NOTHING at the end; broken and control characters are errors. */
static uint32_t next(struct reader *r)
{
    if (r->at >= r->s.len || r->failed)
        return NOTHING;
    size_t before = r->at;
    uint32_t c = utf8_next(r->s, &r->at);
    if (c == 0xFFFD && r->at == before + 1) {
        fail(r, "invalid UTF-8 byte: 0x%02x", (unsigned char)r->s.at[before]);
        return NOTHING;
    }
    bool lone = c == '\r' && !(r->at < r->s.len && r->s.at[r->at] == '\n');
    if (is_control(c) || lone) {
        r->at = before;
        fail_at(
            r, before,
            str_format(r->cx->arena, "TOML files cannot contain control characters: '0x%02x'", c));
        return NOTHING;
    }
    return c;
}

static char peek(const struct reader *r)
{
    return r->at < r->s.len ? r->s.at[r->at] : NOTHING;
}

static bool take(struct reader *r, char c)
{
    bool there = r->at < r->s.len && r->s.at[r->at] == c;
    r->at += there;
    return there;
}

/* How Go's %q prints a character; the end is NUL there. */
static str rune_text(struct reader *r, uint32_t c)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 16);
    quote_rune(&b, c, false);
    return buf_take(&b);
}

static void skip_blanks(struct reader *r)
{
    while (peek(r) == ' ' || peek(r) == '\t')
        r->at++;
}

static bool skip_comment(struct reader *r)
{
    while (!r->failed && r->at < r->s.len && peek(r) != '\n')
        next(r);
    return !r->failed;
}

/* Blanks, line ends and comments. */
static bool skip_lines(struct reader *r)
{
    for (;;) {
        char c = peek(r);
        if (c == '#') {
            if (!skip_comment(r))
                return false;
        } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (next(r) == NOTHING)
                return false;
        } else {
            return true;
        }
    }
}

static bool has_mark(struct reader *r, const struct map *marks, const str *parts, uint32_t n)
{
    return map_get(marks,
                   str_format(r->cx->arena, "%u %.*s", r->table, STR(path_text(r, parts, n))))
           != NULL;
}

static void set_mark(struct reader *r, struct map *marks, const str *parts, uint32_t n, bool on)
{
    str key = str_format(r->cx->arena, "%u %.*s", r->table, STR(path_text(r, parts, n)));
    map_put(marks, key, on ? r : NULL);
}

static void context_push(struct reader *r, str part)
{
    ARENA_PUSH(r->cx->arena, r->context, r->context_len, r->context_cap);
    r->context[r->context_len++] = part;
}

/* The last table of an array of tables, the table itself; NULL for anything else. */
static struct dict *table_of(struct value v)
{
    if (v.kind == VALUE_LIST && v.type == TYPE_MAPS && v.len)
        v = v.items[v.len - 1];
    return v.kind == VALUE_MAP ? v.dict : NULL;
}

static const struct dict_entry *find(struct reader *r, const struct dict *d, str part)
{
    return dict_find(d, intern_find(r->cx->keys, part));
}

static bool defined(struct reader *r, const str *parts, uint32_t n)
{
    return fail_at(r, r->key_at,
                   str_format(r->cx->arena, "Key '%.*s' has already been defined.",
                              STR(path_text(r, parts, n))));
}

/* Sets a key of the table at hand. */
static bool set_value(struct reader *r, str part, struct value v)
{
    struct dict *d = r->root;
    for (uint32_t i = r->base; i < r->context_len; i++) {
        const struct dict_entry *e = find(r, d, r->context[i]);
        d = e ? table_of(e->value) : NULL;
        if (!d)
            return defined(r, r->context, i + 1);
    }
    context_push(r, part);
    uint32_t n = r->context_len--;
    if (find(r, d, part)) {
        bool implied = has_mark(r, &r->implicit, r->context, n);
        if (!implied)
            return defined(r, r->context, n);
        set_mark(r, &r->implicit, r->context, n, false);
        if (!has_mark(r, &r->lists, r->context, n))
            return true;
    }
    dict_set_text(r->cx, d, part, v);
    return true;
}

static struct value new_table(struct reader *r)
{
    return value_map(dict_new(r->cx->arena, 0));
}

/* One table more; an array grows to the next power of two when it is full. */
static struct value grown(struct reader *r, struct value list)
{
    struct value *items = (struct value *)(uintptr_t)list.items;
    if ((list.len & (list.len - 1)) == 0) {
        items = arena_alloc(r->cx->arena, arena_array(list.len ? list.len * 2 : 1, sizeof *items));
        if (list.len)
            memcpy(items, list.items, list.len * sizeof *items);
    }
    items[list.len] = new_table(r);
    return value_list_of(TYPE_MAPS, items, list.len + 1);
}

/* Makes a key the context: the tables on the way are implied, the last one is opened. */
static bool open_table(struct reader *r, const str *parts, uint32_t n, bool array)
{
    struct dict *d = r->root;
    for (uint32_t i = r->base; i + 1 < n; i++) {
        if (!find(r, d, parts[i])) {
            set_mark(r, &r->implicit, parts, i + 1, true);
            dict_set_text(r->cx, d, parts[i], new_table(r));
        }
        d = table_of(find(r, d, parts[i])->value);
        if (!d)
            return fail_at(r, r->key_at,
                           str_format(r->cx->arena, "Key '%.*s' was already created as a hash.",
                                      STR(path_text(r, parts, i + 1))));
    }
    str last = parts[n - 1];
    r->context_len = 0;
    for (uint32_t i = 0; i + 1 < n; i++)
        context_push(r, parts[i]);
    if (array) {
        const struct dict_entry *e = find(r, d, last);
        struct value list = e ? e->value : (struct value){ .kind = VALUE_LIST, .type = TYPE_MAPS };
        if (list.kind != VALUE_LIST || list.type != TYPE_MAPS)
            return fail_at(r, r->key_at,
                           str_format(r->cx->arena,
                                      "Key '%.*s' was already created and cannot be "
                                      "used as an array.",
                                      STR(path_text(r, parts, n))));
        dict_set_text(r->cx, d, last, grown(r, list));
    } else if (!set_value(r, last, new_table(r))) {
        return false;
    }
    context_push(r, last);
    return true;
}

static bool read_hex(struct reader *r, int digits, const char *count, size_t from, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++) {
        uint32_t c = next(r);
        uint32_t low = c | 0x20;
        bool hex = (c >= '0' && c <= '9') || (low >= 'a' && low <= 'f');
        if (!hex)
            return fail(r, "expected %s hexadecimal digits after '\\%c', but got %.*s instead",
                        count, r->s.at[from],
                        STR(quoted(r->cx->arena, str_slice(r->s, from - 1, r->at))));
        *out = *out << 4 | (c <= '9' ? c - '0' : low - 'a' + 10);
    }
    if (*out <= RUNE_LAST && !(*out >= 0xD800 && *out < 0xE000))
        return true;
    return fail(r, "Escaped character '\\u%.*s' is not valid UTF-8.",
                STR(str_slice(r->s, from + 1, r->at)));
}

/* Behind a backslash. */
static bool read_escape(struct reader *r, struct buf *out)
{
    static const char from[] = "btnfre\"\\", to[] = "\b\t\n\f\r\x1b\"\\";
    size_t at = r->at;
    uint32_t c = next(r), rune;
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
        return fail(r, "invalid escape: '\\%c'", (char)c);
    else
        return fail(r, "invalid escape in string '\\%.*s'", STR(str_slice(r->s, at, r->at)));
    if (ok)
        buf_rune(out, rune);
    return ok;
}

/* A string of one line, behind its opening quote. */
static bool read_line_string(struct reader *r, char mark, str *out)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 64);
    for (;;) {
        size_t at = r->at;
        uint32_t c = next(r);
        if (r->failed)
            return false;
        if (c == NOTHING)
            return fail(r, mark == '"' ? "unexpected EOF; expected '\"'"
                                       : "unexpected EOF; expected \"'\"");
        if (c == '\n' || c == '\r')
            return fail_at(r, at, S("strings cannot contain newlines"));
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
static bool skip_escaped_lines(struct reader *r)
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
static bool read_lines_string(struct reader *r, char mark, str *out)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 128);
    if (!take(r, '\n') && str_starts(str_skip(r->s, r->at), S("\r\n")))
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
                return fail(r, mark == '"' ? "unexpected '\"\"\"\"\"\"'" : "unexpected \"''''''\"");
            buf_str(&b, str_slice(r->s, at, at + marks - 3));
            break;
        }
        uint32_t c = next(r);
        if (r->failed)
            return false;
        if (c == NOTHING)
            return fail(r, mark == '"' ? "unexpected EOF; expected '\"\"\"'"
                                       : "unexpected EOF; expected \"'''\"");
        if (c != '\\' || mark != '"')
            buf_str(&b, str_slice(r->s, at, r->at));
        else if (!skip_escaped_lines(r) && !read_escape(r, &b))
            return false;
    }
    *out = buf_take(&b);
    return true;
}

static bool read_string(struct reader *r, char mark, struct value *out)
{
    const char marks[] = { mark, mark, 0 };
    str s;
    bool lines = str_starts(str_skip(r->s, r->at), str_from(marks));
    r->at += lines ? 2 : 0;
    if (!(lines ? read_lines_string(r, mark, &s) : read_line_string(r, mark, &s)))
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

static str without_underscores(struct reader *r, str s)
{
    return str_replace_all(r->cx->arena, s, S("_"), S(""));
}

static bool make_integer(struct reader *r, str s, struct value *out)
{
    str shown = quoted(r->cx->arena, s);
    int64_t i;
    if (!underscores_fit(s))
        return fail(r, "Invalid integer %.*s: underscores must be surrounded by digits",
                    STR(shown));
    if (leading_zero(s))
        return fail(r, "Invalid integer %.*s: cannot have leading zeroes", STR(shown));
    if (number_int(without_underscores(r, s), 0, 64, &i) != NUMBER_OK)
        return fail(r, "%.*s is out of range for int64", STR(s));
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

static bool make_float(struct reader *r, str s, struct value *out)
{
    str shown = quoted(r->cx->arena, s), part;
    double f;
    size_t from = 0;
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && s.at[i] != '.' && s.at[i] != 'e' && s.at[i] != 'E')
            continue;
        part = str_slice(s, from, i);
        if (part.len && !underscores_fit(part))
            return fail(r, "Invalid float %.*s: underscores must be surrounded by digits",
                        STR(shown));
        if (from == 0 && leading_zero(part))
            return fail(r, "Invalid float %.*s: cannot have leading zeroes", STR(shown));
        from = i + 1;
    }
    if (!periods_fit(s))
        return fail(r, "Invalid float %.*s: '.' must be followed by one or more digits",
                    STR(shown));
    enum number_error e = number_float(without_underscores(r, s), 64, &f);
    if (e == NUMBER_RANGE)
        return fail(r, "%.*s is out of range for float64", STR(s));
    if (e != NUMBER_OK)
        return fail(r, "Invalid float value: %.*s", STR(shown));
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

static bool make_time(struct reader *r, str s, struct value *out)
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
    return fail(r, "invalid datetime: %.*s", STR(quoted(a, s)));
}

static void take_all(struct reader *r, str chars)
{
    while (r->at < r->s.len && str_has_char(chars, r->s.at[r->at]))
        r->at++;
}

#define DIGITS "0123456789"

/* 0x, 0o and 0b, behind the first digit. */
static bool read_based(struct reader *r, size_t from, struct value *out)
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
        if (peek(r) != bases[i].letter)
            continue;
        r->at++;
        char c = peek(r);
        if (!c || !str_has_char(bases[i].digits, c))
            return fail_at(r, r->at,
                           str_format(r->cx->arena, "not %s number: '%.*s%.*s'", bases[i].what,
                                      STR(str_slice(r->s, from, r->at)), 1, &c));
        while (r->at < r->s.len && (str_has_char(bases[i].digits, peek(r)) || peek(r) == '_'))
            r->at++;
        return make_integer(r, str_slice(r->s, from, r->at), out);
    }
    return false;
}

/* What begins with a digit: a number or a time. */
static bool read_number(struct reader *r, size_t from, bool dates, struct value *out)
{
    take_all(r, S(DIGITS));
    char c = peek(r);
    if (dates && r->at == from + 1 && r->s.at[from] == '0' && c && str_has_char(S("box"), c))
        return read_based(r, from, out);
    if (dates && (c == '-' || c == ':')) {
        take_all(r, S(DIGITS "-:Tt .Zz+"));
        return make_time(r, str_trim(str_slice(r->s, from, r->at)), out);
    }
    take_all(r, S(DIGITS "_"));
    c = peek(r);
    if (c != '.' && c != 'e' && c != 'E')
        return make_integer(r, str_slice(r->s, from, r->at), out);
    take_all(r, S(DIGITS "_.-+eE"));
    return make_float(r, str_slice(r->s, from, r->at), out);
}

static bool read_signed(struct reader *r, size_t from, struct value *out)
{
    bool negative = r->s.at[from] == '-';
    str rest = str_skip(r->s, r->at);
    if (str_starts(rest, S("inf")) || str_starts(rest, S("nan"))) {
        r->at += 3;
        *out = value_float(copysign(rest.at[0] == 'i' ? INFINITY : NAN, negative ? -1 : 1));
        return true;
    }
    uint32_t c = next(r);
    if (c == '.')
        return fail(r, "floats must start with a digit, not '.'");
    if (c == 'i' || c == 'n')
        return fail(r, "invalid float: '%.*s'", STR(str_slice(r->s, from, r->at)));
    if (c == '0' && peek(r) && str_has_char(S("box"), peek(r)))
        return fail(r, "cannot use sign with non-decimal numbers: '%.*s%c'",
                    STR(str_slice(r->s, from, r->at)), peek(r));
    if (c < '0' || c > '9')
        return fail(r, "expected a digit but got %.*s", STR(rune_text(r, c)));
    return read_number(r, from, false, out);
}

static bool read_word(struct reader *r, size_t from, struct value *out)
{
    size_t at = from;
    while (at < r->s.len && rune_is_letter(utf8_next(r->s, &at)))
        r->at = at;
    str word = str_slice(r->s, from, r->at);
    *out = value_bool(str_eq(word, S("true")));
    if (out->b || str_eq(word, S("false")))
        return true;
    return fail(r, "expected value but found %.*s instead", STR(quoted(r->cx->arena, word)));
}

static bool read_value(struct reader *r, struct value *out);

static bool read_array(struct reader *r, struct value *out)
{
    struct value *items = NULL;
    uint32_t len = 0, cap = 0;
    if (!skip_lines(r))
        return false;
    while (!take(r, ']')) {
        if (take(r, ','))
            return fail(r, "unexpected comma");
        struct value item;
        if (!read_value(r, &item) || !skip_lines(r))
            return false;
        ARENA_PUSH(r->cx->arena, items, len, cap);
        items[len++] = item;
        if (take(r, ',')) {
            if (!skip_lines(r))
                return false;
            continue;
        }
        if (peek(r) == ']')
            continue;
        size_t at = r->at;
        next(r);
        str found = str_slice(r->s, at, r->at);
        return fail(r, "expected a comma (',') or array terminator (']'), but got %s%.*s%s",
                    found.len ? "'" : "end of file", STR(found), found.len ? "'" : "");
    }
    *out = value_list(items, len);
    return true;
}

static bool read_assignment(struct reader *r);

static bool read_inline_entries(struct reader *r)
{
    if (!skip_lines(r))
        return false;
    while (!take(r, '}')) {
        if (take(r, ','))
            return fail(r, "unexpected comma");
        if (!read_assignment(r) || !skip_lines(r))
            return false;
        if (take(r, ',')) {
            if (!skip_lines(r))
                return false;
            continue;
        }
        if (peek(r) == '}')
            continue;
        size_t at = r->at;
        next(r);
        str found = str_slice(r->s, at, r->at);
        return fail(r,
                    "expected a comma or an inline table terminator '}', but got %s%.*s%s instead",
                    found.len ? "'" : "end of file", STR(found), found.len ? "'" : "");
    }
    return true;
}

static bool read_inline_table(struct reader *r, struct value *out)
{
    struct reader outer = *r;
    context_push(r, r->key);
    r->base = r->context_len;
    r->key = S("");
    r->table = ++r->tables;
    r->root = dict_new(r->cx->arena, 0);
    if (!read_inline_entries(r))
        return false;
    *out = value_map(r->root);
    r->root = outer.root;
    r->base = outer.base;
    r->table = outer.table;
    r->key = outer.key;
    r->key_at = outer.key_at;
    r->context_len = outer.context_len;
    return true;
}

static bool read_nested(struct reader *r, char open, struct value *out)
{
    if (++r->depth > VALUE_DEPTH / 4)
        return fail(r, "nested too deeply");
    bool ok = open == '[' ? read_array(r, out) : read_inline_table(r, out);
    r->depth--;
    return ok;
}

static bool read_value(struct reader *r, struct value *out)
{
    skip_blanks(r);
    size_t from = r->at;
    uint32_t c = next(r);
    if (r->failed)
        return false;
    switch (c) {
    case '[':
    case '{':
        return read_nested(r, (char)c, out);
    case '"':
    case '\'':
        return read_string(r, (char)c, out);
    case '.':
        return fail(r, "floats must start with a digit, not '.'");
    case '-':
    case '+':
        return read_signed(r, from, out);
    case NOTHING:
        return fail(r, "unexpected EOF; expected value");
    default:
        break;
    }
    str rest = str_skip(r->s, from);
    if (str_starts(rest, S("inf")) || str_starts(rest, S("nan"))) {
        r->at = from + 3;
        *out = value_float(c == 'i' ? INFINITY : NAN);
        return true;
    }
    if (c >= '0' && c <= '9')
        return read_number(r, from, true, out);
    if (rune_is_letter(c))
        return read_word(r, from, out);
    str found = rune_text(r, c);
    return fail_at(r, c == '\n' ? from : r->at,
                   str_format(r->cx->arena, "expected value but found %.*s instead", STR(found)));
}

static bool read_key_part(struct reader *r, str *out)
{
    char mark = peek(r);
    if (mark == '"' || mark == '\'') {
        r->at++;
        return read_line_string(r, mark, out);
    }
    size_t from = r->at;
    while (r->at < r->s.len) {
        char c = peek(r);
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && c != '_' && c != '-')
            break;
        r->at++;
    }
    *out = str_slice(r->s, from, r->at);
    return true;
}

static bool push_part(struct reader *r, struct dotted *key)
{
    if (key->len >= VALUE_DEPTH / 4)
        return fail(r, "nested too deeply");
    ARENA_PUSH(r->cx->arena, key->parts, key->len, key->cap);
    return read_key_part(r, &key->parts[key->len++]);
}

/* The dotted key before an equals sign, which is taken, too. */
static bool read_key(struct reader *r, struct dotted *key)
{
    skip_blanks(r);
    r->key_at = r->at;
    char c = peek(r);
    if (c == '=' || r->at >= r->s.len) {
        r->at += c == '=';
        return fail(r, "unexpected '=': key name appears blank");
    }
    if (c == '.')
        return fail(r, "unexpected '.': keys cannot start with a '.'");
    for (;;) {
        if (!push_part(r, key))
            return false;
        skip_blanks(r);
        size_t at = r->at;
        uint32_t found = next(r);
        if (found == '=')
            return true;
        if (r->failed)
            return false;
        if (found == NOTHING)
            return fail(r, "unexpected EOF; expected key separator '='");
        if (found != '.')
            return fail_at(r, at,
                           str_format(r->cx->arena, "expected '.' or '=', but got %.*s instead",
                                      STR(rune_text(r, found))));
        skip_blanks(r);
        if (peek(r) == '=' || r->at >= r->s.len)
            return fail(r, "unexpected '='");
        if (peek(r) == '.')
            return fail(r, "unexpected '.'");
    }
}

/* key = value. All but the last part of a dotted key are tables, implied if need be. */
static bool read_assignment(struct reader *r)
{
    struct dotted key = { 0 };
    struct value v;
    uint32_t outer = r->context_len;
    if (!read_key(r, &key))
        return false;
    r->key = key.parts[key.len - 1];
    for (uint32_t i = 0; i + 1 < key.len; i++) {
        struct dotted path = { 0 };
        path.parts =
            arena_alloc(r->cx->arena, arena_array((size_t)r->context_len + 1, sizeof(str)));
        if (r->context_len)
            memcpy(path.parts, r->context, r->context_len * sizeof(str));
        path.len = r->context_len;
        path.parts[path.len++] = key.parts[i];
        set_mark(r, &r->implicit, path.parts, path.len, true);
        if (!open_table(r, path.parts, path.len, false))
            return false;
    }
    if (!read_value(r, &v))
        return false;
    if (!set_value(r, r->key, v))
        return false;
    if (v.kind == VALUE_LIST) {
        context_push(r, r->key);
        set_mark(r, &r->lists, r->context, r->context_len, true);
    }
    r->context_len = outer;
    return true;
}

/* [name] or [[name]], behind the first bracket. */
static bool read_header(struct reader *r)
{
    struct dotted key = { 0 };
    bool array = take(r, '[');
    r->key_at = r->at;
    for (;;) {
        skip_blanks(r);
        char c = peek(r);
        if (c == ']' || r->at >= r->s.len)
            return fail(r, "unexpected end of table name (table names cannot be empty)");
        if (c == '.')
            return fail(r, "unexpected table separator (table names cannot be empty)");
        if (!push_part(r, &key))
            return false;
        skip_blanks(r);
        uint32_t found = next(r);
        if (found == ']')
            break;
        if (found != '.')
            return fail(r, "expected '.' or ']' to end table name, but got %.*s instead",
                        STR(rune_text(r, found)));
    }
    if (array) {
        uint32_t found = next(r);
        if (found != ']')
            return fail(r, "expected end of table array name delimiter ']', but got %.*s instead",
                        STR(rune_text(r, found)));
    }
    return open_table(r, key.parts, key.len, array);
}

static bool end_line(struct reader *r)
{
    skip_blanks(r);
    if (peek(r) == '#' && !skip_comment(r))
        return false;
    uint32_t c = next(r);
    if (c == '\r')
        c = next(r);
    if (c == '\n' || (c == NOTHING && !r->failed))
        return true;
    return fail(r,
                "expected a top-level item to end with a newline, comment, or EOF, but got %.*s "
                "instead",
                STR(rune_text(r, c)));
}

bool value_read_toml(struct context *cx, str text, const struct zone *local, struct value *out,
                     str *why)
{
    struct reader r = {
        .cx = cx, .s = str_trim_prefix(text, S("\xEF\xBB\xBF")), .local = local, .why = why
    };
    r.implicit.arena = r.lists.arena = cx->arena;
    r.root = dict_new(cx->arena, 0);
    *out = value_map(r.root);
    while (skip_lines(&r) && r.at < r.s.len) {
        bool header = take(&r, '[');
        if (!(header ? read_header(&r) : read_assignment(&r)))
            break;
        r.key = S("");
        if (!end_line(&r))
            break;
    }
    return !r.failed;
}
