/* A kustomization of arbitrary bytes, over resources and bases that are sound: it builds or is
 * refused, within its limits. */
#include "overlays/build.h"
#include "render/base/buf.h"
#include "render/doc/yaml_write.h"

static const struct {
    str path;
    str bytes;
} files[] = {
    { S("deployment.yaml"),
      S("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    "
        "spec:\n      containers:\n      - {name: web, image: 'web:v1', envFrom: [{configMapRef: "
        "{name: settings}}]}\n") },
    { S("service.yaml"), S("apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
                           "spec: {selector: {app: web}}\n") },
    { S("settings.env"), S("A=1\nB=two words\n") },
    { S("patch.yaml"), S("- {op: add, path: /metadata/labels, value: {a: b}}\n") },
    { S("base/kustomization.yaml"), S("resources: [pod.yaml]\nnamePrefix: base-\n") },
    { S("base/pod.yaml"), S("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n") },
    { S("component/kustomization.yaml"), S("apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: "
                                           "Component\ncommonLabels: {tier: front}\n") },
};

static bool work(struct context *cx, void *arg)
{
    struct source *tree = source_mem(cx, S(""));
    for (size_t i = 0; i < countof(files); i++)
        source_mem_put(cx, tree, files[i].path, files[i].bytes, NOWHERE);
    source_mem_put(cx, tree, S("kustomization.yaml"), *(str *)arg, NOWHERE);
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
    context_run(cx, work, &(str){ (const char *)bytes, len });
    context_free(cx);
    return 0;
}
