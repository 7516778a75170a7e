/* The set of resources and its index: a hash of kind and name leads to a chain of resources, and one
 * of kind, name and namespace to another, for a name may be at home in thousands of namespaces.
 *
 * Every identity a resource has or had is in the index, so nothing is ever compared with
 * all others. Renaming marks the index as stale; the next question builds it again. */
#include "overlays/resources.h"

#include "render/base/suggest.h"

struct link {
    struct resource *resource;
    uint32_t hash;  /* of kind and name */
    uint32_t place; /* and namespace */
    uint32_t next;  /* numbers of the next links plus one */
    uint32_t next_here;
};

struct name_index {
    bool stale;      /* its memory is used again */
    uint32_t *heads; /* numbers of the first links plus one */
    uint32_t *heads_here;
    uint32_t mask;
    struct link *links;
    uint32_t len;
    uint32_t cap;
};

static uint32_t hash_of(str kind, str name)
{
    return str_hash(name) * 31 + str_hash(kind);
}

static uint32_t place_of(uint32_t hash, str namespace_)
{
    return hash * 31 + str_hash(namespace_);
}

/* Once in the chain of each place, and once in that of the name. */
static void add_link(struct context *cx, struct name_index *index, struct resource *r,
                     struct past_id id, bool name_known)
{
    ARENA_PUSH(cx->arena, index->links, index->len, index->cap);
    struct link *l = &index->links[index->len++];
    uint32_t hash = hash_of(id.kind, id.name), place = place_of(hash, id.namespace_);
    uint32_t *head = &index->heads[hash & index->mask];
    uint32_t *here = &index->heads_here[place & index->mask];
    *l = (struct link){ r, hash, place, *head, *here };
    *here = index->len;
    if (!name_known)
        *head = index->len;
}

static bool same_name(struct past_id a, struct past_id b)
{
    return str_eq(a.kind, b.kind) && str_eq(a.name, b.name);
}

static bool same_place(struct past_id a, struct past_id b)
{
    return same_name(a, b) && str_eq(a.namespace_, b.namespace_);
}

static struct past_id present_id(struct resource *r)
{
    struct identity id = resource_id(r);
    return (struct past_id){ .kind = id.gvk.kind,
                             .name = id.name,
                             .namespace_ = resource_namespace(r) };
}

static void add_names(struct context *cx, struct name_index *index, struct resource *r)
{
    struct past_id now = present_id(r);
    add_link(cx, index, r, now, false);
    for (uint32_t i = 0; i < r->past_len; i++) {
        struct past_id past = r->past[i];
        bool name = same_name(past, now), place = same_place(past, now);
        for (uint32_t j = 0; j < i && !place; j++) {
            name = name || same_name(past, r->past[j]);
            place = same_place(past, r->past[j]);
        }
        if (place)
            continue;
        add_link(cx, index, r, past, name);
        /* A patch has changed the kind: selectors look for the new one by the first name. */
        if (!str_eq(past.kind, now.kind)) {
            past.kind = now.kind;
            add_link(cx, index, r, past, name);
        }
    }
}

static void make_index(struct context *cx, struct resources *set)
{
    uint32_t size = 8;
    while (size < set->len * 2)
        size *= 2;
    struct name_index *index = NEW(cx->arena, struct name_index);
    index->heads = NEW_ARRAY(cx->arena, uint32_t, size);
    index->heads_here = NEW_ARRAY(cx->arena, uint32_t, size);
    index->mask = size - 1;
    set->index = index;
    set->indexed = 0;
}

static void forget_links(struct resources *set)
{
    struct name_index *index = set->index;
    memset(index->heads, 0, (index->mask + 1) * sizeof *index->heads);
    memset(index->heads_here, 0, (index->mask + 1) * sizeof *index->heads_here);
    index->len = set->indexed = 0;
    index->stale = false;
}

static struct name_index *index_of(struct context *cx, struct resources *set)
{
    if (!set->index || set->len > (set->index->mask + 1) * 4)
        make_index(cx, set);
    else if (set->index->stale)
        forget_links(set);
    for (; set->indexed < set->len; set->indexed++)
        add_names(cx, set->index, set->at[set->indexed]);
    return set->index;
}

void resources_renamed(struct resources *set)
{
    if (set->index)
        set->index->stale = true;
    resources_ask_again(set);
}

void resources_ask_again(struct resources *set)
{
    set->round++;
}

static void add_found(struct found *f, struct resource *r)
{
    if (r == f->first || r == f->second)
        return;
    f->count++;
    /* Chains run from the newest to the oldest; the first found is the oldest. */
    if (!f->first || r->serial < f->first->serial) {
        f->second = f->first;
        f->first = r;
    } else if (!f->second || r->serial < f->second->serial) {
        f->second = r;
    }
}

static bool is_now(struct resource *r, struct identity id)
{
    struct identity own = resource_id(r);
    return str_eq(own.name, id.name) && str_eq(own.gvk.kind, id.gvk.kind)
           && str_eq(own.gvk.group, id.gvk.group) && str_eq(own.gvk.version, id.gvk.version)
           && str_eq(resource_namespace(r), id.namespace_);
}

