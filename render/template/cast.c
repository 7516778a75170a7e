/* Conversions of Sprig's functions. They look at exact types: a duration is no number here. */
#include "render/template/cast.h"

#include <math.h>

#include "render/base/number.h"
#include "render/template/print.h"

int64_t cast_truncate(double f)
{
    if (!(f >= -0x1p63 && f < 0x1p63))
        return INT64_MIN;
    return (int64_t)f;
}

/* "5.00" without its zeros and dot; "5.10" and "100" as they are. */
static str without_zeros(str s)
{
    size_t end = s.len;
    while (end && s.at[end - 1] == '0')
        end--;
    if (end && end < s.len && s.at[end - 1] == '.')
        return str_slice(s, 0, end - 1);
    return s;
}

static int64_t int_of_text(str s)
{
    int64_t i;
    return number_int(without_zeros(s), 0, 64, &i) == NUMBER_OK ? i : 0;
}

int64_t cast_int(struct value v)
{
    switch ((enum value_kind)v.kind) {
    case VALUE_BOOL:
        return v.b;
    case VALUE_INT:
    case VALUE_INT32:
    case VALUE_INT64:
    case VALUE_UINT8:
    case VALUE_UINT64:
        return v.i;
    case VALUE_FLOAT:
        return cast_truncate(v.f);
    case VALUE_STRING:
        return int_of_text(value_str(v));
    default:
        return 0;
    }
}

double cast_float(struct value v)
{
    double f;
    switch ((enum value_kind)v.kind) {
    case VALUE_FLOAT:
        return v.f;
    case VALUE_UINT64:
        return (double)v.u;
    case VALUE_STRING:
        return number_float(value_str(v), 64, &f) == NUMBER_OK ? f : 0;
    default:
        return (double)cast_int(v);
    }
}

str cast_text(struct arena *a, struct value v)
{
    if (v.kind == VALUE_STRING || v.kind == VALUE_BYTES || v.kind == VALUE_ERROR)
        return value_str(v);
    return print_text(a, v);
}

static bool bytes_list(struct arena *a, struct value v, struct value *list)
{
    struct value *items = arena_alloc(a, arena_array(v.len, sizeof *items));
    for (uint32_t i = 0; i < v.len; i++)
        items[i] = (struct value){ .kind = VALUE_UINT8, .u = (unsigned char)v.at[i] };
    *list = value_list(items, v.len);
    return true;
}

bool cast_list(struct arena *a, struct value v, struct value *list)
{
    v = value_plain(v);
    if (v.kind == VALUE_BYTES)
        return bytes_list(a, v, list);
    *list = v;
    return v.kind == VALUE_LIST;
}

struct value cast_strings(struct arena *a, struct value v)
{
    struct value list;
    if (v.kind == VALUE_NIL)
        return value_list_of(TYPE_STRINGS, NULL, 0);
    if (!cast_list(a, v, &list))
        list = value_list(&v, 1);
    if (list.type == TYPE_STRINGS)
        return list;
    struct value *texts = arena_alloc(a, arena_array(list.len, sizeof *texts));
    uint32_t n = 0;
    for (uint32_t i = 0; i < list.len; i++) {
        if (list.items[i].kind != VALUE_NIL)
            texts[n++] = value_string(cast_text(a, list.items[i]));
    }
    return value_list_of(TYPE_STRINGS, texts, n);
}
