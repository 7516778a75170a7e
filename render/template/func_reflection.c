/* What a value is, whether it is empty, and what to take then. */
#include "render/template/cast.h"
#include "render/template/func.h"

static struct value type_of(struct call *c)
{
    return value_string(value_type_name(c->args[0]));
}

static struct value kind_of(struct call *c)
{
    return value_string(value_kind_name(c->args[0]));
}

static struct value type_is(struct call *c)
{
    return value_bool(str_eq(value_str(c->args[0]), value_type_name(c->args[1])));
}

/* The type itself, or what it points to. */
static struct value type_is_like(struct call *c)
{
    str type = value_type_name(c->args[1]), wanted = value_str(c->args[0]);
    return value_bool(str_eq(wanted, type)
                      || (str_starts(type, S("*")) && str_eq(wanted, str_skip(type, 1))));
}

static struct value kind_is(struct call *c)
{
    return value_bool(str_eq(value_str(c->args[0]), value_kind_name(c->args[1])));
}

static struct value deep_equal(struct call *c)
{
    return value_bool(value_equal(c->args[0], c->args[1]));
}

static struct value to_string(struct call *c)
{
    return value_string(cast_text(c->arena, c->args[0]));
}

static struct value empty(struct call *c)
{
    return value_bool(!value_true(c->args[0]));
}

static struct value default_(struct call *c)
{
    return c->args[c->count > 1 && value_true(c->args[1]) ? 1 : 0];
}

static struct value coalesce(struct call *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (value_true(c->args[i]))
            return c->args[i];
    }
    return NIL;
}

static struct value all(struct call *c)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (!value_true(c->args[i]))
            return value_bool(false);
    }
    return value_bool(true);
}

static struct value any(struct call *c)
{
    return value_bool(value_true(coalesce(c)));
}

static struct value ternary(struct call *c)
{
    return c->args[c->args[2].b ? 0 : 1];
}

const struct func reflection_funcs[] = {
    { "all", ".*", all },           { "any", ".*", any },
    { "coalesce", ".*", coalesce }, { "deepEqual", "..", deep_equal },
    { "default", "..*", default_ }, { "empty", ".", empty },
    { "kindIs", "s.", kind_is },    { "kindOf", ".", kind_of },
    { "ternary", "..b", ternary },  { "toString", ".", to_string },
    { "typeIs", "s.", type_is },    { "typeIsLike", "s.", type_is_like },
    { "typeOf", ".", type_of },     { 0 },
};