static bool was_once(struct resource *r, struct identity id)
{
    struct identity own = resource_id(r);
    if (!str_eq(own.gvk.group, id.gvk.group) || !str_eq(own.gvk.version, id.gvk.version))
        return false;
    for (uint32_t i = 0; i < r->past_len; i++) {
        const struct past_id *past = &r->past[i];
        if (str_eq(past->name, id.name) && str_eq(past->kind, id.gvk.kind)
            && str_eq(past->namespace_, id.namespace_))
            return true;
    }
    return false;
}

static struct found search(struct context *cx, struct resources *set, struct identity id, bool past)
{
    struct found f = { 0 };
    const struct name_index *index = index_of(cx, set);
    uint32_t place = place_of(hash_of(id.gvk.kind, id.name), id.namespace_);
    for (uint32_t at = index->heads_here[place & index->mask]; at;
         at = index->links[at - 1].next_here) {
        const struct link *l = &index->links[at - 1];
        if (l->place == place && (is_now(l->resource, id) || (past && was_once(l->resource, id))))
            add_found(&f, l->resource);
    }
    return f;
}

struct found resources_current(struct context *cx, struct resources *set, struct identity id)
{
    return search(cx, set, id, false);
}

struct found resources_any(struct context *cx, struct resources *set, struct identity id)
{
    return search(cx, set, id, true);
}

void resources_named(struct context *cx, struct resources *set, str kind, str name,
                     void (*each)(void *who, struct resource *r), void *who)
{
    const struct name_index *index = index_of(cx, set);
    uint32_t hash = hash_of(kind, name);
    for (uint32_t at = index->heads[hash & index->mask]; at; at = index->links[at - 1].next) {
        if (index->links[at - 1].hash == hash)
            each(who, index->links[at - 1].resource);
    }
}

void resources_hint(struct context *cx, const struct resources *set, str kind, str name)
{
    str *names = NEW_ARRAY(cx->arena, str, set->len);
    for (uint32_t i = 0; i < set->len; i++) {
        struct identity id = resource_id(set->at[i]);
        names[i] = kind.len == 0 || str_eq(id.gvk.kind, kind) ? id.name : S("");
    }
    ptrdiff_t near = suggest(name, names, set->len);
    if (near >= 0 && !str_eq(names[near], name))
        hint(cx, set->at[near]->node->pos, "did you mean '%.*s'?", STR(names[near]));
}

static struct identity effective_id(struct resource *r)
{
    struct identity id = resource_id(r);
    id.namespace_ = resource_namespace(r);
    return id;
}

static void push(struct context *cx, struct resources *set, struct resource *r)
{
    ARENA_PUSH(cx->arena, set->at, set->len, set->cap);
    r->serial = set->len;
    set->at[set->len++] = r;
}

bool resources_append(struct context *cx, struct resources *set, struct resource *r)
{
    struct found f = resources_current(cx, set, effective_id(r));
    if (f.count) {
        report(cx, r->node->pos, "may not add resource with an already registered id: %.*s",
               STR(resource_print(cx, r)));
        note(cx, f.first->node->pos, "it is first here");
        return false;
    }
    push(cx, set, r);
    return true;
}

bool resources_append_all(struct context *cx, struct resources *set, const struct resources *more)
{
    for (uint32_t i = 0; i < more->len; i++) {
        if (!resources_append(cx, set, more->at[i]))
            return false;
    }
    return true;
}

/* Adds what `old` has under `field` and `made` has not. */
static void inherit(struct context *cx, struct node *made, const struct node *old,
                    const struct key *field)
{
    const struct node *from = node_get(old, field);
    if (!node_is(from, NODE_MAP) || from->len == 0)
        return;
    struct node *to = node_get_map(cx, made, field);
    for (uint32_t i = 0; to && i < from->len; i++) {
        if (!node_get(to, from->entries[i].key))
            node_add(cx, to, from->entries[i].key, node_copy(cx, from->entries[i].value));
    }
}

/* What `made` says again replaces what `old` said. */
static void continue_history(struct context *cx, struct node *made, const struct node *old,
                             const struct key *field)
{
    struct node *map = node_get(made, field);
    const struct node *before = node_get(old, field);
    for (uint32_t i = 0; node_is(map, NODE_MAP) && i < map->len; i++) {
        struct node *was = node_get(before, map->entries[i].key);
        if (was && !node_was(map->entries[i].value))
            node_set_was(cx, map->entries[i].value, was);
    }
}

/* A generated resource takes over the name, the place and the history of the one it
 * replaces; with `merge`, also the data that it does not set itself. */
