/* The YAML reader and writer: what was printed reads back, and prints the same again. */
#include <stdlib.h>

#include "render/base/buf.h"
#include "render/doc/yaml_read.h"
#include "render/doc/yaml_write.h"

static bool print(struct context *cx, const struct node *document, str *printed)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    bool ok = yaml_write(cx, &b, document);
    *printed = buf_take(&b);
    return ok;
}

static bool prints_the_same_again(struct context *cx, str printed)
{
    str again;
    struct node *read = yaml_read(cx, text_add(cx, S("printed"), printed), YAML_GO3);
    return read && print(cx, read, &again) && str_eq(printed, again);
}

/* U+0085, U+2028 and U+2029 end a line in YAML 1.1, which Go's packages print, but not in
 * YAML 1.2, which libfyaml reads. */
static bool has_odd_breaks(str bytes)
{
    return str_has(bytes, S("\xC2\x85")) || str_has(bytes, S("\xE2\x80\xA8"))
           || str_has(bytes, S("\xE2\x80\xA9"));
}

static bool work(struct context *cx, void *arg)
{
    struct documents all = { 0 };
    if (!yaml_read_all(cx, text_add(cx, S("input"), *(str *)arg), YAML_GO3, &all))
        return true;
    for (uint32_t i = 0; i < all.len; i++) {
        str printed;
        if (print(cx, all.at[i], &printed) && !has_odd_breaks(printed)
            && !prints_the_same_again(cx, printed))
            abort();
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){ .memory = (size_t)1 << 29 });
    cx->limits.max[LIMIT_NODES] = 1000 * 1000;
    context_run(cx, work, &(str){ (const char *)bytes, len });
    context_free(cx);
    return 0;
}
