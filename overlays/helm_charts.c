/* Charts in a kustomization: refused, so that nothing is rendered without them. */
#include "overlays/steps.h"

static bool refuse(struct context *cx, const struct overlay *o, const struct node *config)
{
    if (!o->build->options->enable_helm)
        return report(cx, config->pos, "must specify --enable-helm");
    return report(cx, config->pos, "charts in a kustomization are not rendered");
}

bool helm_charts_field(struct context *cx, struct overlay *o, const struct node *config)
{
    if (config->len == 0)
        return true;
    return refuse(cx, o, config->items[0]);
}

bool helm_charts_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return refuse(cx, o, config);
}
