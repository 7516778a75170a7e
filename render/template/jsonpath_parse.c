/* The grammar is what client-go's parser takes: a walk over characters, where a nested expression is
 * parsed as a template of its own. */
#include "render/base/number.h"
#include "render/base/unicode.h"
#include "render/template/jsonpath.h"

enum { DEPTH = 100 };

struct parser {
    struct context *cx;
    str text;
    size_t at;
    size_t from; /* of what is being read */
    int depth;
    str *why;
};

#define END_OF_TEXT UINT32_MAX

static uint32_t peek(const struct parser *p)
{
    size_t at = p->at;
    return at < p->text.len ? utf8_next(p->text, &at) : END_OF_TEXT;
}

static uint32_t next(struct parser *p)
{
    return p->at < p->text.len ? utf8_next(p->text, &p->at) : END_OF_TEXT;
}

static str taken(struct parser *p)
{
    str s = str_slice(p->text, p->from, p->at);
    p->from = p->at;
    return s;
}

static bool is_next(const struct parser *p, str what)
{
    return str_starts(str_skip(p->text, p->at), what);
}

#define FAIL(p, ...) (*(p)->why = str_format((p)->cx->arena, __VA_ARGS__), false)

static struct jsonpath_node *add(struct parser *p, struct jsonpath_nodes *list,
                                 enum jsonpath_kind kind)
{
    struct jsonpath_node *n = NEW(p->cx->arena, struct jsonpath_node);
    n->kind = kind;
    ARENA_PUSH(p->cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = n;
    return n;
}

static bool is_terminator(uint32_t r)
{
    return r == END_OF_TEXT || rune_is_space(r)
           || (r < 0x80 && str_has_char(S(".,[]$@{}"), (char)r));
}

static bool parse_all(struct parser *p, struct jsonpath_nodes *out);

/* "{text}" as a template of its own: its first part. */
static struct jsonpath_node *parse_inner(struct parser *p, str text)
{
    struct jsonpath_nodes nodes = { 0 };
    struct parser inner = { .cx = p->cx,
                            .text = str_format(p->cx->arena, "{%.*s}", STR(text)),
                            .depth = p->depth + 1,
                            .why = p->why };
    if (inner.depth > DEPTH) {
        *p->why = S("expressions are nested too deep");
        return NULL;
    }
    return parse_all(&inner, &nodes) ? nodes.at[0] : NULL;
}

static bool parse_field(struct parser *p, struct jsonpath_nodes *out)
{
    taken(p);
    while (!is_terminator(peek(p))) {
        if (next(p) == '\\')
            next(p);
    }
    str name = taken(p);
    if (str_eq(name, S("*"))) {
        add(p, out, JSONPATH_WILDCARD);
        return true;
    }
    add(p, out, JSONPATH_FIELD)->text = str_replace_all(p->cx->arena, name, S("\\"), S(""));
    return true;
}

static bool parse_recursive(struct parser *p, struct jsonpath_nodes *out)
{
    if (out->len && out->at[out->len - 1]->kind == JSONPATH_RECURSIVE)
        return FAIL(p, "invalid multiple recursive descent");
    p->at += 2;
    taken(p);
    add(p, out, JSONPATH_RECURSIVE);
    uint32_t r = peek(p);
    bool name = r != END_OF_TEXT && (r == '_' || rune_is_letter(r) || rune_is_digit(r));
    return !name || parse_field(p, out);
}

/* "1:5:2", as ^(-?\d*)(:-?\d*)?(:-?\d*)?$ would cut it. */
static bool cut_slice(str text, str parts[3])
{
    size_t at = 0;
    for (int i = 0; i < 3; i++) {
        size_t from = at;
        if (i && at < text.len && text.at[at] == ':')
            at++;
        else if (i)
            break;
        if (at < text.len && text.at[at] == '-')
            at++;
        while (at < text.len && text.at[at] >= '0' && text.at[at] <= '9')
            at++;
        parts[i] = str_slice(text, from, at);
    }
    return at == text.len;
}

static bool parse_slice(struct parser *p, str text, struct jsonpath_nodes *out)
{
    str parts[3] = { S(""), S(""), S("") };
    if (!cut_slice(text, parts))
        return FAIL(p, "invalid array index %.*s", STR(text));
    struct jsonpath_node *n = add(p, out, JSONPATH_ARRAY);
    for (int i = 0; i < 3; i++) {
        str digits = i ? str_trim_prefix(parts[i], S(":")) : parts[i];
        n->bounds[i].known = digits.len;
        if (digits.len && number_int(digits, 10, 64, &n->bounds[i].value) != NUMBER_OK)
            return FAIL(p, "array index %.*s is not a number", STR(digits));
    }
    if (!parts[1].len) {
        n->bounds[1].known = n->bounds[1].derived = true;
        n->bounds[1].value =
            n->bounds[0].value < INT64_MAX ? n->bounds[0].value + 1 : n->bounds[0].value;
    }
    return true;
}

static bool parse_union(struct parser *p, str text, struct jsonpath_nodes *out)
{
    struct jsonpath_node *n = add(p, out, JSONPATH_UNION);
    str part;
    while (str_next_field(&text, ',', &part)) {
        str trimmed = str_trim_chars(part, S(" "));
        struct jsonpath_node *one =
            parse_inner(p, str_format(p->cx->arena, "[%.*s]", STR(trimmed)));
        if (!one)
            return false;
        ARENA_PUSH(p->cx->arena, n->nodes.at, n->nodes.len, n->nodes.cap);
        n->nodes.at[n->nodes.len++] = one;
    }
    return true;
}

static bool parse_array(struct parser *p, struct jsonpath_nodes *out)
{
    uint32_t r;
    while ((r = next(p)) != ']') {
        if (r == END_OF_TEXT || r == '\n')
            return FAIL(p, "unterminated array");
    }
    str text = taken(p);
    text = str_slice(text, 1, text.len - 1);
    if (str_eq(text, S("*")))
        text = S(":");
    if (str_has_char(text, ','))
        return parse_union(p, text, out);
    if (text.len < 2 || text.at[0] != '\'' || text.at[text.len - 1] != '\''
        || str_has_char(str_slice(text, 1, text.len - 1), '\''))
        return parse_slice(p, text, out);
    str name = str_slice(text, 1, text.len - 1);
    struct jsonpath_node *inner = parse_inner(p, str_format(p->cx->arena, ".%.*s", STR(name)));
    for (uint32_t i = 0; inner && i < inner->nodes.len; i++) {
        ARENA_PUSH(p->cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = inner->nodes.at[i];
    }
    return inner;
}

/* Cuts at the first run of operator characters; false when that leaves one side empty. */
static bool cut_filter(str text, str *left, str *operator_, str *right)
{
    size_t from = 0, to;
    while (from < text.len && !str_has_char(S("!<>="), text.at[from]))
        from++;
    for (to = from; to < text.len && str_has_char(S("!<>="), text.at[to]);)
        to++;
    if (to == text.len && to > from + 1)
        to--;
    *left = str_slice(text, 0, from);
    *operator_ = str_slice(text, from, to);
    *right = str_skip(text, to);
    return left->len && operator_->len && right->len;
}

static bool parse_filter(struct parser *p, struct jsonpath_nodes *out)
{
    bool begun = false, ended = false;
    uint32_t quote = 0, r;
    p->at += 3;
    taken(p);
    while ((r = next(p)) != ')' || begun != ended) {
        if (r == END_OF_TEXT || r == '\n')
            return FAIL(p, "unterminated filter");
        if (r != '"' && r != '\'')
            continue;
        if (!begun) {
            begun = true;
            quote = r;
        } else if (p->text.at[p->at - 2] != '\\' && r == quote) {
            ended = true;
        }
    }
    if (next(p) != ']')
        return FAIL(p, "unclosed array expect ]");
    str text = taken(p), left, operator_, right;
    text = str_slice(text, 0, text.len - 2);
    bool compares = cut_filter(text, &left, &operator_, &right);
    struct jsonpath_node *n = add(p, out, JSONPATH_FILTER);
    n->text = compares ? operator_ : S("");
    n->left = parse_inner(p, compares ? left : text);
    if (n->left && compares)
        n->right = parse_inner(p, right);
    return n->left && (!compares || n->right);
}

/* One escape behind its backslash; false when there is no such. */
static bool unescape(str s, size_t *at, char quote, struct buf *out)
{
    static const char letters[] = "abfnrtv\\", values[] = "\a\b\f\n\r\t\v\\";
    char c = *at < s.len ? s.at[(*at)++] : 0;
    const char *plain = c ? strchr(letters, c) : NULL;
    if (plain || (c && c == quote)) {
        buf_char(out, plain ? values[plain - letters] : quote);
        return true;
    }
    bool octal = c >= '0' && c <= '7';
    size_t digits = octal ? 3 : c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint64_t value;
    *at -= octal;
    if (!digits
        || number_uint(str_slice(s, *at, *at + digits), octal ? 8 : 16, 32, &value) != NUMBER_OK
        || *at + digits > s.len || value > (digits > 3 ? RUNE_LAST : 255u))
        return false;
    *at += digits;
    if (digits > 3)
        buf_rune(out, (uint32_t)value);
    else
        buf_char(out, (char)value);
    return true;
}

static bool parse_quote(struct parser *p, uint32_t quote, struct jsonpath_nodes *out)
{
    struct buf b;
    uint32_t r;
    while ((r = next(p)) != quote || p->text.at[p->at - 2] == '\\') {
        if (r == END_OF_TEXT || r == '\n')
            return FAIL(p, "unterminated quoted string");
    }
    str whole = taken(p), s = str_slice(whole, 1, whole.len - 1);
    buf_init(&b, p->cx->arena, s.len + 1);
    for (size_t i = 0; i < s.len;) {
        if (s.at[i++] != '\\')
            buf_char(&b, s.at[i - 1]);
        else if (!unescape(s, &i, (char)quote, &b))
            return FAIL(p, "unquote string %.*s error invalid syntax", STR(whole));
    }
    add(p, out, JSONPATH_TEXT)->text = buf_take(&b);
    return true;
}

static bool parse_number(struct parser *p, struct jsonpath_nodes *out)
{
    int64_t i;
    double d;
    if (peek(p) == '+' || peek(p) == '-')
        next(p);
    while (peek(p) == '.' || (peek(p) != END_OF_TEXT && rune_is_digit(peek(p))))
        next(p);
    str text = taken(p);
    if (number_int(text, 10, 64, &i) == NUMBER_OK)
        add(p, out, JSONPATH_VALUE)->value = value_int(i);
    else if (number_float(text, 64, &d) == NUMBER_OK)
        add(p, out, JSONPATH_VALUE)->value = value_float(d);
    else
        return FAIL(p, "cannot parse number %.*s", STR(text));
    return true;
}

static bool parse_word(struct parser *p, struct jsonpath_nodes *out)
{
    while (!is_terminator(peek(p)))
        next(p);
    str word = taken(p);
    if (str_eq(word, S("true")) || str_eq(word, S("false")))
        add(p, out, JSONPATH_VALUE)->value = value_bool(word.len == 4);
    else
        add(p, out, JSONPATH_WORD)->text = word;
    return true;
}

static bool parse_one(struct parser *p, struct jsonpath_nodes *out)
{
    if (is_next(p, S("[?(")))
        return parse_filter(p, out);
    if (is_next(p, S("..")))
        return parse_recursive(p, out);
    size_t from = p->at;
    uint32_t r = peek(p);
    if (r == '+' || r == '-' || (r != END_OF_TEXT && rune_is_digit(r)))
        return parse_number(p, out);
    if (r != END_OF_TEXT && (r == '_' || rune_is_letter(r)))
        return parse_word(p, out);
    switch (next(p)) {
    case END_OF_TEXT:
    case '\r':
    case '\n':
        return FAIL(p, "unclosed action");
    case ' ':
    case '@':
    case '$':
        taken(p);
        return true;
    case '[':
        return parse_array(p, out);
    case '"':
    case '\'':
        return parse_quote(p, r, out);
    case '.':
        return parse_field(p, out);
    default:
        break;
    }
    str shown = str_slice(p->text, from, p->at);
    if (rune_is_print(r))
        return FAIL(p, "unrecognized character in action: U+%04X '%.*s'", r, STR(shown));
    return FAIL(p, "unrecognized character in action: U+%04X", r);
}

static bool parse_all(struct parser *p, struct jsonpath_nodes *out)
{
    while (p->at < p->text.len) {
        while (p->at < p->text.len && p->text.at[p->at] != '{')
            p->at++;
        if (p->at > p->from)
            add(p, out, JSONPATH_TEXT)->text = taken(p);
        if (p->at == p->text.len)
            break;
        p->at++;
        taken(p);
        struct jsonpath_node *list = add(p, out, JSONPATH_LIST);
        while (!is_next(p, S("}"))) {
            if (!parse_one(p, &list->nodes))
                return false;
        }
        p->at++;
        taken(p);
    }
    return true;
}

bool jsonpath_parse(struct context *cx, str text, struct jsonpath_nodes *out, str *why)
{
    struct parser p = { .cx = cx, .text = text, .why = why };
    *out = (struct jsonpath_nodes){ 0 };
    return parse_all(&p, out);
}
