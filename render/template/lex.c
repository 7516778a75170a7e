/* Tokens. "{{- " takes the white space before it and " -}}" what follows it; the marker
 * counts only beside a space. A comment stands alone between its delimiters. Inside an
 * action spaces are tokens, since "a .b" and "a.b" differ. */
#include "render/template/lex.h"

#include "render/base/quote.h"
#include "render/base/unicode.h"

enum { AT_END = UINT32_MAX };

static const struct {
    str text;
    enum token_kind kind;
} keywords[] = {
    { { "block", 5 }, TOKEN_BLOCK },
    { { "break", 5 }, TOKEN_BREAK },
    { { "continue", 8 }, TOKEN_CONTINUE },
    { { "define", 6 }, TOKEN_DEFINE },
    { { "else", 4 }, TOKEN_ELSE },
    { { "end", 3 }, TOKEN_END_KEYWORD },
    { { "if", 2 }, TOKEN_IF },
    { { "nil", 3 }, TOKEN_NIL },
    { { "range", 5 }, TOKEN_RANGE },
    { { "template", 8 }, TOKEN_TEMPLATE },
    { { "with", 4 }, TOKEN_WITH },
    { { "true", 4 }, TOKEN_BOOL },
    { { "false", 5 }, TOKEN_BOOL },
};

void lexer_begin(struct lexer *l, struct context *cx, str input)
{
    *l = (struct lexer){ .cx = cx, .input = input };
}

static struct token token(struct lexer *l, enum token_kind kind, size_t from)
{
    return (struct token){ kind, (uint32_t)from, { l->input.at + from, l->at - from } };
}

