/* Replacements and field specs of arbitrary bytes, on arbitrary documents. The input has three
 * parts, with lines of "===" between them: a file of replacements, the documents, a configuration. */
#include "overlays/build.h"
#include "render/base/buf.h"
#include "render/doc/yaml_write.h"

static const str kustomization = S("resources: [r.yaml]\n"
                                   "configurations: [c.yaml]\n"
                                   "namePrefix: a-\n"
                                   "commonLabels: {tier: front}\n"
                                   "commonAnnotations: {note: x}\n"
                                   "replacements: [{path: p.yaml}]\n");
static const str documents =
    S("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {host: h, port: '80'}\n---\n"
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: "
      "{containers: [{name: c, image: 'i:1', env: [{name: A, value: 'x:y'}]}]}}}\n");

static bool work(struct context *cx, void *arg)
{
    str rest = *(str *)arg, parts[3] = { { NULL, 0 } };
    for (size_t i = 0; i < countof(parts); i++) {
        ptrdiff_t end = str_find(rest, S("===\n"));
        parts[i] = end < 0 ? rest : str_slice(rest, 0, (size_t)end);
        rest = end < 0 ? S("") : str_skip(rest, (size_t)end + 4);
    }
    struct source *tree = source_mem(cx, S(""));
    source_mem_put(cx, tree, S("kustomization.yaml"), kustomization, NOWHERE);
    source_mem_put(cx, tree, S("p.yaml"), parts[0], NOWHERE);
    source_mem_put(cx, tree, S("r.yaml"), parts[1].len ? parts[1] : documents, NOWHERE);
    source_mem_put(cx, tree, S("c.yaml"), parts[2], NOWHERE);
    struct folder *root = source_folder(cx, tree, S("."), NOWHERE);
    struct resources built = { 0 };
    struct build_options options = { 0 };
    if (!root || !overlay_build(cx, root, &options, &built))
        return false;
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    for (uint32_t i = 0; i < built.len; i++)
        yaml_write(cx, &b, built.at[i]->node);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct context *cx = context_new(&(struct context_options){ .memory = (size_t)1 << 29 });
    cx->limits.max[LIMIT_STEPS] = 10 * 1000 * 1000;
    cx->limits.max[LIMIT_NODES] = 1000 * 1000;
    cx->limits.max[LIMIT_COPIES] = 200 * 1000;
    context_run(cx, work, &(str){ (const char *)bytes, len });
    context_free(cx);
    return 0;
}
