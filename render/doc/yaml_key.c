/* yaml.v2 says what a key is with Go's own syntax for values, and so Helm does. */
#include "render/doc/yaml_key.h"

#include <float.h>
#include <math.h>

#include "render/base/number.h"
#include "render/doc/go_syntax.h"
#include "render/doc/scalar.h"

static str go_syntax(struct context *cx, const char *before, const struct node *n)
{
    struct buf b;
    buf_init(&b, cx->arena, 96);
    buf_str(&b, str_from(before));
    go_syntax_print(cx, &b, n);
    return buf_take(&b);
}

/* As a key, a number loses what a float32 cannot hold. */
static str float_key(struct context *cx, double v)
{
    if (isnan(v) || fabs(v) > FLT_MAX)
        return isnan(v) ? S(".nan") : v < 0 ? S("-.inf") : S(".inf");
    struct buf b;
    buf_init(&b, cx->arena, 32);
    number_print_float(&b, v, 'g', -1, 32);
    return buf_take(&b);
}

str yaml_key_text(struct context *cx, const struct node *key)
{
    return key->kind == NODE_FLOAT ? float_key(cx, scalar_float(key->text))
                                   : scalar_canonical(cx, key);
}

bool yaml_key_fits(const struct node *key)
{
    bool negative;
    uint64_t magnitude;
    if (key->kind == NODE_INT && scalar_int(key->text, &negative, &magnitude))
        return negative || magnitude <= INT64_MAX;
    return key->kind != NODE_NULL;
}

bool yaml_key_refuse(struct context *cx, const struct node *key, const struct node *value)
{
    bool null = key->kind == NODE_NULL;
    str said = null ? S("%!s(<nil>), key: <nil>") : go_syntax(cx, "uint64, key: ", key);
    str model = str_format(cx->arena, "unsupported map key of type: %.*s, value: %.*s", STR(said),
                           STR(go_syntax(cx, "", value)));
    return report_as(cx, key->pos, model, "a key cannot be %s",
                     null ? "null" : "greater than 9223372036854775807");
}

bool yaml_key_refuse_collection(struct context *cx, const struct node *key)
{
    return report_as(cx, key->pos, go_syntax(cx, "yaml: invalid map key: ", key),
                     "a key must be a scalar, not %s", node_kind_name(key));
}
