/* Which resource a name means: one that had the name, is of the referenced kind, can be
 * seen from the referrer's namespace and, if need be, was given the same prefixes. */
#include "overlays/name_ref.h"

#include "render/base/map.h"
#include "render/doc/origin.h"

/* Resources that had a name, in their order. */
struct bearers {
    struct resource **at;
    uint32_t len;
    uint32_t cap;
    struct map *by_namespace; /* of many, those of each namespace; "" has the cluster's */
};

/* The specs that a kind of referrer is subject to. */
struct referrer_specs {
    struct field_spec **at;
    uint32_t len;
    uint32_t cap;
};

struct fixer {
    struct context *cx;
    struct resources *all;
    struct field_specs *specs;
    struct map by_name;     /* old name to struct bearers */
    struct map by_kind;     /* kind of referrer to struct referrer_specs */
    struct map by_first_ns; /* original namespace to struct bearers */
    struct resource *referrer;
    struct field_spec *spec;
    bool moves; /* a spec leads to a document's own namespace */
};

static void add_bearer(struct context *cx, struct map *map, str name, struct resource *r)
{
    struct map_entry *e = map_entry(map, name);
    if (!e->value)
        e->value = NEW(cx->arena, struct bearers);
    struct bearers *b = e->value;
    if (b->len && b->at[b->len - 1] == r)
        return;
    ARENA_PUSH(cx->arena, b->at, b->len, b->cap);
    b->at[b->len++] = r;
}

static void index_names(struct fixer *f)
{
    for (uint32_t i = 0; i < f->all->len; i++) {
        struct resource *r = f->all->at[i];
        for (uint32_t j = 0; j < r->past_len; j++)
            add_bearer(f->cx, &f->by_name, r->past[j].name, r);
        if (!resource_cluster_scoped(r))
            add_bearer(f->cx, &f->by_first_ns, resource_original(r).namespace_, r);
    }
}

static const struct referrer_specs *specs_for(struct fixer *f, struct gvk gvk)
{
    str name =
        str_format(f->cx->arena, "%.*s/%.*s/%.*s", STR(gvk.group), STR(gvk.version), STR(gvk.kind));
    struct map_entry *e = map_entry(&f->by_kind, name);
    if (e->value)
        return e->value;
    struct referrer_specs *specs = NEW(f->cx->arena, struct referrer_specs);
    for (uint32_t i = 0; i < f->specs->len; i++) {
        if (!gvk_selected(gvk, f->specs->at[i].gvk))
            continue;
        ARENA_PUSH(f->cx->arena, specs->at, specs->len, specs->cap);
        specs->at[specs->len++] = &f->specs->at[i];
    }
    e->value = specs;
    return specs;
}

static bool had_name(const struct resource *r, str name)
{
    for (uint32_t i = 0; i < r->past_len; i++) {
        if (str_eq(r->past[i].name, name))
            return true;
    }
    return false;
}

static bool was_of_kind(const struct resource *r, struct gvk wanted)
{
    struct gvk gvk = resource_id(r).gvk;
    for (uint32_t i = 0; i < r->past_len; i++) {
        gvk.kind = r->past[i].kind;
        if (gvk_selected(gvk, wanted))
            return true;
    }
    return false;
}

/* A role reference says itself which kind it means. */
static bool is_its_role(const struct fixer *f, const struct resource *r)
{
    if (!str_ends(f->spec->path, S("roleRef/name")))
        return true;
    const struct node *ref = node_get(f->referrer->node, KEY(ROLE_REF));
    const struct node *group = node_get(ref, KEY(API_GROUP));
    const struct node *kind = node_get(ref, KEY_KIND);
    if (!group || !kind)
        return true;
    return was_of_kind(r, (struct gvk){ .group = group->text, .kind = kind->text });
}

/* A role binding sees the namespaces of its service accounts. */
static bool binding_sees(const struct resource *referrer, const struct resource *r)
{
    if (!str_eq(node_get_str(referrer->node, KEY_KIND), S("RoleBinding")))
        return false;
    const struct node *subjects = node_get(referrer->node, KEY(SUBJECTS));
    str namespace_ = node_get_str(node_get(r->node, KEY_METADATA), KEY_NAMESPACE);
    for (uint32_t i = 0; node_is(subjects, NODE_LIST) && i < subjects->len; i++) {
        const struct node *subject = subjects->items[i];
        if (str_eq(node_get_str(subject, KEY_KIND), S("ServiceAccount"))
            && node_get(subject, KEY_NAMESPACE)
            && str_eq(node_get_str(subject, KEY_NAMESPACE), namespace_))
            return true;
    }
    return false;
}

static bool is_visible(struct resource *referrer, struct resource *r)
{
    return resource_cluster_scoped(referrer) || resource_cluster_scoped(r)
           || str_eq(resource_namespace(referrer), resource_namespace(r))
           || binding_sees(referrer, r);
}

static bool in_namespace_of(struct resource *referrer, struct resource *r)
{
    return resource_cluster_scoped(referrer) || resource_cluster_scoped(r)
           || str_eq(node_get_str(r->node, KEY_KIND), S("ServiceAccount"))
           || str_eq(resource_namespace(referrer), resource_namespace(r));
}

