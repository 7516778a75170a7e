/* encoding/json's view of values: bytes are base64, times RFC 3339, an error an empty object, and
 * an object what it shows, or else its text. */
#include <math.h>

#include "render/base/encode.h"
#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/template/print.h"
#include "render/template/value_text.h"

struct writer {
    struct context *cx;
    struct buf *out;
    struct json_style style;
    str *why;
};

static bool fail(struct writer *w, const char *what, str value)
{
    *w->why = str_format(w->cx->arena, "json: unsupported %s: %.*s", what, STR(value));
    return false;
}

static void new_line(struct writer *w, uint32_t depth)
{
    if (!w->style.indent.len)
        return;
    buf_char(w->out, '\n');
    for (uint32_t i = 0; i < depth; i++)
        buf_str(w->out, w->style.indent);
}

static bool write_value(struct writer *w, struct value v, uint32_t depth);

static bool write_list(struct writer *w, struct value v, uint32_t depth)
{
    if (!v.items) {
        buf_str(w->out, S("null"));
        return true;
    }
    buf_char(w->out, '[');
    for (uint32_t i = 0; i < v.len; i++) {
        if (i)
            buf_char(w->out, ',');
        new_line(w, depth + 1);
        if (!write_value(w, v.items[i], depth + 1))
            return false;
    }
    if (v.len)
        new_line(w, depth);
    buf_char(w->out, ']');
    return true;
}

static bool write_map(struct writer *w, struct dict *d, uint32_t depth)
{
    if (!d) {
        buf_str(w->out, S("null"));
        return true;
    }
    const struct dict_entry *entries = dict_sorted(d);
    buf_char(w->out, '{');
    for (uint32_t i = 0; i < d->len; i++) {
        if (i)
            buf_char(w->out, ',');
        new_line(w, depth + 1);
        json_write_string(w->out, entries[i].key->text, w->style.keep_html);
        buf_str(w->out, w->style.indent.len ? S(": ") : S(":"));
        if (!write_value(w, entries[i].value, depth + 1))
            return false;
    }
    if (d->len)
        new_line(w, depth);
    buf_char(w->out, '}');
    return true;
}

static bool write_float(struct writer *w, double f)
{
    if (!isfinite(f))
        return fail(w, "value", isnan(f) ? S("NaN") : f < 0 ? S("-Inf") : S("+Inf"));
    number_print_json(w->out, f, 64);
    return true;
}

static bool write_bytes(struct writer *w, struct value v)
{
    if (!v.at) {
        buf_str(w->out, S("null"));
        return true;
    }
    buf_char(w->out, '"');
    encode_base64(w->out, BASE64_STD, value_str(v));
    buf_char(w->out, '"');
    return true;
}

static bool write_object(struct writer *w, const struct object *o, uint32_t depth)
{
    if (o->plain.kind != VALUE_NIL)
        return write_value(w, o->plain, depth);
    if (o->text.at)
        json_write_string(w->out, o->text, w->style.keep_html);
    else
        buf_str(w->out, S("{}"));
    return true;
}

static bool write_value(struct writer *w, struct value v, uint32_t depth)
{
    if (w->out->len > VALUE_TEXT_LARGEST)
        return false;
    if (depth > VALUE_DEPTH)
        return fail(
            w, "value",
            str_format(w->cx->arena, "encountered a cycle via %.*s", STR(value_type_name(v))));
    switch ((enum value_kind)v.kind) {
    case VALUE_NIL:
        buf_str(w->out, S("null"));
        return true;
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
    case VALUE_COMPLEX:
        return fail(w, "type", value_type_name(v));
    case VALUE_STRING:
        json_write_string(w->out, value_str(v), w->style.keep_html);
        return true;
    case VALUE_BYTES:
        return write_bytes(w, v);
    case VALUE_LIST:
        return write_list(w, v, depth);
    case VALUE_MAP:
        return write_map(w, v.dict, depth);
    case VALUE_OBJECT:
        return write_object(w, v.object, depth);
    case VALUE_TIME:
        buf_char(w->out, '"');
        gotime_print(w->out, *v.time, GOTIME_RFC3339_NANO);
        buf_char(w->out, '"');
        return true;
    case VALUE_ERROR:
    case VALUE_KIND_COUNT:
        break;
    }
    buf_str(w->out, S("{}"));
    return true;
}

bool value_write_json(struct context *cx, struct buf *out, struct value v, struct json_style style,
                      str *why)
{
    struct writer w = { cx, out, style, why };
    return write_value(&w, v, 0);
}
