/* Namespaces: the `namespace:` field of a kustomization.
 *
 * Kinds that are certainly cluster-scoped keep none; all others get one. In role bindings
 * only the subject named "default" moves, unless a plugin's setRoleBindingSubjects says
 * otherwise: any other subject may live elsewhere on purpose. The name of a Namespace
 * follows, but only of apiVersion v1. */
#include "overlays/steps.h"

#include "render/doc/scalar.h"

enum subjects { SUBJECTS_DEFAULT, SUBJECTS_ACCOUNTS, SUBJECTS_NONE };

struct namespace_step {
    str namespace_;
    bool unset_only;
    enum subjects subjects;
    struct field_specs *specs;
};

static bool set_namespace(struct context *cx, struct node **slot, void *arg)
{
    const struct namespace_step *step = arg;
    bool kept = step->unset_only && node_is_scalar(*slot) && (*slot)->kind != NODE_NULL
                && (*slot)->text.len;
    return kept || field_set_string(cx, slot, step->namespace_);
}

static bool set_in_map(struct context *cx, struct node *map, struct namespace_step *step)
{
    struct entry *e = node_entry(map, KEY_NAMESPACE);
    if (!e)
        return node_add(cx, map, KEY_NAMESPACE, node_string(cx, step->namespace_)) != NULL;
    if (e->value->kind == NODE_NULL)
        node_replace(cx, &e->value, node_string(cx, S("")));
    return set_namespace(cx, &e->value, step);
}

static bool moves(const struct node *subject, enum subjects which)
{
    if (which == SUBJECTS_DEFAULT)
        return str_eq(node_get_str(subject, KEY_NAME), S("default"));
    return which == SUBJECTS_ACCOUNTS
           && str_eq(node_get_str(subject, KEY_KIND), S("ServiceAccount"));
}

static bool set_subjects(struct context *cx, struct node *document, struct namespace_step *step)
{
    struct node *subjects = node_get(document, KEY(SUBJECTS));
    for (uint32_t i = 0; node_is(subjects, NODE_LIST) && i < subjects->len; i++) {
        struct node *subject = subjects->items[i];
        if (subject->kind != NODE_MAP)
            return report(cx, subject->pos, "a subject is a map, not %s", node_kind_name(subject));
        if (moves(subject, step->subjects) && !set_in_map(cx, subject, step))
            return false;
    }
    return true;
}

static bool is_role_binding(str kind)
{
    return str_eq(kind, S("RoleBinding")) || str_eq(kind, S("ClusterRoleBinding"));
}

/* The fields that are looked after above, and not by their specs. */
static bool is_handled(const struct field_spec *spec, const struct node *document, bool binding)
{
    if (str_eq(spec->path, S("metadata/namespace")))
        return true;
    if (str_eq(spec->path, S("metadata/name")))
        return !str_eq(node_get_str(document, KEY_API_VERSION), S("v1"));
    return binding && is_role_binding(spec->gvk.kind)
           && str_eq(spec->path, S("subjects/namespace"));
}

static bool apply_to(struct context *cx, struct resource *r, struct namespace_step *step)
{
    struct node *document = r->node;
    bool binding = is_role_binding(node_get_str(document, KEY_KIND));
    if (!resource_cluster_scoped(r)) {
        struct node *metadata = node_get_map(cx, document, KEY_METADATA);
        if (!metadata)
            return report(cx, document->pos, "metadata is no map");
        if (!set_in_map(cx, metadata, step))
            return false;
    }
    if (binding && !set_subjects(cx, document, step))
        return false;
    for (uint32_t i = 0; i < step->specs->len; i++) {
        struct field_spec *spec = &step->specs->at[i];
        if (!is_handled(spec, document, binding)
            && !field_spec_apply(cx, document, spec, NODE_STRING, set_namespace, step))
            return false;
    }
    return true;
}

bool namespace_set(struct context *cx, struct resource *r, str namespace_)
{
    struct field_specs none = { 0 };
    struct namespace_step step = { .namespace_ = namespace_, .specs = &none };
    return apply_to(cx, r, &step);
}

static bool apply(struct context *cx, struct overlay *o, struct namespace_step *step,
                  struct pos pos)
{
    struct resources *all = &o->sum->resources;
    for (uint32_t i = 0; i < all->len; i++) {
        if (all->at[i]->from_helm)
            continue;
        resource_remember(cx, all->at[i]);
        if (!apply_to(cx, all->at[i], step))
            return false;
    }
    resources_renamed(all);
    return resources_check_unique(cx, all, pos);
}

bool namespace_field(struct context *cx, struct overlay *o, const struct node *config)
{
    struct namespace_step step = {
        .namespace_ = config->text,
        .specs = field_config_list(cx, o->sum->config, FIELDS_NAMESPACE),
    };
    return step.namespace_.len == 0 || apply(cx, o, &step, config->pos);
}

static bool read_subjects(struct context *cx, const struct node *config, enum subjects *out)
{
    static const str names[] = { S("defaultOnly"), S("allServiceAccounts"), S("none") };
    const struct node *n = node_get(config, KEY(SET_SUBJECTS));
    *out = SUBJECTS_DEFAULT;
    if (!n || n->kind == NODE_NULL || (node_is_scalar(n) && n->text.len == 0))
        return true;
    for (size_t i = 0; i < countof(names); i++) {
        if (node_is_scalar(n) && str_eq(n->text, names[i])) {
            *out = (enum subjects)i;
            return true;
        }
    }
    return report(cx, n->pos,
                  "setRoleBindingSubjects must be one of defaultOnly, allServiceAccounts or none");
}

bool namespace_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    struct field_specs specs = { 0 };
    const struct node *unset_only = node_get(config, KEY(UNSET_ONLY));
    struct namespace_step step = {
        .namespace_ = node_get_str(node_get(config, KEY_METADATA), KEY_NAMESPACE),
        .unset_only = node_is(unset_only, NODE_BOOL) && scalar_true(unset_only->text),
        .specs = &specs,
    };
    if (!read_subjects(cx, config, &step.subjects) || !step_field_specs(cx, config, &specs))
        return false;
    return step.namespace_.len == 0 || apply(cx, o, &step, config->pos);
}
