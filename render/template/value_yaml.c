/* YAML straight from values, for toYaml is the most frequent call of all charts.
 *
 * sigs.k8s.io/yaml turns a value into JSON first, so a value here is what encoding/json makes of
 * it; the pretty form is yaml.v3's own view: names of fields in lower case, floats and infinities
 * as they are, bytes as a list, lists indented below their key. */
#include <math.h>
#include <stdlib.h>

#include "render/base/encode.h"
#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/doc/yaml_write.h"
#include "render/template/cast.h"
#include "render/template/print.h"
#include "render/template/value_text.h"

enum { STEP = 2 };

struct writer {
    struct context *cx;
    struct buf *out;
    str *why;
    uint32_t depth;
    bool pretty;
};

static void new_line(struct writer *w, uint32_t indent)
{
    buf_char(w->out, '\n');
    buf_repeat(w->out, ' ', indent);
}

static bool is_block(struct value v)
{
    return v.kind == VALUE_LIST ? v.len > 0 : v.kind == VALUE_MAP && v.dict && v.dict->len > 0;
}

/* The value that is printed in the place of one that YAML doesn't know. */
static struct value seen(struct writer *w, struct value v)
{
    struct value list;
    struct buf b;
    if (v.kind == VALUE_OBJECT)
        v = v.object->plain.kind == VALUE_NIL && v.object->text.at ? value_string(v.object->text)
                                                                   : v.object->plain;
    if (v.kind == VALUE_BYTES && w->pretty && cast_list(w->cx->arena, v, &list))
        return list;
    if (v.kind == VALUE_DURATION && w->pretty)
        return value_string(print_text(w->cx->arena, v));
    if (v.kind == VALUE_BYTES && v.at) {
        buf_init(&b, w->cx->arena, v.len / 3 * 4 + 8);
        encode_base64(&b, BASE64_STD, value_str(v));
        return value_string(buf_take(&b));
    }
    if (v.kind == VALUE_ERROR)
        return value_map(dict_new(w->cx->arena, 0));
    bool nil = (v.kind == VALUE_BYTES && !v.at) || (v.kind == VALUE_MAP && !v.dict)
               || (v.kind == VALUE_LIST && !v.items);
    return nil && !w->pretty ? NIL : v;
}

/* What YAML can't read as it stands. */
static bool is_control(uint32_t rune)
{
    return (rune >= 0x7F && rune < 0xA0 && rune != 0x85) || rune == 0xFFFE || rune == 0xFFFF;
}

/* Spaces and next-line characters around each other: as a line end in quotes is read. */
static void fold(struct buf *out, str s, size_t *at)
{
    size_t from = *at, lines = 0;
    while (*at < s.len && (s.at[*at] == ' ' || str_starts(str_skip(s, *at), S("\xC2\x85")))) {
        lines += s.at[*at] != ' ';
        *at += s.at[*at] == ' ' ? 1 : 2;
    }
    if (lines < 2)
        buf_str(out, lines ? S(" ") : str_slice(s, from, *at));
    else
        buf_repeat(out, '\n', lines - 1);
}

/* A text as it comes out of JSON that has been read as YAML: with U+FFFD for what is no UTF-8, and
 * folded at each U+0085. False for what is a control character in YAML, but not in JSON. */
static bool sound(struct writer *w, str s, str *out)
{
    struct buf b;
    size_t at = 0;
    *out = s;
    while (at < s.len && (unsigned char)s.at[at] < 0x7F)
        at++;
    if (at == s.len || w->pretty)
        return true;
    buf_init(&b, w->cx->arena, s.len + 16);
    for (at = 0; at < s.len;) {
        size_t before = at;
        if (s.at[at] == ' ' || str_starts(str_skip(s, at), S("\xC2\x85")))
            fold(&b, s, &at);
        if (at > before)
            continue;
        uint32_t rune = utf8_next(s, &at);
        if (is_control(rune)) {
            *w->why = S("yaml: control characters are not allowed");
            return false;
        }
        buf_rune(&b, rune);
    }
    *out = buf_take(&b);
    return true;
}

