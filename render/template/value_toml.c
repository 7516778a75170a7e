/* A map prints its plain values first, then its tables; a list of nothing but maps is an array of
 * tables. A table two or more levels down is indented. */
#include "render/template/value_toml.h"

#include <math.h>

#include "render/base/buf.h"
#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/template/cast.h"
#include "render/template/print.h"
#include "render/template/value_text.h"

struct writer {
    struct context *cx;
    struct buf *out;
    str *why;
    uint32_t depth;
    uint64_t looked; /* items of lists: shared parts can multiply */
};

enum { MOST_LOOKED = 100000000 };

static bool fail(struct writer *w, str why)
{
    *w->why = why;
    return false;
}

static void put_escaped(struct buf *out, str s)
{
    static const char letters[] = "--------btn-fr";
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c == '"' || c == '\\')
            buf_format(out, "\\%c", c);
        else if (c < sizeof letters - 1 && letters[c] != '-')
            buf_format(out, "\\%c", letters[c]);
        else if (c < ' ' || c == 0x7F)
            buf_format(out, "\\u%04x", c);
        else
            buf_char(out, (char)c);
    }
}

static void put_quoted(struct buf *out, str s)
{
    buf_char(out, '"');
    put_escaped(out, s);
    buf_char(out, '"');
}

void toml_print_key(struct buf *out, str part)
{
    bool bare = part.len > 0;
    for (size_t i = 0; i < part.len; i++) {
        char c = part.at[i];
        bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bare = bare && (alnum || c == '_' || c == '-');
    }
    if (bare)
        buf_str(out, part);
    else
        put_quoted(out, part);
}

/* What is printed in the place of a value that TOML doesn't know. */
static struct value seen(struct writer *w, struct value v)
{
    struct value list;
    if (v.kind == VALUE_OBJECT)
        v = v.object->plain.kind == VALUE_NIL && v.object->text.at ? value_string(v.object->text)
                                                                   : v.object->plain;
    if (v.kind == VALUE_BYTES && cast_list(w->cx->arena, v, &list))
        return list;
    if (v.kind == VALUE_ERROR)
        return value_map(dict_new(w->cx->arena, 0));
    return v;
}

static bool is_absent(struct value v)
{
    return v.kind == VALUE_NIL || (v.kind == VALUE_MAP && !v.dict)
           || (v.kind == VALUE_LIST && !v.items);
}

enum form { FORM_VALUE, FORM_TABLE, FORM_TABLES, FORM_WRONG };

/* Anything nil in a list is wrong, however deep. */
static enum form form_of(struct writer *w, struct value v, uint32_t depth)
{
    v = seen(w, v);
    if (v.kind == VALUE_MAP)
        return FORM_TABLE;
    if (v.kind != VALUE_LIST || depth > VALUE_DEPTH || w->looked > MOST_LOOKED)
        return FORM_VALUE;
    w->looked += v.len;
    bool tables = v.len > 0;
    for (uint32_t i = 0; i < v.len; i++) {
        struct value item = seen(w, v.items[i]);
        enum form form = is_absent(item) ? FORM_WRONG : form_of(w, item, depth + 1);
        if (form == FORM_WRONG) {
            fail(w, S("toml: cannot encode array with nil element"));
            return FORM_WRONG;
        }
        tables = tables && form == FORM_TABLE;
    }
    return tables ? FORM_TABLES : FORM_VALUE;
}

/* Its own arrangement, or the order of a struct's fields. */
static const struct dict_entry *entries_of(struct value v)
{
    return v.dict ? dict_sorted(v.dict) : NULL;
}

static bool write_inline(struct writer *w, struct value v);

static bool write_inline_list(struct writer *w, struct value v)
{
    buf_char(w->out, '[');
    for (uint32_t i = 0; i < v.len; i++) {
        if (i)
            buf_str(w->out, S(", "));
        if (!write_inline(w, v.items[i]))
            return false;
    }
    buf_char(w->out, ']');
    return true;
}

static bool write_inline_map(struct writer *w, struct value v)
{
    const struct dict_entry *entries = entries_of(v);
    bool first = true;
    buf_char(w->out, '{');
    for (uint32_t i = 0; entries && i < v.dict->len; i++) {
        if (is_absent(seen(w, entries[i].value)))
            continue;
        if (!first)
            buf_str(w->out, S(", "));
        first = false;
        toml_print_key(w->out, entries[i].key->text);
        buf_str(w->out, S(" = "));
        if (!write_inline(w, entries[i].value))
            return false;
    }
    buf_char(w->out, '}');
    return true;
}

static void put_float(struct buf *out, double f)
{
    size_t before = out->len;
    if (!isfinite(f)) {
        buf_str(out, signbit(f) ? S("-") : S(""));
        buf_str(out, isnan(f) ? S("nan") : S("inf"));
        return;
    }
    number_print_float(out, f, 'g', -1, 64);
    str digits = str_skip(buf_view(out), before);
    if (!str_has_char(digits, '.') && !str_has_char(digits, 'e'))
        buf_str(out, S(".0"));
}

