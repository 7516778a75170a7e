/* Without kustomize's own flags, no function runs. */
#include "overlays/function.h"

bool function_run(struct context *cx, struct overlay *o, struct resource *plugin, bool generator)
{
    (void)generator;
    if (!o->build->options->enable_alpha_plugins) {
        report(cx, plugin->node->pos,
               "external plugins disabled; unable to load external plugin '%.*s'",
               STR(resource_id(plugin).gvk.kind));
        hint(cx, NOWHERE, "--enable-alpha-plugins allows them");
        return false;
    }
    return report(cx, plugin->node->pos, "no function is known for '%.*s'",
                  STR(resource_print(cx, plugin)));
}
