/* A schema and a value, two documents: the value fits, or it is said why not. */
#include "render/doc/yaml_read.h"
#include "schema/json_schema.h"

static const struct node *load(struct context *cx, void *who, str url, str *why)
{
    (void)cx;
    (void)url;
    *why = S("nothing is there");
    return who;
}

static bool work(struct context *cx, void *arg)
{
    struct documents all = { 0 };
    struct json_schema_error error;
    const struct json_failure *failures;
    struct buf b;
    if (!yaml_read_all(cx, text_add(cx, S("input"), *(str *)arg), YAML_GO2, &all) || !all.len)
        return false;
    /* What is loaded is the schema itself: its references can lead anywhere in it. */
    struct json_schema_source source = { load, all.at[0] };
    const struct json_schema *schema =
        json_schema_read(cx, S("file:///schema.json"), all.at[0], &source, &error);
    if (!schema || !json_schema_check(cx, schema, all.at[all.len - 1], &failures))
        return false;
    buf_init(&b, cx->arena, 4096);
    json_failure_print(&b, failures);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){ .memory = (size_t)1 << 29 });
    cx->limits.max[LIMIT_STEPS] = 1000 * 1000;
    cx->limits.max[LIMIT_NODES] = 100 * 1000;
    cx->limits.max[LIMIT_FILES] = 30;
    context_run(cx, work, &(str){ (const char *)bytes, len });
    context_free(cx);
    return 0;
}