/* base64 on its line, or in a block of lines of 70 characters. */
static void write_binary(struct writer *w, str s, uint32_t indent)
{
    enum { WIDTH = 70 };
    struct buf b;
    buf_init(&b, w->cx->arena, s.len / 3 * 4 + 8);
    encode_base64(&b, BASE64_STD, s);
    str rest = buf_view(&b);
    buf_str(w->out, rest.len > WIDTH ? S("!!binary |") : S("!!binary "));
    for (; rest.len > WIDTH || b.len > WIDTH; rest = str_skip(rest, WIDTH)) {
        new_line(w, indent);
        buf_str(w->out, str_slice(rest, 0, WIDTH));
        if (rest.len <= WIDTH)
            return;
    }
    buf_str(w->out, rest);
}

static bool write_text(struct writer *w, str s, uint32_t indent, uint32_t column)
{
    if (!w->pretty) {
        if (!sound(w, s, &s))
            return false;
        yaml_write_string(w->out, s, indent, column);
    } else if (utf8_valid(s)) {
        yaml_write_string3(w->out, s, indent);
    } else {
        write_binary(w, s, indent);
    }
    return true;
}

static bool write_float(struct writer *w, double f)
{
    if (w->pretty) {
        if (isfinite(f))
            number_print_float(w->out, f, 'g', -1, 64);
        else
            buf_str(w->out, isnan(f) ? S(".nan") : f < 0 ? S("-.inf") : S(".inf"));
        return true;
    }
    if (isfinite(f)) {
        yaml_write_float(w->out, f);
        return true;
    }
    *w->why = str_format(w->cx->arena, "json: unsupported value: %s",
                         isnan(f) ? "NaN"
                         : f < 0  ? "-Inf"
                                  : "+Inf");
    return false;
}

/* A string, but for yaml.v3, which knows times. */
static bool write_time(struct writer *w, struct value v, uint32_t indent, uint32_t column)
{
    struct buf b;
    buf_init(&b, w->cx->arena, 48);
    gotime_print(&b, *v.time, GOTIME_RFC3339_NANO);
    if (!w->pretty)
        return write_text(w, buf_view(&b), indent, column);
    buf_str(w->out, buf_view(&b));
    return true;
}

/* A value that stands on the line it begins on. */
static bool write_inline(struct writer *w, struct value v, uint32_t indent, uint32_t column)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_BOOL:
        buf_str(w->out, v.b ? S("true") : S("false"));
        return true;
    case VALUE_UINT8:
    case VALUE_UINT64:
        number_print_uint(w->out, v.u, 10);
        return true;
    case VALUE_INT:
    case VALUE_INT32:
    case VALUE_INT64:
    case VALUE_DURATION:
        number_print_int(w->out, v.i, 10);
        return true;
    case VALUE_FLOAT:
        return write_float(w, v.f);
    case VALUE_STRING:
        return write_text(w, value_str(v), indent, column);
    case VALUE_LIST:
        buf_str(w->out, S("[]"));
        return true;
    case VALUE_MAP:
        buf_str(w->out, S("{}"));
        return true;
    case VALUE_TIME:
        return write_time(w, v, indent, column);
    case VALUE_COMPLEX:
        *w->why = w->pretty ? S("cannot marshal type: complex128")
                            : S("json: unsupported type: complex128");
        return false;
    default:
        buf_str(w->out, S("null"));
        return true;
    }
}

static bool write_block(struct writer *w, struct value v, uint32_t indent);

/* Behind "- " or ": " a block goes on along the same line. */
static bool write_along(struct writer *w, struct value v, uint32_t indent)
{
    v = seen(w, v);
    if (is_block(v))
        return write_block(w, v, indent + STEP);
    return write_inline(w, v, indent + STEP, indent + STEP);
}

