/* TOML 1.1 by descent, with that library's sentences: the line, the last key, what is wrong.
 *
 * A table may be opened late when it was only implied ([a.b] before [a]); dotted keys imply
 * tables, too. An inline table is closed, but a dotted key may still add to it. */
#include <math.h>

#include "render/base/unicode.h"
#include "render/template/toml_reader.h"
#include "render/template/value_toml.h"

struct dotted {
    str *parts;
    uint32_t len;
    uint32_t cap;
};

static bool has_mark(struct toml_reader *r, const struct map *marks, const str *parts, uint32_t n)
{
    return map_get(marks,
                   str_format(r->cx->arena, "%u %.*s", r->table, STR(toml_path(r, parts, n))))
           != NULL;
}

static void set_mark(struct toml_reader *r, struct map *marks, const str *parts, uint32_t n,
                     bool on)
{
    str key = str_format(r->cx->arena, "%u %.*s", r->table, STR(toml_path(r, parts, n)));
    map_put(marks, key, on ? r : NULL);
}

static void context_push(struct toml_reader *r, str part)
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

static const struct dict_entry *find(struct toml_reader *r, const struct dict *d, str part)
{
    return dict_find(d, intern_find(r->cx->keys, part));
}

static bool defined(struct toml_reader *r, const str *parts, uint32_t n)
{
    return toml_fail_at(r, r->key_at,
                        str_format(r->cx->arena, "Key '%.*s' has already been defined.",
                                   STR(toml_path(r, parts, n))));
}

/* Sets a key of the table at hand. */
static bool set_value(struct toml_reader *r, str part, struct value v)
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

static struct value new_table(struct toml_reader *r)
{
    return value_map(dict_new(r->cx->arena, 0));
}

