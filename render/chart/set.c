/* A reader by descent over the text; what it says of mistakes is what Helm says. */
#include "render/chart/set.h"
#include "render/chart/compat.h"
#include "render/chart/repository.h"

#include <stdarg.h>
#include <strings.h>

#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/unicode.h"
#include "render/doc/json_read.h"
#include "render/template/print.h"

enum { MOST_NESTED = 30, LARGEST_INDEX = 65536 };

struct reader {
    struct context *cx;
    enum set_mode mode;
    struct source *files;
    str rest;
    struct text *text; /* where it stands, or NULL: then all of it is said at `from` */
    struct pos from;
    bool ended; /* the end was met while something was read */
    str error;
};

static bool fail(struct reader *r, const char *format, ...) PRINTF_LIKE(2, 3);

static bool fail(struct reader *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    r->error = str_vformat(r->cx->arena, format, args);
    va_end(args);
    return false;
}

static bool fail_quoted(struct reader *r, const char *before, str s, const char *after)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 64);
    buf_str(&b, str_from(before));
    quote(&b, s);
    buf_str(&b, str_from(after));
    r->error = buf_take(&b);
    return false;
}

/* The characters as Go quotes a list of runes: ['a' 'b']. */
static bool fail_runes(struct reader *r, const char *before, str s)
{
    struct buf b;
    struct value rune = { .kind = VALUE_INT32 };
    buf_init(&b, r->cx->arena, 64);
    buf_str(&b, str_from(before));
    for (size_t i = 0; i < s.len;) {
        buf_char(&b, i ? ' ' : '[');
        rune.i = utf8_next(s, &i);
        print_format(&b, S("%q"), &rune, 1);
    }
    buf_char(&b, ']');
    r->error = buf_take(&b);
    return false;
}

/* Takes what stands before one of `stops` and gives that character; 0 at the end. */
static char take_until(struct reader *r, const char *stops, str *out)
{
    struct buf b;
    buf_init(&b, r->cx->arena, 16);
    size_t i = 0;
    char stop = 0;
    while (i < r->rest.len && !stop) {
        char c = r->rest.at[i++];
        if (strchr(stops, c) && c)
            stop = c;
        else if (c == '\\' && r->mode != SET_LITERAL) {
            if (i < r->rest.len)
                buf_char(&b, r->rest.at[i++]);
        } else
            buf_char(&b, c);
    }
    r->rest = str_skip(r->rest, i);
    r->ended = !stop;
    *out = buf_take(&b);
    return stop;
}

static bool equals_fold(str s, const char *word)
{
    return s.len == strlen(word) && strncasecmp(s.at, word, s.len) == 0;
}

static struct value typed(str s)
{
    int64_t i;
    if (equals_fold(s, "true") || equals_fold(s, "false"))
        return value_bool(equals_fold(s, "true"));
    if (equals_fold(s, "null"))
        return NIL;
    if (str_eq(s, S("0")))
        return value_int64(0);
    if (s.len && s.at[0] != '0' && number_int(s, 10, 64, &i) == NUMBER_OK)
        return value_int64(i);
    return value_string(s);
}

static bool convert(struct reader *r, str s, struct value *out)
{
    if (r->mode == SET_FILE) {
        struct diags before = r->cx->diags;
        const struct text *text = file_or_address_read(r->cx, r->files, s, NOWHERE);
        const struct diag *why = text ? NULL : diag_take_back(r->cx, before);
        if (why && is_address(s))
            return fail(r, "%.*s", STR(why->message));
        if (!text)
            return fail(r, "open %.*s: no such file or directory", STR(s));
        *out = value_string(text->bytes);
        return true;
    }
    *out = r->mode == SET_TYPED ? typed(s) : value_string(s);
    return true;
}

struct items {
    struct value *at;
    uint32_t len;
    uint32_t cap;
};

static void push(struct reader *r, struct items *items, struct value v)
{
    ARENA_PUSH(r->cx->arena, items->at, items->len, items->cap);
    items->at[items->len++] = v;
}