static struct token failure(struct lexer *l, size_t from, str message)
{
    /* The next call ends up here again. */
    l->at = from;
    return (struct token){ TOKEN_ERROR, (uint32_t)from, message };
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_word(uint32_t r)
{
    if (r < 0x80)
        return r == '_' || (r >= '0' && r <= '9') || ((r | 32) >= 'a' && (r | 32) <= 'z');
    return r != AT_END && (rune_is_letter(r) || rune_is_digit(r));
}

static str rest(const struct lexer *l)
{
    return (str){ l->input.at + l->at, l->input.len - l->at };
}

static char byte_at(const struct lexer *l, size_t at)
{
    return at < l->input.len ? l->input.at[at] : '\0';
}

static bool here(const struct lexer *l, const char *two)
{
    return l->input.len - l->at >= 2 && !memcmp(l->input.at + l->at, two, 2);
}

static uint32_t peek(const struct lexer *l)
{
    if (l->at >= l->input.len)
        return AT_END;
    size_t at = l->at;
    return utf8_next(l->input, &at);
}

static uint32_t next(struct lexer *l)
{
    return l->at < l->input.len ? utf8_next(l->input, &l->at) : AT_END;
}

static bool accept(struct lexer *l, const char *any)
{
    char c = byte_at(l, l->at);
    if (!c || !strchr(any, c))
        return false;
    l->at++;
    return true;
}

static void accept_run(struct lexer *l, const char *any)
{
    while (accept(l, any))
        ;
}

/* "}}" or " -}}" at an offset; *trims says which. */
static bool closes(const struct lexer *l, size_t at, bool *trims)
{
    const char *p = l->input.at + at;
    size_t left = l->input.len - at;
    *trims = left >= 4 && is_space(p[0]) && p[1] == '-' && p[2] == '}' && p[3] == '}';
    return *trims || (left >= 2 && p[0] == '}' && p[1] == '}');
}

static void skip_space(struct lexer *l)
{
    while (l->at < l->input.len && is_space(l->input.at[l->at]))
        l->at++;
}

static struct token close_action(struct lexer *l)
{
    bool trims;
    closes(l, l->at, &trims);
    size_t from = l->at + (trims ? 2 : 0);
    l->at = from + 2;
    struct token t = token(l, TOKEN_CLOSE, from);
    l->inside = false;
    if (trims)
        skip_space(l);
    return t;
}

/* How many bytes "{{" and its trim marker have at the lexer's place. */
static size_t open_length(const struct lexer *l, bool *trims)
{
    *trims = byte_at(l, l->at + 2) == '-' && l->at + 3 < l->input.len
             && is_space(l->input.at[l->at + 3]);
    return *trims ? 4 : 2;
}

static bool skip_comment(struct lexer *l, struct token *error)
{
    size_t from = l->at;
    ptrdiff_t end = str_find(str_skip(rest(l), 2), S("*/"));
    if (end < 0) {
        *error = failure(l, from, S("unclosed comment"));
        return false;
    }
    size_t after = from + 2 + (size_t)end + 2;
    bool trims;
    if (!closes(l, after, &trims)) {
        *error = failure(l, from, S("comment ends before closing delimiter"));
        return false;
    }
    l->at = after + (trims ? 4 : 2);
    if (trims)
        skip_space(l);
    return true;
}

/* Plain text up to the next action, or the "{{" itself. */
static struct token lex_outside(struct lexer *l)
{
    for (;;) {
        size_t from = l->at;
        ptrdiff_t found = str_find(rest(l), S("{{"));
        if (found < 0) {
            l->at = l->input.len;
            return token(l, l->at > from ? TOKEN_TEXT : TOKEN_END, from);
        }
        size_t open = from + (size_t)found;
        bool trims;
        l->at = open;
        size_t marker = open_length(l, &trims);
        size_t end = open;
        while (trims && end > from && is_space(l->input.at[end - 1]))
            end--;
        if (end > from) {
            struct token t = { TOKEN_TEXT, (uint32_t)from, { l->input.at + from, end - from } };
            return t;
        }
        l->at = open + marker;
        if (!here(l, "/*")) {
            l->inside = true;
            l->parens = 0;
            return (struct token){ TOKEN_OPEN, (uint32_t)open, { l->input.at + open, 2 } };
        }
        struct token error;
        if (!skip_comment(l, &error))
            return error;
    }
}

static struct token bad_character(struct lexer *l, size_t from, const char *what)
{
    uint32_t r = next(l);
    if (r == AT_END)
        return failure(l, from, str_format(l->cx->arena, "%s U+FFFFFFFFFFFFFFFF", what));
    char utf8[4];
    str shown = { utf8, utf8_put(utf8, r) };
    if (!rune_is_print(r))
        return failure(l, from, str_format(l->cx->arena, "%s U+%04X", what, r));
    return failure(l, from, str_format(l->cx->arena, "%s U+%04X '%.*s'", what, r, STR(shown)));
}

/* What may follow a name or a field. */
static bool terminated(const struct lexer *l)
{
    uint32_t r = peek(l);
    return r == AT_END || (r < 0x80 && (is_space((char)r) || strchr(".,|:)(", (char)r)))
           || here(l, "}}");
}

static struct token lex_word(struct lexer *l, enum token_kind kind)
{
    size_t from = l->at;
    if (kind != TOKEN_NAME)
        l->at++;
    if (kind != TOKEN_NAME && terminated(l))
        return token(l, kind == TOKEN_FIELD ? TOKEN_DOT : kind, from);
    while (is_word(peek(l)))
        next(l);
    if (!terminated(l)) {
        size_t at = l->at;
        struct token t = bad_character(l, at, "bad character");
        l->at = t.at = (uint32_t)from;
        return t;
    }
    struct token t = token(l, kind, from);
    for (size_t i = 0; kind == TOKEN_NAME && i < countof(keywords); i++) {
        if (str_eq(t.text, keywords[i].text))
            t.kind = keywords[i].kind;
    }
    return t;
}

static struct token lex_quoted(struct lexer *l, char end, enum token_kind kind, str unterminated)
{
    size_t from = l->at++;
    for (;;) {
        uint32_t r = next(l);
        if (r == '\\' && kind != TOKEN_RAW_STRING) {
            r = next(l);
            if (r != AT_END && r != '\n')
                continue;
        }
        if (r == AT_END || (r == '\n' && kind != TOKEN_RAW_STRING))
            return failure(l, from, unterminated);
        if (r == (uint32_t)end)
            return token(l, kind, from);
    }
}

static bool scan_number(struct lexer *l)
{
    const char *decimal = "0123456789_";
    const char *digits = decimal;
    bool hex = false;
    accept(l, "+-");
    if (accept(l, "0")) {
        if ((hex = accept(l, "xX")))
            digits = "0123456789abcdefABCDEF_";
        else if (accept(l, "oO"))
            digits = "01234567_";
        else if (accept(l, "bB"))
            digits = "01_";
    }
    accept_run(l, digits);
    if (accept(l, "."))
        accept_run(l, digits);
    if (digits == decimal ? accept(l, "eE") : hex && accept(l, "pP")) {
        accept(l, "+-");
        accept_run(l, decimal);
    }
    accept(l, "i");
    if (!is_word(peek(l)))
        return true;
    next(l);
    return false;
}

static struct token bad_number(struct lexer *l, size_t from)
{
    struct token t = token(l, TOKEN_NUMBER, from);
    str text = quoted(l->cx->arena, t.text);
    return failure(l, from, str_format(l->cx->arena, "bad number syntax: %.*s", STR(text)));
}

static struct token lex_number(struct lexer *l)
{
    size_t from = l->at;
    if (!scan_number(l))
        return bad_number(l, from);
    char sign = byte_at(l, l->at);
    if (sign != '+' && sign != '-')
        return token(l, TOKEN_NUMBER, from);
    if (!scan_number(l) || l->input.at[l->at - 1] != 'i')
        return bad_number(l, from);
    return token(l, TOKEN_COMPLEX, from);
}

static struct token lex_space(struct lexer *l)
{
    size_t from = l->at;
    bool trims;
    skip_space(l);
    if (closes(l, l->at - 1, &trims) && trims) {
        l->at--;
        if (l->at == from)
            return close_action(l);
    }
    return token(l, TOKEN_SPACE, from);
}

static struct token one(struct lexer *l, enum token_kind kind, size_t bytes)
{
    size_t from = l->at;
    l->at += bytes;
    return token(l, kind, from);
}

static struct token lex_paren(struct lexer *l, char c)
{
    if (c == ')' && l->parens == 0)
        return failure(l, l->at, S("unexpected right paren"));
    l->parens += c == '(' ? 1 : -1u;
    return one(l, c == '(' ? TOKEN_LEFT : TOKEN_RIGHT, 1);
}

static struct token lex_inside(struct lexer *l)
{
    bool trims;
    if (closes(l, l->at, &trims)) {
        if (l->parens == 0)
            return close_action(l);
        return failure(l, l->at, S("unclosed left paren"));
    }
    if (l->at >= l->input.len)
        return failure(l, l->at, S("unclosed action"));
    char c = l->input.at[l->at];
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
        return lex_space(l);
    case '=':
        return one(l, TOKEN_ASSIGN, 1);
    case ':':
        if (byte_at(l, l->at + 1) != '=')
            return failure(l, l->at, S("expected :="));
        return one(l, TOKEN_DECLARE, 2);
    case '|':
        return one(l, TOKEN_PIPE, 1);
    case '"':
        return lex_quoted(l, c, TOKEN_STRING, S("unterminated quoted string"));
    case '`':
        return lex_quoted(l, c, TOKEN_RAW_STRING, S("unterminated raw quoted string"));
    case '\'':
        return lex_quoted(l, c, TOKEN_CHARACTER, S("unterminated character constant"));
    case '$':
        return lex_word(l, TOKEN_VARIABLE);
    case '(':
    case ')':
        return lex_paren(l, c);
    case '.':
        if (l->at + 1 < l->input.len
            && (l->input.at[l->at + 1] < '0' || l->input.at[l->at + 1] > '9'))
            return lex_word(l, TOKEN_FIELD);
        return lex_number(l);
    default:
        break;
    }
    if (c == '+' || c == '-' || (c >= '0' && c <= '9'))
        return lex_number(l);
    if (is_word(peek(l)))
        return lex_word(l, TOKEN_NAME);
    if (c > ' ' && c < 0x7f)
        return one(l, TOKEN_OTHER, 1);
    return bad_character(l, l->at, "unrecognized character in action:");
}

struct token lexer_next(struct lexer *l)
{
    return l->inside ? lex_inside(l) : lex_outside(l);
}

str token_print(struct arena *a, struct token t)
{
    if (t.kind == TOKEN_END)
        return S("EOF");
    if (t.kind == TOKEN_ERROR)
        return t.text;
    if (t.kind >= TOKEN_DOT)
        return str_format(a, "<%.*s>", STR(t.text));
    if (t.text.len <= 10)
        return quoted(a, t.text);
    size_t end = 0;
    for (int i = 0; i < 10 && end < t.text.len; i++)
        utf8_next(t.text, &end);
    str start = quoted(a, str_slice(t.text, 0, end));
    return str_format(a, "%.*s...", STR(start));
}
