/* Lists: ends, slices, searches, and lists of numbers.
 *
 * A list is never changed by these, with one exception: `sortAlpha` of a []string sorts that very
 * list (lists.cases: "sorting strings is seen by every variable"). Where Go gives a nil slice the
 * result is one, too: toJson prints it as null. */
#include <math.h>
#include <stdlib.h>

#include "render/base/number.h"
#include "render/template/cast.h"
#include "render/template/func.h"

#define NIL_DEREFERENCE "runtime error: invalid memory address or nil pointer dereference"

static struct value not_a_list(struct call *c, struct value v, str go)
{
    str found = value_kind_name(v);
    if (v.kind == VALUE_NIL)
        return call_panic(c, NIL_DEREFERENCE, "this takes a list, not nil");
    return call_panic(c, str_cstr(c->arena, go), "this takes a list, not %s %.*s",
                      found.at[0] == 'i' ? "an" : "a", STR(found));
}

/* Argument `at` as a list, or the error of a function that can't `verb` anything else. */
static bool list_arg(struct call *c, uint32_t at, const char *cannot, struct value *list)
{
    struct value v = c->args[at];
    if (cast_list(c->arena, v, list))
        return true;
    not_a_list(c, v, str_format(c->arena, "%s %.*s", cannot, STR(value_kind_name(v))));
    return false;
}

static struct value nil_list(void)
{
    return (struct value){ .kind = VALUE_LIST };
}

static struct value *items_new(struct call *c, uint64_t len)
{
    return arena_alloc(c->arena, arena_array(len ? len : 1, sizeof(struct value)));
}

static void items_copy(struct value *to, struct value list)
{
    if (list.len)
        memcpy(to, list.items, list.len * sizeof *to);
}

static struct value list(struct call *c)
{
    struct value *items = items_new(c, c->count);
    items_copy(items, (struct value){ .len = c->count, .items = c->args });
    return value_list(items, c->count);
}

static struct value append(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot push on type", &l))
        return NIL;
    struct value *items = items_new(c, (uint64_t)l.len + 1);
    items_copy(items, l);
    items[l.len] = c->args[1];
    return value_list(items, l.len + 1);
}

static struct value prepend(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot prepend on type", &l))
        return NIL;
    struct value *items = items_new(c, (uint64_t)l.len + 1);
    items[0] = c->args[1];
    items_copy(items + 1, l);
    return value_list(items, l.len + 1);
}

static struct value first(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find first on type", &l) || l.len == 0)
        return NIL;
    return l.items[0];
}

static struct value last(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find last on type", &l) || l.len == 0)
        return NIL;
    return l.items[l.len - 1];
}

static struct value rest(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find rest on type", &l))
        return NIL;
    return l.len ? value_list(l.items + 1, l.len - 1) : nil_list();
}

static struct value initial(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find initial on type", &l))
        return NIL;
    return l.len ? value_list(l.items, l.len - 1) : nil_list();
}

static struct value reverse(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find reverse on type", &l))
        return NIL;
    struct value *items = items_new(c, l.len);
    for (uint32_t i = 0; i < l.len; i++)
        items[i] = l.items[l.len - 1 - i];
    return value_list(items, l.len);
}

static struct value compact(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot compact on type", &l))
        return NIL;
    struct value *items = items_new(c, l.len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < l.len; i++) {
        if (value_true(l.items[i]))
            items[n++] = l.items[i];
    }
    return value_list(items, n);
}

/* A number that equal values share. */
static uint32_t value_hash(struct value v)
{
    uint32_t kind = v.kind * 31u + v.type;
    switch ((enum value_kind)v.kind) {
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_ERROR:
        return str_hash(value_str(v)) ^ kind;
    case VALUE_LIST:
        return (v.len + 7) * 2654435761u ^ kind;
    case VALUE_MAP:
        return ((v.dict ? v.dict->len : 0) + 7) * 2654435761u ^ kind;
    case VALUE_BOOL:
        return kind + v.b;
    case VALUE_INT:
    case VALUE_INT32:
    case VALUE_INT64:
    case VALUE_UINT8:
    case VALUE_UINT64:
    case VALUE_DURATION:
        return (uint32_t)((v.u * 0x9E3779B97F4A7C15u) >> 32) ^ kind;
    case VALUE_FLOAT:
        return v.f == 0 ? kind : (uint32_t)((v.u * 0x9E3779B97F4A7C15u) >> 32) ^ kind;
    default:
        return kind;
    }
}