static void put_time(struct buf *out, struct gotime t)
{
    str zone = zone_name(t.zone);
    str layout = GOTIME_RFC3339_NANO;
    if (str_eq(zone, TOML_LOCAL_DATETIME))
        layout = S("2006-01-02T15:04:05.999999999");
    else if (str_eq(zone, TOML_LOCAL_DATE))
        layout = S("2006-01-02");
    else if (str_eq(zone, TOML_LOCAL_TIME))
        layout = S("15:04:05.999999999");
    gotime_print(out, t, layout);
}

static bool write_inline(struct writer *w, struct value v)
{
    if (w->out->len > VALUE_TEXT_LARGEST)
        return false;
    if (w->depth > VALUE_DEPTH)
        return fail(w, S("toml: this is nested without an end"));
    v = seen(w, v);
    bool ok = true;
    w->depth++;
    switch ((enum value_kind)v.kind) {
    case VALUE_BOOL:
        buf_str(w->out, v.b ? S("true") : S("false"));
        break;
    case VALUE_INT:
    case VALUE_INT32:
    case VALUE_INT64:
        number_print_int(w->out, v.i, 10);
        break;
    case VALUE_UINT8:
    case VALUE_UINT64:
        number_print_uint(w->out, v.u, 10);
        break;
    case VALUE_FLOAT:
        put_float(w->out, v.f);
        break;
    case VALUE_STRING:
        put_quoted(w->out, value_str(v));
        break;
    case VALUE_DURATION:
        put_quoted(w->out, print_text(w->cx->arena, v));
        break;
    case VALUE_TIME:
        put_time(w->out, *v.time);
        break;
    case VALUE_LIST:
        ok = write_inline_list(w, v);
        break;
    case VALUE_MAP:
        ok = write_inline_map(w, v);
        break;
    default:
        ok = fail(w, str_format(w->cx->arena, "unsupported type: %.*s", STR(value_type_name(v))));
    }
    w->depth--;
    return ok;
}

/* Tables below the first level are indented; one of the first stands behind an empty line. */
struct table_at {
    const struct table_at *outer;
    str part;
    uint32_t level; /* 1 for a key of the document */
};

static void put_indent(struct writer *w, const struct table_at *at)
{
    buf_repeat(w->out, ' ', ((size_t)at->level - 1) * 2);
}

static void put_path(struct writer *w, const struct table_at *at)
{
    if (at->outer) {
        put_path(w, at->outer);
        buf_char(w->out, '.');
    }
    toml_print_key(w->out, at->part);
}

static void put_break(struct writer *w)
{
    if (w->out->len)
        buf_char(w->out, '\n');
}

static void put_header(struct writer *w, const struct table_at *at, const char *open,
                       const char *close)
{
    put_indent(w, at);
    buf_str(w->out, str_from(open));
    put_path(w, at);
    buf_str(w->out, str_from(close));
    buf_char(w->out, '\n');
}

static bool write_table(struct writer *w, struct value v, const struct table_at *at);

static bool write_tables(struct writer *w, struct value v, const struct table_at *at)
{
    for (uint32_t i = 0; i < v.len; i++) {
        put_break(w);
        put_header(w, at, "[[", "]]");
        if (!write_table(w, seen(w, v.items[i]), at))
            return false;
    }
    return true;
}

static bool write_entry(struct writer *w, struct value v, enum form form, const struct table_at *at)
{
    if (form == FORM_TABLES)
        return write_tables(w, v, at);
    if (form == FORM_TABLE) {
        if (at->level == 1)
            put_break(w);
        put_header(w, at, "[", "]");
        return write_table(w, v, at);
    }
    put_indent(w, at);
    toml_print_key(w->out, at->part);
    buf_str(w->out, S(" = "));
    bool ok = write_inline(w, v);
    buf_char(w->out, '\n');
    return ok;
}

static bool write_table(struct writer *w, struct value v, const struct table_at *at)
{
    const struct dict_entry *entries = entries_of(v);
    uint32_t level = at ? at->level + 1 : 1;
    if (w->out->len > VALUE_TEXT_LARGEST)
        return false;
    if (level > VALUE_DEPTH)
        return fail(w, S("toml: this is nested without an end"));
    for (int tables = 0; tables < 2; tables++) {
        for (uint32_t i = 0; entries && i < v.dict->len; i++) {
            struct value item = seen(w, entries[i].value);
            struct table_at here = { at, entries[i].key->text, level };
            enum form form = form_of(w, item, 0);
            if (form == FORM_WRONG)
                return false;
            if (!is_absent(item) && (form != FORM_VALUE) == tables
                && !write_entry(w, item, form, &here))
                return false;
        }
    }
    return true;
}

bool value_write_toml(struct context *cx, struct buf *out, struct value v, str *why)
{
    struct writer w = { .cx = cx, .out = out, .why = why };
    v = seen(&w, v);
    enum form form = form_of(&w, v, 0);
    if (form == FORM_WRONG)
        return false;
    if (form == FORM_TABLES)
        return fail(&w, S("toml: top-level values must be Go maps or structs"));
    return form == FORM_TABLE ? write_table(&w, v, NULL) : write_inline(&w, v);
}
