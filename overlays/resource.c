/* Identities, past and present. */
#include "overlays/resource.h"

static const str no_namespace = { "_non_namespaceable_", sizeof "_non_namespaceable_" - 1 };

/* A document that comes from an earlier build may say what it was called before. */
static void read_past(struct context *cx, struct resource *r, const struct node *annotations)
{
    str names = node_get_str(annotations, KEY(PREVIOUS_NAMES));
    str kinds = node_get_str(annotations, KEY(PREVIOUS_KINDS));
    str namespaces = node_get_str(annotations, KEY(PREVIOUS_NAMESPACES));
    struct past_id id;
    while (str_next_field(&names, ',', &id.name) && str_next_field(&kinds, ',', &id.kind)
           && str_next_field(&namespaces, ',', &id.namespace_)) {
        if (!r->past) /* most are renamed once */
            r->past = NEW_ARRAY(cx->arena, struct past_id, r->past_cap = 1);
        ARENA_PUSH(cx->arena, r->past, r->past_len, r->past_cap);
        r->past[r->past_len++] = id;
    }
}

struct resource *resource_new(struct context *cx, struct node *document)
{
    struct resource *r = NEW(cx->arena, struct resource);
    r->node = document;
    const struct node *metadata = node_get(document, KEY_METADATA);
    const struct node *annotations = node_get(metadata, KEY_ANNOTATIONS);
    if (node_get(annotations, KEY(PREVIOUS_NAMES)))
        read_past(cx, r, annotations);
    return r;
}

static enum scope scope_of(struct resource *r)
{
    str kind = node_get_str(r->node, KEY_KIND);
    str version = node_get_str(r->node, KEY_API_VERSION);
    if (!kind.at || r->scope_kind != kind.at || r->scope_version != version.at) {
        r->scope = (uint8_t)kind_scope(version, kind);
        r->scope_kind = kind.at;
        r->scope_version = version.at;
    }
    return (enum scope)r->scope;
}

bool resource_cluster_scoped(struct resource *r)
{
    return scope_of(r) == SCOPE_CLUSTER;
}

bool resource_known(struct resource *r)
{
    return scope_of(r) != SCOPE_UNKNOWN;
}

static str or_default(str namespace_)
{
    return namespace_.len ? namespace_ : S("default");
}

str resource_namespace(struct resource *r)
{
    if (resource_cluster_scoped(r))
        return no_namespace;
    return or_default(node_get_str(node_get(r->node, KEY_METADATA), KEY_NAMESPACE));
}

struct identity resource_original(struct resource *r)
{
    struct identity id = resource_id(r);
    if (r->past_len == 0) {
        id.namespace_ = resource_namespace(r);
        return id;
    }
    id.gvk.kind = r->past[0].kind;
    id.name = r->past[0].name;
    id.namespace_ = r->past[0].namespace_;
    return id;
}

void resource_remember(struct context *cx, struct resource *r)
{
    struct identity id = resource_id(r);
    struct past_id now = { id.gvk.kind, id.name, resource_namespace(r) };
    const struct past_id *last = r->past_len ? &r->past[r->past_len - 1] : NULL;
    r->tracked = true;
    if (last && str_eq(last->kind, now.kind) && str_eq(last->name, now.name)
        && str_eq(last->namespace_, now.namespace_))
        return;
    if (!r->past) /* most are renamed once */
        r->past = NEW_ARRAY(cx->arena, struct past_id, r->past_cap = 1);
    ARENA_PUSH(cx->arena, r->past, r->past_len, r->past_cap);
    r->past[r->past_len++] = now;
}

void strings_add(struct context *cx, struct strings *list, str s)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = s;
}

/* Compares from the end, as far as the shorter list goes. */
static bool same_ending(const struct strings *a, const struct strings *b)
{
    uint32_t n = a->len < b->len ? a->len : b->len;
    for (uint32_t i = 1; i <= n; i++) {
        if (!str_eq(a->at[a->len - i], b->at[b->len - i]))
            return false;
    }
    return n > 0 || a->len == b->len;
}

bool resource_same_affixes(const struct resource *a, const struct resource *b, bool lenient)
{
    bool free_prefix = lenient && (a->prefixes.len == 0 || b->prefixes.len == 0);
    bool free_suffix = lenient && (a->suffixes.len == 0 || b->suffixes.len == 0);
    return (free_prefix || same_ending(&a->prefixes, &b->prefixes))
           && (free_suffix || same_ending(&a->suffixes, &b->suffixes));
}

bool gvk_selected(struct gvk gvk, struct gvk selector)
{
    return (selector.kind.len == 0 || str_eq(selector.kind, gvk.kind))
           && (selector.group.len == 0 || str_eq(selector.group, gvk.group))
           && (selector.version.len == 0 || str_eq(selector.version, gvk.version));
}

str resource_print(struct context *cx, const struct resource *r)
{
    return identity_print(cx->arena, resource_id(r));
}