/* With a namespace beside the name: is it one that visible resources came with, rather than
 * one that they have now? */
static bool is_first_namespace(struct fixer *f, str namespace_)
{
    const struct bearers *b = map_get(&f->by_first_ns, namespace_);
    for (uint32_t i = 0; b && i < b->len; i++) {
        if (is_visible(f->referrer, b->at[i]))
            return true;
    }
    return false;
}

static bool is_in_namespace(struct resource *r, str namespace_, bool first)
{
    if (resource_cluster_scoped(r))
        return false;
    return str_eq(first ? resource_original(r).namespace_ : resource_namespace(r), namespace_);
}

static uint32_t keep(struct resource **at, uint32_t n, const struct resource *like, bool lenient)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (resource_same_affixes(at[i], like, lenient))
            at[kept++] = at[i];
    }
    return kept;
}

static bool all_the_same(struct resource **at, uint32_t n, bool with_namespace)
{
    struct identity first = resource_id(at[0]);
    for (uint32_t i = 1; i < n; i++) {
        struct identity id = resource_id(at[i]);
        if (!str_eq(id.name, first.name)
            || (with_namespace && !str_eq(id.namespace_, first.namespace_)))
            return false;
    }
    return true;
}

static bool ambiguous(struct fixer *f, const struct node *name, struct resource **at, uint32_t n)
{
    report(f->cx, name->pos, "'%.*s' could mean %u resources", STR(name->text), n);
    for (uint32_t i = 0; i < n && i < 4; i++)
        note(f->cx, at[i]->node->pos, "%.*s", STR(resource_print(f->cx, at[i])));
    return false;
}

static const struct map *split(struct fixer *f, struct bearers *b)
{
    if (b->by_namespace)
        return b->by_namespace;
    b->by_namespace = NEW(f->cx->arena, struct map);
    b->by_namespace->arena = f->cx->arena;
    for (uint32_t i = 0; i < b->len; i++) {
        struct resource *r = b->at[i];
        str where = resource_cluster_scoped(r) ? S("") : resource_namespace(r);
        add_bearer(f->cx, b->by_namespace, where, r);
    }
    return b->by_namespace;
}

/* A name may be at home in thousands of namespaces: most referrers see only their own. */
static struct bearers in_sight(struct fixer *f, struct bearers *all)
{
    enum { MANY = 16 };
    str kind = node_get_str(f->referrer->node, KEY_KIND);
    if (all->len < MANY || f->moves || resource_cluster_scoped(f->referrer)
        || str_eq(kind, S("RoleBinding")))
        return *all;
    static const struct bearers none;
    const struct map *split_up = split(f, all);
    const struct bearers *own = map_get(split_up, resource_namespace(f->referrer));
    const struct bearers *cluster = map_get(split_up, S(""));
    if (!own || !cluster)
        return own ? *own : cluster ? *cluster : none;
    struct bearers both = { .at = NEW_ARRAY(f->cx->scratch, struct resource *,
                                            own->len + cluster->len) };
    for (uint32_t i = 0, j = 0; i < own->len || j < cluster->len;) {
        bool first =
            j == cluster->len || (i < own->len && own->at[i]->serial < cluster->at[j]->serial);
        both.at[both.len++] = first ? own->at[i++] : cluster->at[j++];
    }
    return both;
}

/* *out is the resource that the name means, NULL for none. `namespace_` is the node beside
 * the name that says one, or NULL. */
static bool find(struct fixer *f, const struct node *name, const struct node *namespace_,
                 bool with_namespace, struct resource **out)
{
    struct bearers *all = map_get(&f->by_name, name->text);
    *out = NULL;
    if (!all)
        return true;
    struct mark before = arena_mark(f->cx->scratch);
    struct bearers b = in_sight(f, all);
    struct resource **at = NEW_ARRAY(f->cx->scratch, struct resource *, b.len);
    uint32_t n = 0;
    bool first = namespace_ && is_first_namespace(f, namespace_->text);
    for (uint32_t i = 0; i < b.len; i++) {
        struct resource *r = b.at[i];
        if (had_name(r, name->text) && was_of_kind(r, f->spec->target) && is_its_role(f, r)
            && is_visible(f->referrer, r) && in_namespace_of(f->referrer, r)
            && (!namespace_ || is_in_namespace(r, namespace_->text, first)))
            at[n++] = r;
    }
    if (n != 1)
        n = keep(at, n, f->referrer, true);
    if (n > 1)
        n = keep(at, n, f->referrer, false);
    bool ok = n < 2 || all_the_same(at, n, with_namespace) || ambiguous(f, name, at, n);
    if (ok && n)
        *out = at[0];
    arena_rewind(f->cx->scratch, before);
    return ok;
}

/* The reference is as it is because of the name it refers to: one step for all who refer to it. */
static const struct step *step_for(struct fixer *f, struct resource *target,
                                   const struct key *field)
{
    struct node *source = node_get(node_get(target->node, KEY_METADATA), field);
    struct step **known = field == KEY_NAME ? &target->name_step : &target->namespace_step;
    if (!*known) {
        *known = step_new(f->cx, S("nameReference"), NOWHERE);
        (*known)->source = source;
    }
    return *known;
}