static bool write_list(struct writer *w, struct value v, uint32_t indent)
{
    for (uint32_t i = 0; i < v.len; i++) {
        if (i)
            new_line(w, indent);
        buf_str(w->out, S("- "));
        if (!write_along(w, v.items[i], indent))
            return false;
    }
    return true;
}

static str lower_name(struct writer *w, str name)
{
    char *out = arena_copy(w->cx->arena, name.at, name.len);
    for (size_t i = 0; i < name.len; i++)
        out[i] |= out[i] >= 'A' && out[i] <= 'Z' ? 0x20 : 0;
    return (str){ out, name.len };
}

static bool write_entry(struct writer *w, const struct dict *d, const struct dict_entry *e,
                        uint32_t indent)
{
    str key = d->fixed && w->pretty ? lower_name(w, e->key->text) : e->key->text;
    if (!sound(w, key, &key))
        return false;
    uint32_t column = yaml_write_key(w->out, key, indent);
    struct value v = seen(w, e->value);
    if (!column) {
        buf_char(w->out, ' ');
        return write_along(w, v, indent);
    }
    if (is_block(v)) {
        uint32_t inner = v.kind == VALUE_LIST && !w->pretty ? indent : indent + STEP;
        new_line(w, inner);
        return write_block(w, v, inner);
    }
    buf_char(w->out, ' ');
    return write_inline(w, v, indent + STEP, column + 1);
}

static int by_key(const void *x, const void *y)
{
    const struct dict_entry *const *a = x, *const *b = y;
    return yaml_key_order((*a)->key->text, (*b)->key->text);
}

static void sort_entries(const struct dict_entry **at, uint32_t n)
{
    enum { SHORT = 24 };
    if (n > SHORT) {
        qsort(at, n, sizeof *at, by_key);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        const struct dict_entry *e = at[i];
        uint32_t j = i;
        for (; j > 0 && by_key(&at[j - 1], &e) > 0; j--)
            at[j] = at[j - 1];
        at[j] = e;
    }
}

static bool write_map(struct writer *w, const struct dict *d, uint32_t indent)
{
    struct mark before = arena_mark(w->cx->scratch);
    const struct dict_entry **sorted =
        arena_alloc(w->cx->scratch, arena_array(d->len, sizeof *sorted));
    for (uint32_t i = 0; i < d->len; i++)
        sorted[i] = &d->entries[i];
    if (!d->fixed || !w->pretty)
        sort_entries(sorted, d->len);
    bool ok = true;
    for (uint32_t i = 0; ok && i < d->len; i++) {
        if (i)
            new_line(w, indent);
        ok = write_entry(w, d, sorted[i], indent);
    }
    arena_rewind(w->cx->scratch, before);
    return ok;
}

static bool write_block(struct writer *w, struct value v, uint32_t indent)
{
    if (w->out->len > VALUE_TEXT_LARGEST)
        return false;
    if (++w->depth > VALUE_DEPTH) {
        *w->why = str_format(w->cx->arena, "json: unsupported value: encountered a cycle via %.*s",
                             STR(value_type_name(v)));
        return false;
    }
    bool ok = v.kind == VALUE_LIST ? write_list(w, v, indent) : write_map(w, v.dict, indent);
    w->depth--;
    return ok;
}

static bool write_document(struct writer *w, struct value v)
{
    v = seen(w, v);
    bool ok = is_block(v) ? write_block(w, v, 0) : write_inline(w, v, STEP, 0);
    buf_char(w->out, '\n');
    return ok;
}

bool value_write_yaml(struct context *cx, struct buf *out, struct value v, str *why)
{
    struct writer w = { .cx = cx, .out = out, .why = why };
    return write_document(&w, v);
}

bool value_write_yaml_pretty(struct context *cx, struct buf *out, struct value v, str *why)
{
    struct writer w = { .cx = cx, .out = out, .why = why, .pretty = true };
    return write_document(&w, v);
}
