/* Patches on arbitrary documents: the first document of the input is patched with the second
 * (a list is a JSON patch), by the OpenAPI of the third when there is one. */
#include "overlays/patch_json.h"
#include "overlays/patch_merge.h"
#include "render/base/buf.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"

struct input {
    const uint8_t *bytes;
    size_t len;
};

static bool patch(struct context *cx, struct node *base, struct node *with, struct node *openapi)
{
    if (with->kind == NODE_LIST)
        return patch_json_apply(cx, base, with);
    const struct merge_schema *schema = merge_schema_builtin(cx);
    if (openapi)
        schema = merge_schema_from_openapi(cx, openapi, false);
    return schema && patch_merge(cx, schema, &base, with) && base
           && patch_merge(cx, schema, &base, with);
}

static bool work(struct context *cx, void *arg)
{
    const struct input *in = arg;
    str bytes = { (const char *)in->bytes, in->len };
    struct documents all = { 0 };
    if (!yaml_read_all(cx, text_add(cx, S("input"), bytes), YAML_GO3, &all) || all.len == 0)
        return false;
    struct node *with = all.len > 1 ? all.at[1] : node_copy(cx, all.at[0]);
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    return patch(cx, all.at[0], with, all.len > 2 ? all.at[2] : NULL)
           && yaml_write(cx, &b, all.at[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){ .memory = (size_t)1 << 29 });
    cx->limits.max[LIMIT_STEPS] = 10 * 1000 * 1000;
    cx->limits.max[LIMIT_NODES] = 1000 * 1000;
    context_run(cx, work, &(struct input){ bytes, len });
    context_free(cx);
    return 0;
}