static bool follow(struct fixer *f, struct node **slot, struct resource *target,
                   const struct key *field, str text)
{
    if (str_eq((*slot)->text, text))
        return true;
    const struct step *before = step_switch(f->cx, step_for(f, target, field));
    bool ok = field_set_plain(f->cx, slot, text);
    step_switch(f->cx, before);
    return ok;
}

static bool set_scalar(struct fixer *f, struct node **slot)
{
    struct resource *target;
    if (!find(f, *slot, NULL, false, &target))
        return false;
    if (!target)
        return true;
    return follow(f, slot, target, KEY_NAME, resource_id(target).name);
}

static bool set_map(struct fixer *f, struct node *map)
{
    struct entry *name = node_entry(map, KEY_NAME);
    struct resource *target;
    if (!name)
        return report(f->cx, map->pos, "the path '%.*s' leads to a map without a name",
                      STR(f->spec->path));
    if (!node_is_scalar(name->value))
        return report(f->cx, name->value->pos, "a name is a scalar");
    const struct node *namespace_ = node_get(map, KEY_NAMESPACE);
    if (namespace_ && !node_is_scalar(namespace_))
        namespace_ = NULL;
    if (!find(f, name->value, namespace_, true, &target))
        return false;
    if (!target)
        return true;
    struct identity id = resource_id(target);
    if (!follow(f, &name->value, target, KEY_NAME, id.name))
        return false;
    if (id.namespace_.len == 0)
        return true;
    struct entry *e = node_entry(map, KEY_NAMESPACE);
    if (!e) {
        e = node_add(f->cx, map, KEY_NAMESPACE, node_plain(f->cx, id.namespace_));
        node_set_maker(f->cx, e->value, step_for(f, target, KEY_NAMESPACE));
    }
    return follow(f, &e->value, target, KEY_NAMESPACE, id.namespace_);
}

static bool set_reference(struct context *cx, struct node **slot, void *arg)
{
    struct fixer *f = arg;
    struct node *n = *slot;
    if (n->kind == NODE_NULL)
        return true;
    if (node_is_scalar(n))
        return set_scalar(f, slot);
    if (n->kind == NODE_MAP)
        return set_map(f, n);
    for (uint32_t i = 0; i < n->len; i++) {
        struct node *item = n->items[i];
        if (item->kind == NODE_LIST)
            return report(cx, item->pos, "a reference is a name or a map with one, not a list");
        if (item->kind == NODE_MAP ? !set_map(f, item) : !set_scalar(f, &n->items[i]))
            return false;
    }
    return true;
}

/* A service account without its namespace's name cannot be looked for. */
static bool check_subjects(struct context *cx, struct resource *referrer)
{
    if (!str_eq(node_get_str(referrer->node, KEY_KIND), S("RoleBinding")))
        return true;
    const struct node *subjects = node_get(referrer->node, KEY(SUBJECTS));
    for (uint32_t i = 0; node_is(subjects, NODE_LIST) && i < subjects->len; i++) {
        const struct node *namespace_ = node_get(subjects->items[i], KEY_NAMESPACE);
        if (namespace_ && namespace_->kind != NODE_STRING
            && str_eq(node_get_str(subjects->items[i], KEY_KIND), S("ServiceAccount")))
            return report(cx, namespace_->pos, "namespace is blank for resource '%.*s'",
                          STR(resource_print(cx, referrer)));
    }
    return true;
}

static bool fix_all(struct fixer *f)
{
    for (uint32_t i = 0; i < f->all->len; i++) {
        f->referrer = f->all->at[i];
        if (!check_subjects(f->cx, f->referrer))
            return false;
        const struct referrer_specs *specs = specs_for(f, resource_original(f->referrer).gvk);
        for (uint32_t j = 0; j < specs->len; j++) {
            /* A spec that once matched is followed even if the kind has changed since. */
            struct field_spec any = *specs->at[j];
            field_spec_compile(f->cx, specs->at[j]);
            any.parts = specs->at[j]->parts;
            any.part_len = specs->at[j]->part_len;
            any.gvk = (struct gvk){ 0 };
            any.create = false;
            f->spec = &any;
            if (!field_spec_apply(f->cx, f->referrer->node, &any, NODE_NULL, set_reference, f))
                return false;
        }
    }
    return true;
}

bool name_ref_fix(struct context *cx, struct accumulator *sum)
{
    struct fixer f = { .cx = cx, .all = &sum->resources };
    f.specs = field_config_list(cx, sum->config, FIELDS_NAME_REFERENCE);
    f.by_name.arena = f.by_kind.arena = f.by_first_ns.arena = cx->arena;
    for (uint32_t i = 0; i < f.specs->len; i++)
        f.moves = f.moves || str_eq(f.specs->at[i].path, S("metadata/namespace"));
    index_names(&f);
    bool ok = fix_all(&f);
    resources_renamed(f.all);
    return ok;
}