/* "{a,b}" behind the "=". */
static bool take_list(struct reader *r, struct value *out)
{
    struct items items = { 0 };
    for (;;) {
        str s;
        struct value v;
        char stop = take_until(r, ",}", &s);
        if (!stop)
            return fail(r, "list must terminate with '}'");
        if (!convert(r, s, &v))
            return false;
        push(r, &items, v);
        if (stop == '}')
            break;
    }
    if (str_starts(r->rest, S(",")))
        r->rest = str_skip(r->rest, 1);
    *out = value_list(items.at, items.len);
    return true;
}

/* Takes blanks and a comma; true when nothing else stands before it. */
static bool take_nothing(struct reader *r)
{
    while (r->rest.len) {
        size_t i = 0;
        uint32_t rune = utf8_next(r->rest, &i);
        if (rune == ',') {
            r->rest = str_skip(r->rest, 1);
            return true;
        }
        if (!rune_is_space(rune))
            return false;
        r->rest = str_skip(r->rest, i);
    }
    return true;
}

static bool take_json(struct reader *r, struct value *out)
{
    if (take_nothing(r)) {
        *out = NIL;
        return true;
    }
    size_t used;
    struct node *n = json_try_prefix(r->cx, text_add(r->cx, S("--set-json"), r->rest), &used);
    if (!n)
        return fail(r, "invalid JSON");
    *out = value_from_node(r->cx, n);
    r->rest = str_skip(r->rest, used);
    take_nothing(r);
    return true;
}

static bool take_value(struct reader *r, struct value *out)
{
    str s;
    if (r->mode == SET_JSON)
        return take_json(r, out);
    if (r->mode == SET_LITERAL) {
        *out = value_string(r->rest);
        r->rest = S("");
        return true;
    }
    if (r->rest.len == 0) {
        *out = value_string(S(""));
        return true;
    }
    if (r->rest.at[0] == '{') {
        r->rest = str_skip(r->rest, 1);
        return take_list(r, out);
    }
    take_until(r, ",", &s);
    return convert(r, s, out);
}

/* Where the text that is still to be read begins. */
static struct pos here(const struct reader *r)
{
    if (!r->text)
        return r->from;
    return (struct pos){ r->text->id, (uint32_t)(r->text->bytes.len - r->rest.len) };
}

static void set(struct reader *r, struct dict *d, str key, struct value v, struct pos pos)
{
    if (key.len)
        dict_set_at(r->cx->arena, d, intern(r->cx->keys, key), v, pos);
}

static bool take_index(struct reader *r, int64_t *out)
{
    str s;
    if (!take_until(r, "]", &s))
        /* Helm 4 takes the end of the text for a good one, so that there is no error. */
        return chart_compat(r->cx)->index_must_end && fail(r, "error parsing index: EOF");
    enum number_error e = number_int(s, 10, 64, out);
    if (e == NUMBER_OK)
        return true;
    str why = number_error_text(r->cx->arena, "Atoi", s, e);
    return fail(r, "error parsing index: %.*s", STR(why));
}

static bool put(struct reader *r, struct value *list, int64_t index, struct value v)
{
    if (index < 0)
        return fail(r, "negative %lld index not allowed", (long long)index);
    if (index > LARGEST_INDEX)
        return fail(r, "index of %lld is greater than maximum supported index of %d",
                    (long long)index, LARGEST_INDEX);
    uint32_t len = list->len > index ? list->len : (uint32_t)index + 1;
    struct value *items = NEW_ARRAY(r->cx->arena, struct value, len);
    for (uint32_t i = 0; i < len; i++)
        items[i] = i < list->len ? list->items[i] : NIL;
    items[index] = v;
    *list = value_list(items, len);
    return true;
}

static bool take_key(struct reader *r, struct dict *d, int nested);

