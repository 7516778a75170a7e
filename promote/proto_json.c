/* Protobuf's JSON. */
#include "promote/proto_json.h"

#include "render/base/encode.h"
#include "render/base/gotime.h"
#include "render/doc/scalar.h"

str proto_text(struct context *cx, const struct node *map, str name)
{
    const struct node *value = node_get_text(cx, map, name);
    return node_is(value, NODE_STRING) ? value->text : S("");
}

bool proto_bytes_of(struct context *cx, const struct node *value, str name, str *out)
{
    *out = S("");
    if (!value || value->kind == NODE_NULL)
        return true;
    if (node_is(value, NODE_STRING) && decode_base64(cx->arena, BASE64_STD, value->text, out))
        return true;
    *out = S("");
    return report_refused(cx, value->pos, "'%.*s' is not in base64", STR(name));
}

bool proto_bytes(struct context *cx, const struct node *map, str name, str *out)
{
    return proto_bytes_of(cx, node_get_text(cx, map, name), name, out);
}

bool proto_count(struct context *cx, const struct node *map, str name, uint64_t *out)
{
    const struct node *value = node_get_text(cx, map, name);
    bool negative = false;
    *out = 0;
    if (!value || value->kind == NODE_NULL)
        return true;
    bool number = value->kind == NODE_INT || value->kind == NODE_STRING;
    if (number && scalar_int(value->text, &negative, out) && !negative && *out <= INT64_MAX)
        return true;
    return report_refused(cx, value->pos, "'%.*s' is no count", STR(name));
}

bool proto_time(struct context *cx, const struct node *map, str name, int64_t otherwise,
                int64_t *out)
{
    const struct node *value = node_get_text(cx, map, name);
    struct gotime_zones utc = { &zone_utc, &zone_utc };
    struct gotime t;
    str why;
    *out = otherwise;
    if (!value || value->kind == NODE_NULL)
        return true;
    if (!node_is(value, NODE_STRING)
        || !gotime_parse(cx->arena, GOTIME_RFC3339, value->text, utc, &t, &why))
        return report_refused(cx, value->pos, "'%.*s' is no time", STR(name));
    *out = t.seconds;
    return true;
}

uint32_t proto_list(struct context *cx, const struct node *map, str name,
                    struct node *const **items)
{
    const struct node *list = node_get_text(cx, map, name);
    *items = NULL;
    if (!node_is(list, NODE_LIST))
        return 0;
    *items = list->items;
    return list->len;
}
