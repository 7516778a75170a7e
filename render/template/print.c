/* Values under verbs. A verb that a value does not know prints as %!verb(type=value),
 * with the flags still in force; what has a String method is a string for s, q, v and x. */
#include "render/template/print.h"

#include <errno.h>

#include "render/base/gotime.h"
#include "render/base/number.h"
#include "render/base/quote.h"
#include "render/base/unicode.h"
#include "render/template/print_flags.h"

enum { MOST_PRINTED = 256 << 20 };

static void print_at(struct printer *p, struct value v, char32 verb, uint32_t depth);

static void bad_verb(struct printer *p, struct value v, char32 verb)
{
    buf_str(p->out, S("%!"));
    buf_rune(p->out, verb);
    buf_char(p->out, '(');
    if (v.kind == VALUE_NIL) {
        buf_str(p->out, S("<nil>"));
    } else {
        buf_str(p->out, value_type_name(v));
        buf_char(p->out, '=');
        p->erring = true;
        print_at(p, v, 'v', 0);
        p->erring = false;
    }
    buf_char(p->out, ')');
}

static const char *const months[] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };
static const char *const weekdays[] = { "Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday" };

/* What its String or Error method gives; false without one. */
static bool has_text(struct arena *a, struct value v, str *out)
{
    struct buf b;
    if (v.kind == VALUE_TIME || v.kind == VALUE_DURATION) {
        buf_init(&b, a, 48);
        if (v.kind == VALUE_TIME)
            gotime_print(&b, *v.time, GOTIME_STRING);
        else
            duration_print(&b, v.i);
        *out = buf_take(&b);
    } else if (v.kind == VALUE_ERROR)
        *out = value_str(v);
    else if (v.kind == VALUE_OBJECT && v.object->text.at)
        *out = v.object->fields.at ? v.object->fields : v.object->text;
    else if (v.kind == VALUE_INT && v.type == TYPE_MONTH && v.i >= 1 && v.i <= 12)
        *out = str_from(months[v.i - 1]);
    else if (v.kind == VALUE_INT && v.type == TYPE_WEEKDAY && v.i >= 0 && v.i <= 6)
        *out = str_from(weekdays[v.i]);
    else
        return false;
    return true;
}

static void print_bool(struct printer *p, struct value v, char32 verb)
{
    if (verb == 't' || verb == 'v')
        print_padded(p, v.b ? S("true") : S("false"));
    else
        bad_verb(p, v, verb);
}

static void print_int(struct printer *p, struct value v, char32 verb)
{
    bool is_signed = !value_is_unsigned(v);
    switch (verb) {
    case 'v':
        if (p->go_syntax && !is_signed)
            print_hex(p, v.u);
        else
            print_integer(p, v.u, 10, is_signed, verb);
        break;
    case 'd':
        print_integer(p, v.u, 10, is_signed, verb);
        break;
    case 'b':
        print_integer(p, v.u, 2, is_signed, verb);
        break;
    case 'o':
    case 'O':
        print_integer(p, v.u, 8, is_signed, verb);
        break;
    case 'x':
    case 'X':
        print_integer(p, v.u, 16, is_signed, verb);
        break;
    case 'c':
        print_character(p, v.u);
        break;
    case 'q':
        print_quoted_character(p, v.u);
        break;
    case 'U':
        print_unicode(p, v.u);
        break;
    default:
        bad_verb(p, v, verb);
    }
}

static bool is_float_verb(char32 verb)
{
    return verb < 0x80 && strchr("vbgGxXfFeE", (char)verb) && verb;
}

static void print_float_verb(struct printer *p, double f, char32 verb)
{
    bool six = verb == 'f' || verb == 'F' || verb == 'e' || verb == 'E';
    print_float(p, f, verb == 'v' ? 'g' : (char)verb, six ? 6 : -1);
}

static void print_complex(struct printer *p, struct value v, char32 verb)
{
    bool plus = p->plus;
    buf_char(p->out, '(');
    print_float_verb(p, v.complex[0], verb);
    p->plus = true;
    print_float_verb(p, v.complex[1], verb);
    buf_str(p->out, S("i)"));
    p->plus = plus;
}

/* A string, or what stands for one. */
static bool print_string(struct printer *p, str s, char32 verb)
{
    switch (verb) {
    case 'v':
        if (p->go_syntax)
            print_quoted(p, s);
        else
            print_padded(p, print_cut(p, s));
        return true;
    case 's':
        print_padded(p, print_cut(p, s));
        return true;
    case 'q':
        print_quoted(p, s);
        return true;
    case 'x':
    case 'X':
        print_hex_bytes(p, s, verb == 'X');
        return true;
    default:
        return false;
    }
}