/* What stands behind "[i]": a value, a further index, or a field. */
static bool take_item(struct reader *r, struct value *list, int64_t index, int nested)
{
    str s;
    struct value v;
    if (index < 0)
        return fail(r, "negative %lld index not allowed", (long long)index);
    char stop = take_until(r, "[.=", &s);
    if (s.len)
        return fail_runes(r, "unexpected data at end of array index: ", s);
    struct value old = index < list->len ? list->items[index] : NIL;
    if (stop == '=')
        return take_value(r, &v) && put(r, list, index, v);
    if (stop == '[') {
        int64_t next;
        v = old.kind == VALUE_LIST ? old : value_list(NULL, 0);
        return take_index(r, &next) && take_item(r, &v, next, nested) && put(r, list, index, v);
    }
    if (stop == '.') {
        struct dict *inner = old.kind == VALUE_MAP ? old.dict : dict_new(r->cx->arena, 1);
        return take_key(r, inner, nested) && put(r, list, index, value_map(inner));
    }
    return true; /* the end: nothing is set */
}

static bool not_a(struct reader *r, struct value have, const char *wanted)
{
    str name = have.kind == VALUE_NIL ? S("nil") : value_type_name(have);
    return fail(r, "unable to parse key: interface conversion: interface {} is %.*s, not %s",
                STR(name), wanted);
}

static bool take_listed(struct reader *r, struct dict *d, str key, struct pos pos, int nested)
{
    int64_t index;
    const struct key *known = intern_find(r->cx->keys, key);
    const struct dict_entry *e = known ? dict_find(d, known) : NULL;
    struct value list = value_list(NULL, 0);
    if (!take_index(r, &index))
        return false;
    if (e && e->value.kind != VALUE_LIST)
        return not_a(r, e->value, "[]interface {}");
    if (e)
        list = e->value;
    bool ok = take_item(r, &list, index, nested);
    set(r, d, key, list, pos);
    return ok;
}

static bool take_nested(struct reader *r, struct dict *d, str key, int nested)
{
    const struct key *known = intern_find(r->cx->keys, key);
    const struct dict_entry *e = known ? dict_find(d, known) : NULL;
    if (nested + 1 > MOST_NESTED)
        return fail(r,
                    "value name nested level is greater than maximum supported nested level of %d",
                    MOST_NESTED);
    if (e && e->value.kind != VALUE_MAP)
        return not_a(r, e->value, "map[string]interface {}");
    struct dict *inner = e ? e->value.dict : dict_new(r->cx->arena, 1);
    bool ok = take_key(r, inner, nested + 1);
    if (ok && inner->len == 0 && !r->ended)
        return fail_quoted(r, "key map ", key, " has no value");
    if (inner->len)
        set(r, d, key, value_map(inner), e ? e->pos : NOWHERE);
    return ok;
}

static bool take_key(struct reader *r, struct dict *d, int nested)
{
    str key;
    struct value v;
    struct pos pos = here(r);
    switch (take_until(r, r->mode == SET_LITERAL ? "=[." : "=[,.", &key)) {
    case '[':
        return take_listed(r, d, key, pos, nested);
    case '.':
        return take_nested(r, d, key, nested);
    case '=': {
        bool empty = r->rest.len == 0;
        if (!take_value(r, &v))
            return false;
        r->ended = empty && r->mode != SET_JSON;
        set(r, d, key, v, pos);
        return true;
    }
    case ',':
        set(r, d, key, value_string(S("")), pos);
        return fail_quoted(r, "key ", key, " has no value (cannot end with ,)");
    default:
        return key.len == 0 || fail_quoted(r, "key ", key, " has no value");
    }
}

static const char *const options[] = {
    [SET_TYPED] = "--set",     [SET_STRING] = "--set-string",   [SET_JSON] = "--set-json",
    [SET_FILE] = "--set-file", [SET_LITERAL] = "--set-literal",
};

bool set_apply(struct context *cx, struct dict *values, str text, enum set_mode mode,
               struct source *files, struct pos from, str *error)
{
    struct reader r = { .cx = cx, .mode = mode, .files = files, .rest = text, .from = from };
    if (!from.text)
        r.text = text_add(cx, str_from(options[mode]), text);
    while (r.rest.len) {
        if (!take_key(&r, values, 0) && r.error.at) {
            *error = r.error;
            return false;
        }
    }
    return true;
}
