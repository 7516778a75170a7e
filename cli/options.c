/* Parsing: one walk over the words, each option looked up in its row. */
#include "cli/options.h"

#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/suggest.h"

void words_add(struct arena *a, struct words *w, str word)
{
    ARENA_PUSH(a, w->at, w->len, w->cap);
    w->at[w->len++] = word;
}

bool option_takes_value(const struct option *row)
{
    return row->kind != OPTION_FLAG && row->kind != OPTION_OPTIONAL;
}

static bool is_end(const struct option *row)
{
    return !row->name && row->kind != OPTION_ROWS;
}

/* A row, and the struct that it fills. */
struct found {
    const struct option *row;
    char *values;
};

/* By name when `letter` is 0. */
static struct found find_row(const struct option *rows, char *values, str name, char letter)
{
    for (const struct option *row = rows; row && !is_end(row); row++) {
        if (row->kind == OPTION_ROWS) {
            struct found inside = find_row(row->rows, values + row->at, name, letter);
            if (inside.row)
                return inside;
        } else if (letter ? row->letter == letter : str_eq(name, str_from(row->name))) {
            return (struct found){ row, values };
        }
    }
    return (struct found){ NULL, NULL };
}

static struct found find(const struct option_set *sets, size_t n, str name, char letter)
{
    for (size_t i = 0; i < n; i++) {
        struct found f = find_row(sets[i].rows, sets[i].values, name, letter);
        if (f.row)
            return f;
    }
    return (struct found){ NULL, NULL };
}

const struct option *option_named(const struct option_set *sets, size_t n, str name)
{
    return find(sets, n, name, 0).row;
}

const struct option *option_lettered(const struct option_set *sets, size_t n, char letter)
{
    return find(sets, n, S(""), letter).row;
}

void options_each(const struct option *rows, void (*see)(const struct option *row, void *arg),
                  void *arg)
{
    for (const struct option *row = rows; row && !is_end(row); row++) {
        if (row->kind == OPTION_ROWS)
            options_each(row->rows, see, arg);
        else if (row->help)
            see(row, arg);
    }
}

bool choice_has(str choices, str word)
{
    str one;
    while (str_next_field(&choices, '|', &one)) {
        if (str_eq(one, word))
            return true;
    }
    return false;
}

bool choice_unknown(struct context *cx, const char *what, str word, str choices)
{
    struct words known = { 0 };
    str one, rest = choices;
    while (str_next_field(&rest, '|', &one))
        words_add(cx->arena, &known, one);
    report(cx, NOWHERE, "unknown %s '%.*s'", what, STR(word));
    ptrdiff_t near = suggest(word, known.at, known.len);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(known.at[near]));
    hint(cx, NOWHERE, "known are %.*s", STR(str_join(cx->arena, known.at, known.len, S(", "))));
    return false;
}

static bool read_number(str text, int64_t *value)
{
    bool negative = str_starts(text, S("-"));
    str digits = negative ? str_skip(text, 1) : text;
    int64_t n = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = digits.at[i];
        if (c < '0' || c > '9' || __builtin_mul_overflow(n, 10, &n)
            || __builtin_add_overflow(n, c - '0', &n))
            return false;
    }
    *value = negative ? -n : n;
    return digits.len > 0;
}

static bool read_duration(struct context *cx, str text, uint64_t *value, str *error)
{
    int64_t ns;
    if (!duration_parse(cx->arena, text, &ns, error) || ns < 0)
        return false;
    *value = (uint64_t)ns;
    return true;
}

/* `why` is Go's reason. */
static bool not_a(struct parser *p, const struct option *row, str text, const char *what, str why)
{
    str letter = row->letter ? str_format(p->cx->arena, "-%c, ", row->letter) : S("");
    p->model_error = str_format(p->cx->arena, "invalid argument %.*s for \"%.*s--%s\" flag: %.*s",
                                STR(quoted(p->cx->arena, text)), STR(letter), row->name, STR(why));
    return report(p->cx, NOWHERE, "--%s takes %s, not '%.*s'", row->name, what, STR(text));
}

/* "strconv.ParseInt: parsing "x": invalid syntax" */
static str no_syntax(struct parser *p, const char *function, str text)
{
    return str_format(p->cx->arena, "strconv.%s: parsing %.*s: invalid syntax", function,
                      STR(quoted(p->cx->arena, text)));
}