static bool has_flags(const struct printer *p)
{
    return p->minus || p->plus || p->sharp || p->space || p->zero || p->go_syntax || p->has_width
           || p->has_precision;
}

/* "[104 105]". Who prints the whole of what a template is given prints every byte of its files so. */
static void print_decimals(struct buf *out, str bytes)
{
    buf_char(out, '[');
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned byte = (unsigned char)bytes.at[i];
        buf_reserve(out, 4);
        char *at = out->at + out->len;
        if (i)
            *at++ = ' ';
        if (byte >= 100)
            *at++ = (char)('0' + byte / 100);
        if (byte >= 10)
            *at++ = (char)('0' + byte / 10 % 10);
        *at++ = (char)('0' + byte % 10);
        out->len = (size_t)(at - out->at);
    }
    buf_char(out, ']');
}

static void print_bytes(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    if ((verb == 'v' || verb == 'd') && !has_flags(p)) {
        print_decimals(p->out, (str){ v.at, v.len });
        return;
    }
    if ((verb == 's' || verb == 'q' || verb == 'x' || verb == 'X')
        && print_string(p, value_str(v), verb))
        return;
    if (p->go_syntax)
        buf_str(p->out, depth ? S("[]uint8{") : S("[]byte{"));
    else
        buf_char(p->out, '[');
    for (uint32_t i = 0; i < v.len; i++) {
        if (i)
            buf_str(p->out, p->go_syntax ? S(", ") : S(" "));
        struct value byte = { .kind = VALUE_UINT8, .u = (unsigned char)v.at[i] };
        print_int(p, byte, verb);
    }
    buf_char(p->out, p->go_syntax ? '}' : ']');
}

/* An item of a container: an interface {} that is nil prints bare. */
static void print_item(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    if (v.kind == VALUE_NIL)
        buf_str(p->out, p->go_syntax ? S("interface {}(nil)") : S("<nil>"));
    else
        print_at(p, v, verb, depth + 1);
}

/* "[]interface {}{" in Go's syntax, or `plain`; false for a nil container in Go's syntax. */
static bool print_begin(struct printer *p, struct value v, str plain, bool nil)
{
    if (!p->go_syntax) {
        buf_str(p->out, plain);
        return true;
    }
    buf_str(p->out, value_type_name(v));
    buf_str(p->out, nil ? S("(nil)") : S("{"));
    return !nil;
}

static void print_list(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    if (!print_begin(p, v, S("["), !v.items))
        return;
    for (uint32_t i = 0; i < v.len && !p->out->error; i++) {
        if (i)
            buf_str(p->out, p->go_syntax ? S(", ") : S(" "));
        print_item(p, v.items[i], verb, depth);
    }
    buf_char(p->out, p->go_syntax ? '}' : ']');
}

static void print_fields(struct printer *p, const struct dict *d, char32 verb, uint32_t depth)
{
    for (uint32_t i = 0; i < d->len; i++) {
        if (i)
            buf_str(p->out, p->go_syntax ? S(", ") : S(" "));
        if (p->go_syntax || p->names) {
            buf_str(p->out, d->entries[i].key->text);
            buf_char(p->out, ':');
        }
        print_item(p, d->entries[i].value, verb, depth);
    }
}

static void print_map(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    if (!print_begin(p, v, S("map["), !v.dict))
        return;
    const struct dict_entry *entries = v.dict ? dict_sorted(v.dict) : NULL;
    for (uint32_t i = 0; v.dict && i < v.dict->len && !p->out->error; i++) {
        if (i)
            buf_str(p->out, p->go_syntax ? S(", ") : S(" "));
        print_at(p, value_string(entries[i].key->text), verb, depth + 1);
        buf_char(p->out, ':');
        print_item(p, entries[i].value, verb, depth);
    }
    buf_char(p->out, p->go_syntax ? '}' : ']');
}

/* Inside of something Go prints a pointer's address, which is another in every run. */
static void print_pointer(struct printer *p, struct value v, char32 verb)
{
    if (verb < 0x80 && strchr("vpbodxX", (char)verb))
        buf_str(p->out, S("0xc000100000"));
    else
        bad_verb(p, v, verb);
}

