/* The methods of common.Values, which a template reaches as `.Values.AsMap`. They come
 * before keys of the same name. */
#include "render/template/methods.h"

#include "render/base/quote.h"

static struct value as_map(struct call *c)
{
    struct value v = c->args[0];
    v.type = TYPE_ANY;
    return v;
}

static struct value no_table(struct call *c, str name)
{
    str shown = quoted(c->arena, name);
    return call_fail(c, "%.*s is not a table", STR(shown));
}

static struct value table(struct call *c)
{
    struct value v = c->args[0];
    str rest = value_str(c->args[1]), part;
    while (str_next_field(&rest, '.', &part)) {
        v = dict_get_text(c->cx, v.dict, part);
        if (v.kind != VALUE_MAP)
            return no_table(c, part);
        v.type = TYPE_VALUES;
    }
    return v;
}

static const struct func values_methods[] = {
    { "AsMap", "", as_map },
    { "Table", "s", table },
    { 0 },
};

const struct func *value_methods(struct value v)
{
    if (v.kind == VALUE_TIME)
        return time_methods;
    if (v.kind == VALUE_DURATION)
        return duration_methods;
    if (v.kind == VALUE_INT && v.type != TYPE_ANY)
        return name_methods;
    return v.kind == VALUE_MAP && v.type == TYPE_VALUES ? values_methods : NULL;
}