static bool take_value(struct parser *p, struct found f, str text)
{
    struct context *cx = p->cx;
    str why = S("");
    void *place = f.values + f.row->at;
    str part;
    switch (f.row->kind) {
    case OPTION_FLAG:
        return number_bool(text, place)
               || not_a(p, f.row, text, "true or false", no_syntax(p, "ParseBool", text));
    case OPTION_CHOICE:
        if (!choice_has(str_from(f.row->value), text))
            return choice_unknown(
                cx, str_cstr(cx->arena, str_format(cx->arena, "value of --%s", f.row->name)), text,
                str_from(f.row->value));
        *(str *)place = text;
        return true;
    case OPTION_TEXT:
    case OPTION_OPTIONAL:
        *(str *)place = text;
        return true;
    case OPTION_LIST:
        words_add(cx->arena, place, text);
        return true;
    case OPTION_COMMAS:
        while (text.len && str_next_field(&text, ',', &part))
            words_add(cx->arena, place, part);
        return true;
    case OPTION_NUMBER:
        return read_number(text, place)
               || not_a(p, f.row, text, "a whole number", no_syntax(p, "ParseInt", text));
    case OPTION_DURATION:
        return read_duration(cx, text, place, &why)
               || not_a(p, f.row, text, "a time such as 90s or 5m", why);
    case OPTION_ROWS:
        break;
    }
    return true;
}

/* What a flag or an optional value is when nothing follows its name. */
static bool take_bare(struct parser *p, struct found f)
{
    return take_value(p, f, f.row->kind == OPTION_FLAG ? S("true") : S(""));
}

/* `said` is the option as the line has it: "--name" or "'n' in -qn". */
static bool take_next_word(struct parser *p, struct found f, str said)
{
    if (p->at == p->line->len) {
        p->model_error = str_format(p->cx->arena, "flag needs an argument: %.*s", STR(said));
        return report(p->cx, NOWHERE, "--%s needs a value: %s", f.row->name, f.row->value);
    }
    return take_value(p, f, p->line->at[p->at++]);
}

struct names {
    struct arena *arena;
    struct words words;
};

static void add_name(const struct option *row, void *arg)
{
    struct names *names = arg;
    words_add(names->arena, &names->words, str_from(row->name));
}

static bool unknown_option(struct parser *p, str name)
{
    struct names known = { .arena = p->cx->arena };
    for (size_t i = 0; i < countof(p->sets); i++)
        options_each(p->sets[i].rows, add_name, &known);
    report(p->cx, NOWHERE, "unknown option '--%.*s'", STR(name));
    p->model_error = str_format(p->cx->arena, "unknown flag: --%.*s", STR(name));
    ptrdiff_t near = suggest(name, known.words.at, known.words.len);
    if (near >= 0)
        hint(p->cx, NOWHERE, "did you mean '--%.*s'?", STR(known.words.at[near]));
    return false;
}

static bool take_long(struct parser *p, str word)
{
    str name, value;
    bool has_value = str_cut(word, '=', &name, &value);
    struct found f = find(p->sets, countof(p->sets), name, 0);
    if (!f.row)
        return unknown_option(p, name);
    if (has_value)
        return take_value(p, f, value);
    if (!option_takes_value(f.row))
        return take_bare(p, f);
    return take_next_word(p, f, str_format(p->cx->arena, "--%.*s", STR(name)));
}

/* "'x' in -qxy": a letter in its place. */
static str letter_in(struct arena *a, str letters, size_t at, str *letter)
{
    size_t end = at;
    utf8_next(letters, &end);
    *letter = str_slice(letters, at, end);
    return str_format(a, "'%.*s' in -%.*s", STR(*letter), STR(letters));
}

static bool unknown_letter(struct parser *p, str letters, size_t at)
{
    str letter, place = letter_in(p->cx->arena, letters, at, &letter);
    p->model_error = str_format(p->cx->arena, "unknown shorthand flag: %.*s", STR(place));
    if (letter.len == letters.len)
        return report(p->cx, NOWHERE, "unknown option '-%.*s'", STR(letter));
    return report(p->cx, NOWHERE, "unknown option '-%.*s' in '-%.*s'", STR(letter), STR(letters));
}

/* "-qv", "-ofile", "-o=file", "-q=false": letters up to the first that takes a value. */
static bool take_letters(struct parser *p, str letters)
{
    for (size_t i = 0; i < letters.len; i++) {
        struct found f = find(p->sets, countof(p->sets), S(""), letters.at[i]);
        str rest = str_skip(letters, i + 1);
        if (!f.row)
            return unknown_letter(p, letters, i);
        if (str_starts(rest, S("=")))
            return take_value(p, f, str_skip(rest, 1));
        if (!option_takes_value(f.row)) {
            if (!take_bare(p, f))
                return false;
            continue;
        }
        str letter;
        return rest.len ? take_value(p, f, rest)
                        : take_next_word(p, f, letter_in(p->cx->arena, letters, i, &letter));
    }
    return true;
}

enum parsed options_next(struct parser *p, str *operand)
{
    while (p->at < p->line->len) {
        str word = p->line->at[p->at++];
        if (p->operands_only || word.len < 2 || word.at[0] != '-') {
            *operand = word;
            return PARSED_OPERAND;
        }
        bool ok = true;
        if (str_eq(word, S("--")))
            p->operands_only = true;
        else if (word.at[1] == '-')
            ok = take_long(p, str_skip(word, 2));
        else
            ok = take_letters(p, str_skip(word, 1));
        if (!ok)
            return PARSED_ERROR;
    }
    return PARSED_END;
}