static void print_struct(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    const struct object *o = v.object;
    bool pointer = !strcmp(o->type->kind, "ptr");
    if (pointer && depth) {
        print_pointer(p, v, verb);
        return;
    }
    if (pointer)
        buf_char(p->out, '&');
    if (p->go_syntax)
        buf_str(p->out, str_trim_prefix(value_type_name(v), S("*")));
    buf_char(p->out, '{');
    if (o->plain.kind == VALUE_MAP && o->plain.dict)
        print_fields(p, o->plain.dict, verb, depth);
    buf_char(p->out, '}');
}

static void print_object(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    struct value plain = v.object->plain;
    bool fixed = plain.kind == VALUE_MAP && plain.dict && plain.dict->fixed;
    if (plain.kind == VALUE_NIL || fixed)
        print_struct(p, v, verb, depth);
    else
        print_at(p, plain, verb, depth);
}

static void print_kind(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_BOOL:
        print_bool(p, v, verb);
        break;
    case VALUE_FLOAT:
        if (is_float_verb(verb))
            print_float_verb(p, v.f, verb);
        else
            bad_verb(p, v, verb);
        break;
    case VALUE_COMPLEX:
        if (is_float_verb(verb))
            print_complex(p, v, verb);
        else
            bad_verb(p, v, verb);
        break;
    case VALUE_STRING:
        if (!print_string(p, value_str(v), verb))
            bad_verb(p, v, verb);
        break;
    case VALUE_BYTES:
        print_bytes(p, v, verb, depth);
        break;
    case VALUE_LIST:
        print_list(p, v, verb, depth);
        break;
    case VALUE_MAP:
        print_map(p, v, verb, depth);
        break;
    case VALUE_OBJECT:
        print_object(p, v, verb, depth);
        break;
    default:
        print_int(p, v, verb);
    }
}

static void print_at(struct printer *p, struct value v, char32 verb, uint32_t depth)
{
    if (depth > VALUE_DEPTH || p->out->len > MOST_PRINTED)
        p->out->error = ELOOP;
    if (p->out->error)
        return;
    str text;
    bool stringy = verb == 'v' || verb == 's' || verb == 'q' || verb == 'x' || verb == 'X';
    if (!p->erring && !p->go_syntax && stringy && has_text(p->out->arena, v, &text))
        print_string(p, text, verb);
    else
        print_kind(p, v, verb, depth);
}

void print_verb(struct printer *p, struct value v, char32 verb)
{
    if (verb == 'v' || verb == 'w') {
        p->go_syntax = p->sharp;
        p->sharp = false;
        p->names = p->plus;
        p->plus = false;
    }
    if (v.kind == VALUE_NIL && (verb == 'v' || verb == 'T'))
        print_padded(p, S("<nil>"));
    else if (verb == 'T')
        print_padded(p, print_cut(p, value_type_name(v)));
    else if (v.kind == VALUE_NIL || verb == 'w')
        bad_verb(p, v, verb);
    else
        print_at(p, v, verb, 0);
}

void print_value(struct buf *out, struct value v)
{
    if (v.kind == VALUE_STRING) {
        buf_str(out, value_str(v));
        return;
    }
    struct printer p = { .out = out };
    print_verb(&p, v, 'v');
}

str print_text(struct arena *a, struct value v)
{
    if (v.kind == VALUE_STRING)
        return value_str(v);
    struct buf b;
    buf_init(&b, a, 32);
    print_value(&b, v);
    return buf_take(&b);
}

void print_action(struct buf *out, struct value v)
{
    if (v.kind == VALUE_NIL) {
        buf_str(out, S("<no value>"));
        return;
    }
    if (v.kind == VALUE_OBJECT && v.object->fields.at) {
        buf_str(out, v.object->text);
        return;
    }
    struct printer p = { .out = out };
    str text;
    bool pointer = v.kind == VALUE_OBJECT && !strcmp(v.object->type->kind, "ptr");
    if (!pointer || has_text(out->arena, v, &text) || v.object->plain.kind != VALUE_MAP) {
        print_at(&p, v, 'v', 0);
        return;
    }
    buf_char(out, '{');
    print_fields(&p, v.object->plain.dict, 'v', 0);
    buf_char(out, '}');
}

void print_operands(struct buf *out, const struct value *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i && args[i].kind != VALUE_STRING && args[i - 1].kind != VALUE_STRING)
            buf_char(out, ' ');
        print_value(out, args[i]);
    }
}

void print_line(struct buf *out, const struct value *args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            buf_char(out, ' ');
        print_value(out, args[i]);
    }
    buf_char(out, '\n');
}