static void take_over(struct context *cx, struct resource *made, struct resource *old, bool merge)
{
    struct node *metadata = node_get_map(cx, made->node, KEY_METADATA);
    const struct node *before = node_get(old->node, KEY_METADATA);
    continue_history(cx, metadata, before, KEY_LABELS);
    continue_history(cx, metadata, before, KEY_ANNOTATIONS);
    continue_history(cx, made->node, old->node, KEY(DATA));
    continue_history(cx, made->node, old->node, KEY(BINARY_DATA));
    inherit(cx, metadata, before, KEY_LABELS);
    inherit(cx, metadata, before, KEY_ANNOTATIONS);
    /* Not its own name's history, but that of the name it takes. */
    node_entry(metadata, KEY_NAME)->value = node_copy(cx, node_get(before, KEY_NAME));
    const struct node *namespace_ = node_get(before, KEY_NAMESPACE);
    if (namespace_)
        node_set(cx, metadata, KEY_NAMESPACE, node_copy(cx, namespace_));
    else
        node_remove(metadata, KEY_NAMESPACE);
    if (merge) {
        inherit(cx, made->node, old->node, KEY(DATA));
        inherit(cx, made->node, old->node, KEY(BINARY_DATA));
    }
    made->behavior = old->behavior;
    made->hash_suffix = made->hash_suffix && old->hash_suffix;
    made->past = old->past;
    made->past_len = old->past_len;
    made->past_cap = old->past_cap;
    made->prefixes = old->prefixes;
    made->suffixes = old->suffixes;
    made->vars = old->vars;
    made->tracked = made->tracked || old->tracked;
    made->serial = old->serial;
    if (!node_was(made->node))
        node_set_was(cx, made->node, old->node);
    made->transformations = old->transformations;
    if (merge)
        made->origin = old->origin;
}

static bool may_take_over(struct context *cx, const struct resource *made,
                          const struct resource *old)
{
    return made->behavior != BEHAVIOR_MERGE || node_may_copy(cx, old->node, made->node->pos);
}

static void relink(struct name_index *index, struct past_id id, const struct resource *old,
                   struct resource *made)
{
    uint32_t place = place_of(hash_of(id.kind, id.name), id.namespace_);
    for (uint32_t at = index->heads_here[place & index->mask]; at;
         at = index->links[at - 1].next_here) {
        if (index->links[at - 1].resource == old)
            index->links[at - 1].resource = made;
    }
}

/* What took over everything of another resource stands in its place, and is found there. */
static void stand_in(struct resources *set, struct resource *old, struct resource *made)
{
    for (uint32_t i = 0; i < set->len; i++) {
        if (set->at[i] == old)
            set->at[i] = made;
    }
    struct past_id now = present_id(old);
    if (set->index)
        relink(set->index, now, old, made);
    for (uint32_t i = 0; set->index && i < old->past_len; i++) {
        struct past_id past = old->past[i];
        relink(set->index, past, old, made);
        past.kind = now.kind;
        relink(set->index, past, old, made);
    }
    resources_ask_again(set);
}

static bool absorb(struct context *cx, struct resources *set, struct resource *made)
{
    struct found f = resources_any(cx, set, effective_id(made));
    bool merges = made->behavior == BEHAVIOR_MERGE || made->behavior == BEHAVIOR_REPLACE;
    str name = resource_print(cx, made);
    if (f.count > 1)
        return report(cx, made->node->pos, "%u resources could accept the merge of '%.*s'", f.count,
                      STR(name));
    if (f.count == 0 && merges)
        return report(cx, made->node->pos, "'%.*s' does not exist; cannot merge or replace",
                      STR(name));
    if (f.count == 0)
        return resources_append(cx, set, made);
    if (!merges) {
        report(cx, made->node->pos, "'%.*s' exists; the behavior must be merge or replace",
               STR(name));
        note(cx, f.first->node->pos, "it is first made here");
        return false;
    }
    if (!may_take_over(cx, made, f.first))
        return false;
    take_over(cx, made, f.first, made->behavior == BEHAVIOR_MERGE);
    stand_in(set, f.first, made);
    return true;
}

bool resources_absorb(struct context *cx, struct resources *set, const struct resources *made)
{
    for (uint32_t i = 0; i < made->len; i++) {
        if (!absorb(cx, set, made->at[i]))
            return false;
    }
    return true;
}

void resources_drop_empty(struct resources *set)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < set->len; i++) {
        const struct node *n = set->at[i]->node;
        if (n && n->kind == NODE_MAP && n->len)
            set->at[kept++] = set->at[i];
    }
    if (kept != set->len)
        resources_renamed(set);
    set->len = kept;
}

bool resources_check_unique(struct context *cx, struct resources *set, struct pos pos)
{
    for (uint32_t i = 0; i < set->len; i++) {
        struct found f = resources_current(cx, set, effective_id(set->at[i]));
        if (f.count < 2)
            continue;
        report(cx, pos, "this gives two resources one identity: %.*s",
               STR(resource_print(cx, f.first)));
        note(cx, f.first->node->pos, "one is here");
        note(cx, f.second->node->pos, "the other is here");
        return false;
    }
    return true;
}