static struct value uniq(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find uniq on type", &l))
        return NIL;
    struct value *items = items_new(c, l.len);
    uint32_t mask = 15, n = 0;
    while (mask < l.len * 2ull)
        mask = mask * 2 + 1;
    uint32_t *slots = NEW_ARRAY(c->arena, uint32_t, (size_t)mask + 1);
    for (uint32_t i = 0; i < l.len; i++) {
        uint32_t at = value_hash(l.items[i]) & mask;
        while (slots[at] && !value_equal(items[slots[at] - 1], l.items[i])) {
            if (!limit_count(c->cx, LIMIT_STEPS, 1, c->pos))
                return call_stop(c);
            at = (at + 1) & mask;
        }
        if (slots[at])
            continue;
        items[n++] = l.items[i];
        slots[at] = n;
    }
    return value_list(items, n);
}

static bool among(struct value needle, const struct value *items, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (value_equal(needle, items[i]))
            return true;
    }
    return false;
}

static struct value without(struct call *c)
{
    struct value l;
    if (!list_arg(c, 0, "Cannot find without on type", &l))
        return NIL;
    struct value *items = items_new(c, l.len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < l.len; i++) {
        if (!among(l.items[i], c->args + 1, c->count - 1))
            items[n++] = l.items[i];
    }
    return value_list(items, n);
}

static struct value has(struct call *c)
{
    struct value l;
    if (c->args[1].kind == VALUE_NIL)
        return value_bool(false);
    if (!list_arg(c, 1, "Cannot find has on type", &l))
        return NIL;
    return value_bool(among(c->args[0], l.items, l.len));
}

static struct value slice(struct call *c)
{
    struct value v = value_plain(c->args[0]);
    if (v.kind != VALUE_LIST && v.kind != VALUE_BYTES)
        return not_a_list(c, v,
                          str_format(c->arena, "list should be type of slice or array but %.*s",
                                     STR(value_kind_name(v))));
    if (v.len == 0)
        return NIL;
    int64_t from = c->count > 1 ? cast_int(c->args[1]) : 0;
    int64_t to = c->count > 2 ? cast_int(c->args[2]) : v.len;
    if (from < 0 || to < from || to > v.len)
        return call_panic(c, "reflect.Value.Slice: slice index out of bounds",
                          "the list has %u items: %lld to %lld is no part of it", v.len,
                          (long long)from, (long long)to);
    if (v.kind == VALUE_LIST)
        v.items += from;
    else
        v.at += from;
    v.len = (uint32_t)(to - from);
    return v;
}

static struct value concat(struct call *c)
{
    struct value l;
    uint64_t len = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        struct value v = c->args[i];
        if (!cast_list(c->arena, v, &l))
            return not_a_list(
                c, v,
                str_format(c->arena, "Cannot concat type %.*s as list", STR(value_kind_name(v))));
        len += l.len;
    }
    if (len == 0)
        return nil_list();
    if (!call_room(c, len * sizeof(struct value)))
        return call_stop(c);
    struct value *items = items_new(c, len);
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        cast_list(c->arena, c->args[i], &l);
        items_copy(items + n, l);
        n += l.len;
    }
    return value_list(items, n);
}

/* The count of chunks is reckoned in floats, which is what a size of 0 or less shows. */
static struct value chunk(struct call *c)
{
    struct value l;
    if (!list_arg(c, 1, "Cannot chunk type", &l))
        return NIL;
    int64_t size = c->args[0].i;
    int64_t count = cast_truncate(floor(((double)l.len - 1) / (double)size) + 1);
    int64_t odd = cast_truncate(fmod(l.len, (double)size));
    if (odd == 0)
        odd = size;
    if (count < 0 || (count > 0 && odd < 0))
        return call_panic(c, "runtime error: makeslice: len out of range",
                          "there are no chunks of %lld items", (long long)size);
    struct value *chunks = items_new(c, (uint64_t)count);
    for (int64_t i = 0; i < count; i++)
        chunks[i] = value_list(l.items + i * size, (uint32_t)(i == count - 1 ? odd : size));
    return value_list_of(TYPE_LISTS, chunks, (uint32_t)count);
}

