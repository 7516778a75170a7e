/* replicas: a count for every workload of a name, whatever the name it had. */
#include "overlays/steps.h"

#include "render/doc/origin.h"

struct replica_step {
    struct context *cx;
    str name;
    str count;
    struct field_spec *spec;
    bool found;
    bool ok;
};

static bool set_count(struct context *cx, struct node **slot, void *arg)
{
    const struct replica_step *step = arg;
    struct node *count = node_string(cx, step->count);
    if (!node_is_scalar(*slot))
        return report(cx, (*slot)->pos, "a count is a scalar, not %s", node_kind_name(*slot));
    count->kind = NODE_INT;
    count->pos = (*slot)->pos;
    node_replace(cx, slot, count);
    return true;
}

static bool is_named(const struct replica_step *step, struct resource *r)
{
    struct gvk wanted = step->spec->gvk;
    struct identity id = resource_id(r);
    if (str_eq(id.name, step->name) && gvk_selected(id.gvk, wanted))
        return true;
    for (uint32_t i = 0; i < r->past_len; i++) {
        struct gvk gvk = { id.gvk.group, id.gvk.version, r->past[i].kind };
        if (str_eq(r->past[i].name, step->name) && gvk_selected(gvk, wanted))
            return true;
    }
    return false;
}

static void try_one(void *who, struct resource *r)
{
    struct replica_step *step = who;
    if (!step->ok || !is_named(step, r))
        return;
    step->found = true;
    step->ok = field_spec_apply(step->cx, r->node, step->spec, NODE_STRING, set_count, step);
}

static bool apply(struct context *cx, struct overlay *o, const struct node *replica,
                  struct field_specs *specs)
{
    struct resources *all = &o->sum->resources;
    const struct node *count = node_get(replica, KEY(COUNT));
    struct replica_step step = { .cx = cx, .ok = true };
    step.name = node_get_str(replica, KEY_NAME);
    step.count = node_is(count, NODE_INT) ? count->text : S("0");
    step_enter_entry(cx, count ? count->pos : replica->pos);
    for (uint32_t i = 0; i < specs->len && step.ok; i++) {
        step.spec = &specs->at[i];
        if (step.spec->gvk.kind.len)
            resources_named(cx, all, step.spec->gvk.kind, step.name, try_one, &step);
        for (uint32_t j = 0; !step.spec->gvk.kind.len && j < all->len; j++)
            try_one(&step, all->at[j]);
    }
    step_leave(cx);
    if (step.ok && !step.found)
        return report(cx, replica->pos, "no resource with replicas has the name '%.*s'",
                      STR(step.name));
    return step.ok;
}

bool replicas_field(struct context *cx, struct overlay *o, const struct node *config)
{
    struct field_specs *specs = field_config_list(cx, o->sum->config, FIELDS_REPLICAS);
    for (uint32_t i = 0; i < config->len; i++) {
        if (!apply(cx, o, config->items[i], specs))
            return false;
    }
    return true;
}

bool replicas_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct field_specs specs = { 0 };
    const struct node *replica = node_get(config, KEY(REPLICA));
    return step_field_specs(cx, config, &specs) && apply(cx, o, replica ? replica : config, &specs);
}
