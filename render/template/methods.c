/* The methods of common.Values, which a template reaches as `.Values.AsMap`. They come
 * before keys of the same name. */
#include "render/template/methods.h"

#include "render/base/quote.h"
#include "render/template/value_text.h"

static struct value as_map(struct call *c)
{
    struct value v = c->args[0];
    v.type = TYPE_ANY;
    return v;
}

/* The map at a path of names with dots; false after call_fail(). */
static bool find_table(struct call *c, str path, struct value *v)
{
    *v = c->args[0];
    for (bool more = true; more;) {
        str part;
        more = str_cut(path, '.', &part, &path);
        *v = dict_get_text(c->cx, v->dict, part);
        if (v->kind != VALUE_MAP) {
            str shown = quoted(c->arena, part);
            call_fail(c, "%.*s is not a table", STR(shown));
            return false;
        }
        v->type = TYPE_VALUES;
    }
    return true;
}

static struct value table(struct call *c)
{
    struct value v;
    return find_table(c, value_str(c->args[1]), &v) ? v : NIL;
}

/* What is no map at the end of a path. */
static struct value path_value(struct call *c)
{
    str path = value_str(c->args[1]), before, last;
    if (!path.len)
        return call_fail(c, "YAML path cannot be empty");
    struct value map = c->args[0];
    if (!str_cut_last(path, '.', &before, &last))
        last = path;
    else if (!find_table(c, before, &map))
        map = NIL;
    const struct dict_entry *e =
        map.kind == VALUE_MAP ? dict_find(map.dict, intern_find(c->cx->keys, last)) : NULL;
    if (e && e->value.kind != VALUE_MAP)
        return e->value;
    str shown = quoted(c->arena, last);
    return call_fail(c, "%.*s is not a value", STR(shown));
}

static struct value yaml(struct call *c)
{
    struct buf out;
    str why;
    buf_init(&out, c->arena, 256);
    if (!value_write_yaml(c->cx, &out, c->args[0], &why))
        return call_fail(c, "%.*s", STR(why));
    return value_string(buf_take(&out));
}

static const struct func values_methods[] = {
    { "AsMap", "", as_map },
    { "PathValue", "s", path_value },
    { "Table", "s", table },
    { "YAML", "", yaml },
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