static int by_text(const void *x, const void *y)
{
    const struct value *a = x, *b = y;
    return str_cmp(value_str(*a), value_str(*b));
}

static struct value sort_alpha(struct call *c)
{
    struct value l = c->args[0], unused;
    if (!cast_list(c->arena, l, &unused))
        l = value_string(cast_text(c->arena, l));
    l = cast_strings(c->arena, l);
    /* In place, on purpose; lists of strings are always made in an arena. */
    if (l.len > 1)
        qsort((struct value *)(uintptr_t)l.items, l.len, sizeof *l.items, by_text);
    return l;
}

static struct value to_strings(struct call *c)
{
    return cast_strings(c->arena, c->args[0]);
}

/* How many numbers stand from `from` to before `to`; none when the step leads away. */
static uint64_t steps_between(int64_t from, int64_t to, int64_t step)
{
    uint64_t way = to < from ? (uint64_t)from - (uint64_t)to : (uint64_t)to - (uint64_t)from;
    uint64_t stride = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;
    if (way == 0 || step == 0 || (to < from) != (step < 0))
        return 0;
    return (way - 1) / stride + 1;
}

static struct value numbers(struct call *c, int64_t from, int64_t to, int64_t step)
{
    uint64_t len = steps_between(from, to, step);
    if (len > UINT32_MAX || !call_room(c, len * sizeof(struct value))) {
        if (len > UINT32_MAX)
            call_room(c, len);
        return call_stop(c);
    }
    struct value *items = items_new(c, len);
    for (uint64_t i = 0; i < len; i++)
        items[i] = value_int((int64_t)((uint64_t)from + i * (uint64_t)step));
    return value_list_of(TYPE_INTS, items, (uint32_t)len);
}

static struct value until(struct call *c)
{
    int64_t count = c->args[0].i;
    return numbers(c, 0, count, count < 0 ? -1 : 1);
}

static struct value until_step(struct call *c)
{
    return numbers(c, c->args[0].i, c->args[1].i, c->args[2].i);
}

/* One argument is the end, two are both ends, three have the step in the middle. */
static struct value seq(struct call *c)
{
    const struct value *a = c->args;
    if (c->count == 0 || c->count > 3)
        return value_string(S(""));
    int64_t from = c->count == 1 ? 1 : a[0].i;
    int64_t to = a[c->count - 1].i;
    int64_t way = to < from ? -1 : 1;
    int64_t step = c->count == 3 ? a[1].i : way;
    if (way < 0 && step > 0)
        return value_string(S(""));
    struct value l = numbers(c, from, (int64_t)((uint64_t)to + (uint64_t)way), step);
    struct buf out;
    buf_init(&out, c->arena, 16);
    for (uint32_t i = 0; l.kind == VALUE_LIST && i < l.len; i++) {
        if (i)
            buf_char(&out, ' ');
        number_print_int(&out, l.items[i].i, 10);
    }
    return value_string(buf_take(&out));
}

const struct func list_funcs[] = {
    { "append", "..", append },
    { "chunk", "i.", chunk },
    { "compact", ".", compact },
    { "concat", ".*", concat },
    { "first", ".", first },
    { "has", "..", has },
    { "initial", ".", initial },
    { "last", ".", last },
    { "list", ".*", list },
    { "mustAppend", "..", append },
    { "mustChunk", "i.", chunk },
    { "mustCompact", ".", compact },
    { "mustFirst", ".", first },
    { "mustHas", "..", has },
    { "mustInitial", ".", initial },
    { "mustLast", ".", last },
    { "mustPrepend", "..", prepend },
    { "mustPush", "..", append },
    { "mustRest", ".", rest },
    { "mustReverse", ".", reverse },
    { "mustSlice", "..*", slice },
    { "mustUniq", ".", uniq },
    { "mustWithout", "..*", without },
    { "prepend", "..", prepend },
    { "push", "..", append },
    { "rest", ".", rest },
    { "reverse", ".", reverse },
    { "seq", "i*", seq },
    { "slice", "..*", slice },
    { "sortAlpha", ".", sort_alpha },
    { "toStrings", ".", to_strings },
    { "tuple", ".*", list },
    { "uniq", ".", uniq },
    { "until", "i", until },
    { "untilStep", "iii", until_step },
    { "without", "..*", without },
    { 0 },
};