/* One table more; an array grows to the next power of two when it is full. */
static struct value grown(struct toml_reader *r, struct value list)
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
static bool open_table(struct toml_reader *r, const str *parts, uint32_t n, bool array)
{
    struct dict *d = r->root;
    for (uint32_t i = r->base; i + 1 < n; i++) {
        if (!find(r, d, parts[i])) {
            set_mark(r, &r->implicit, parts, i + 1, true);
            dict_set_text(r->cx, d, parts[i], new_table(r));
        }
        d = table_of(find(r, d, parts[i])->value);
        if (!d)
            return toml_fail_at(r, r->key_at,
                                str_format(r->cx->arena,
                                           "Key '%.*s' was already created as a hash.",
                                           STR(toml_path(r, parts, i + 1))));
    }
    str last = parts[n - 1];
    r->context_len = 0;
    for (uint32_t i = 0; i + 1 < n; i++)
        context_push(r, parts[i]);
    if (array) {
        const struct dict_entry *e = find(r, d, last);
        struct value list = e ? e->value : (struct value){ .kind = VALUE_LIST, .type = TYPE_MAPS };
        if (list.kind != VALUE_LIST || list.type != TYPE_MAPS)
            return toml_fail_at(r, r->key_at,
                                str_format(r->cx->arena,
                                           "Key '%.*s' was already created and cannot be "
                                           "used as an array.",
                                           STR(toml_path(r, parts, n))));
        dict_set_text(r->cx, d, last, grown(r, list));
    } else if (!set_value(r, last, new_table(r))) {
        return false;
    }
    context_push(r, last);
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool read_value(struct toml_reader *r, struct value *out);

static bool read_array(struct toml_reader *r, struct value *out)
{
    struct value *items = NULL;
    uint32_t len = 0, cap = 0;
    if (!toml_skip_lines(r))
        return false;
    while (!toml_take(r, ']')) {
        if (toml_take(r, ','))
            return toml_fail(r, "unexpected comma");
        struct value item;
        if (!read_value(r, &item) || !toml_skip_lines(r))
            return false;
        ARENA_PUSH(r->cx->arena, items, len, cap);
        items[len++] = item;
        if (toml_take(r, ',')) {
            if (!toml_skip_lines(r))
                return false;
            continue;
        }
        if (toml_peek(r) == ']')
            continue;
        size_t at = r->at;
        toml_next(r);
        str found = str_slice(r->s, at, r->at);
        return toml_fail(r, "expected a comma (',') or array terminator (']'), but got %s%.*s%s",
                         found.len ? "'" : "end of file", STR(found), found.len ? "'" : "");
    }
    *out = value_list(items, len);
    return true;
}

static bool read_assignment(struct toml_reader *r);

static bool read_inline_entries(struct toml_reader *r)
{
    if (!toml_skip_lines(r))
        return false;
    while (!toml_take(r, '}')) {
        if (toml_take(r, ','))
            return toml_fail(r, "unexpected comma");
        if (!read_assignment(r) || !toml_skip_lines(r))
            return false;
        if (toml_take(r, ',')) {
            if (!toml_skip_lines(r))
                return false;
            continue;
        }
        if (toml_peek(r) == '}')
            continue;
        size_t at = r->at;
        toml_next(r);
        str found = str_slice(r->s, at, r->at);
        return toml_fail(
            r, "expected a comma or an inline table terminator '}', but got %s%.*s%s instead",
            found.len ? "'" : "end of file", STR(found), found.len ? "'" : "");
    }
    return true;
}

static bool read_inline_table(struct toml_reader *r, struct value *out)
{
    struct toml_reader outer = *r;
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

static bool read_nested(struct toml_reader *r, char open, struct value *out)
{
    if (++r->depth > VALUE_DEPTH / 4)
        return toml_fail(r, "nested too deeply");
    bool ok = open == '[' ? read_array(r, out) : read_inline_table(r, out);
    r->depth--;
    return ok;
}

static bool read_value(struct toml_reader *r, struct value *out)
{
    toml_skip_blanks(r);
    size_t from = r->at;
    uint32_t c = toml_next(r);
    if (r->failed)
        return false;
    switch (c) {
    case '[':
    case '{':
        return read_nested(r, (char)c, out);
    case '"':
    case '\'':
        return toml_string(r, (char)c, out);
    case '.':
        return toml_fail(r, "floats must start with a digit, not '.'");
    case '-':
    case '+':
        return toml_signed(r, from, out);
    case TOML_END:
        return toml_fail(r, "unexpected EOF; expected value");
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
        return toml_number(r, from, true, out);
    if (rune_is_letter(c))
        return toml_word(r, from, out);
    str found = toml_rune(r, c);
    return toml_fail_at(
        r, c == '\n' ? from : r->at,
        str_format(r->cx->arena, "expected value but found %.*s instead", STR(found)));
}

static bool read_key_part(struct toml_reader *r, str *out)
{
    char mark = toml_peek(r);
    if (mark == '"' || mark == '\'') {
        r->at++;
        return toml_line_string(r, mark, out);
    }
    size_t from = r->at;
    while (r->at < r->s.len) {
        char c = toml_peek(r);
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !is_digit(c) && c != '_' && c != '-')
            break;
        r->at++;
    }
    *out = str_slice(r->s, from, r->at);
    return true;
}

static bool push_part(struct toml_reader *r, struct dotted *key)
{
    if (key->len >= VALUE_DEPTH / 4)
        return toml_fail(r, "nested too deeply");
    ARENA_PUSH(r->cx->arena, key->parts, key->len, key->cap);
    return read_key_part(r, &key->parts[key->len++]);
}

/* The dotted key before an equals sign, which is taken, too. */
static bool read_key(struct toml_reader *r, struct dotted *key)
{
    toml_skip_blanks(r);
    r->key_at = r->at;
    char c = toml_peek(r);
    if (c == '=' || r->at >= r->s.len) {
        r->at += c == '=';
        return toml_fail(r, "unexpected '=': key name appears blank");
    }
    if (c == '.')
        return toml_fail(r, "unexpected '.': keys cannot start with a '.'");
    for (;;) {
        if (!push_part(r, key))
            return false;
        toml_skip_blanks(r);
        size_t at = r->at;
        uint32_t found = toml_next(r);
        if (found == '=')
            return true;
        if (r->failed)
            return false;
        if (found == TOML_END)
            return toml_fail(r, "unexpected EOF; expected key separator '='");
        if (found != '.')
            return toml_fail_at(r, at,
                                str_format(r->cx->arena,
                                           "expected '.' or '=', but got %.*s instead",
                                           STR(toml_rune(r, found))));
        toml_skip_blanks(r);
        if (toml_peek(r) == '=' || r->at >= r->s.len)
            return toml_fail(r, "unexpected '='");
        if (toml_peek(r) == '.')
            return toml_fail(r, "unexpected '.'");
    }
}

/* key = value. All but the last part of a dotted key are tables, implied if need be. */
static bool read_assignment(struct toml_reader *r)
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
static bool read_header(struct toml_reader *r)
{
    struct dotted key = { 0 };
    bool array = toml_take(r, '[');
    r->key_at = r->at;
    for (;;) {
        toml_skip_blanks(r);
        char c = toml_peek(r);
        if (c == ']' || r->at >= r->s.len)
            return toml_fail(r, "unexpected end of table name (table names cannot be empty)");
        if (c == '.')
            return toml_fail(r, "unexpected table separator (table names cannot be empty)");
        if (!push_part(r, &key))
            return false;
        toml_skip_blanks(r);
        uint32_t found = toml_next(r);
        if (found == ']')
            break;
        if (found != '.')
            return toml_fail(r, "expected '.' or ']' to end table name, but got %.*s instead",
                             STR(toml_rune(r, found)));
    }
    if (array) {
        uint32_t found = toml_next(r);
        if (found != ']')
            return toml_fail(r,
                             "expected end of table array name delimiter ']', but got %.*s instead",
                             STR(toml_rune(r, found)));
    }
    return open_table(r, key.parts, key.len, array);
}

static bool end_line(struct toml_reader *r)
{
    toml_skip_blanks(r);
    if (toml_peek(r) == '#' && !toml_skip_comment(r))
        return false;
    uint32_t c = toml_next(r);
    if (c == '\r')
        c = toml_next(r);
    if (c == '\n' || (c == TOML_END && !r->failed))
        return true;
    return toml_fail(
        r,
        "expected a top-level item to end with a newline, comment, or EOF, but got %.*s "
        "instead",
        STR(toml_rune(r, c)));
}

bool value_read_toml(struct context *cx, str text, const struct zone *local, struct value *out,
                     str *why)
{
    struct toml_reader r = {
        .cx = cx, .s = str_trim_prefix(text, S("\xEF\xBB\xBF")), .local = local, .why = why
    };
    bool utf16 = str_starts(text, S("\xFF\xFE")) || str_starts(text, S("\xFE\xFF"));
    r.s = utf16 ? str_skip(text, 2) : r.s;
    r.implicit.arena = r.lists.arena = cx->arena;
    r.root = dict_new(cx->arena, 0);
    *out = value_map(r.root);
    if (str_has_char(str_slice(r.s, 0, 6), 0))
        toml_fail_at(&r, 0,
                     S("files cannot contain NULL bytes; probably using UTF-16; TOML files "
                       "must be UTF-8"));
    while (!r.failed && toml_skip_lines(&r) && r.at < r.s.len) {
        bool header = toml_take(&r, '[');
        if (!(header ? read_header(&r) : read_assignment(&r)))
            break;
        r.key = S("");
        if (!end_line(&r))
            break;
    }
    return !r.failed;
}
