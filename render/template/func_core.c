/* Go's own functions: those of text/template itself. */
#include "render/template/func.h"

static struct value not_(struct call *c)
{
    return value_bool(!value_true(c->args[0]));
}

static struct value len(struct call *c)
{
    struct value v = value_plain(c->args[0]);
    switch ((enum value_kind)v.kind) {
    case VALUE_STRING:
    case VALUE_BYTES:
    case VALUE_LIST:
        return value_int(v.len);
    case VALUE_MAP:
        return value_int(v.dict ? v.dict->len : 0);
    case VALUE_NIL:
        return call_fail(c, "len of nil pointer");
    default:
        return call_fail(c, "len of type %.*s", STR(value_type_name(c->args[0])));
    }
}

const struct func core_funcs[] = {
    { "len", "v", len },
    { "not", "v", not_ },
    { 0 },
};
