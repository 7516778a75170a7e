/* Containers stand at a place that the kind decides. */
#include "promote/image_set.h"

#include <stdlib.h>

static const struct workload {
    str group;
    str kind;
    str path; /* of the pod's spec */
} workloads[] = {
    { S(""), S("Pod"), S("spec") },
    { S(""), S("PodTemplate"), S("template/spec") },
    { S(""), S("ReplicationController"), S("spec/template/spec") },
    { S("apps"), S("Deployment"), S("spec/template/spec") },
    { S("apps"), S("StatefulSet"), S("spec/template/spec") },
    { S("apps"), S("DaemonSet"), S("spec/template/spec") },
    { S("apps"), S("ReplicaSet"), S("spec/template/spec") },
    { S("extensions"), S("Deployment"), S("spec/template/spec") },
    { S("extensions"), S("DaemonSet"), S("spec/template/spec") },
    { S("extensions"), S("ReplicaSet"), S("spec/template/spec") },
    { S("batch"), S("Job"), S("spec/template/spec") },
    { S("batch"), S("CronJob"), S("spec/jobTemplate/spec/template/spec") },
};

static const struct node *field(const struct node *map, str name)
{
    for (uint32_t i = 0; node_is(map, NODE_MAP) && i < map->len; i++) {
        if (str_eq(map->entries[i].key->text, name))
            return map->entries[i].value;
    }
    return NULL;
}

static bool is_container_list(const struct key *key)
{
    return key == KEY(INIT_CONTAINERS) || key == KEY(CONTAINERS)
           || key == KEY(EPHEMERAL_CONTAINERS);
}

struct visitor {
    bool (*each)(void *who, const struct node *container);
    void *who;
};

static bool visit_list(const struct visitor *v, const struct node *list)
{
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        if (!v->each(v->who, list->items[i]))
            return false;
    }
    return true;
}

/* Argo CD looks for images in this way, in whatever it is given. */
static bool visit_all(const struct visitor *v, const struct node *n)
{
    if (n->kind == NODE_LIST) {
        for (uint32_t i = 0; i < n->len; i++) {
            if (!visit_all(v, n->items[i]))
                return false;
        }
    }
    for (uint32_t i = 0; n->kind == NODE_MAP && i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        if (is_container_list(e->key) ? !visit_list(v, e->value) : !visit_all(v, e->value))
            return false;
    }
    return true;
}

static const struct workload *workload_of(const struct node *document)
{
    struct identity id = identity_of(document);
    for (size_t i = 0; i < countof(workloads); i++) {
        const struct workload *w = &workloads[i];
        if (str_eq(w->kind, id.gvk.kind) && str_eq(w->group, id.gvk.group))
            return w;
    }
    return NULL;
}

const struct node *pod_spec_of(const struct node *document)
{
    const struct workload *w = workload_of(document);
    const struct node *pod = w ? document : NULL;
    str path = w ? w->path : S("");
    for (str part; pod && str_next_field(&path, '/', &part);)
        pod = field(pod, part);
    return pod;
}

void containers_each(const struct node *document,
                     bool (*each)(void *who, const struct node *container), void *who)
{
    struct visitor v = { each, who };
    if (!workload_of(document)) {
        visit_all(&v, document);
        return;
    }
    const struct node *pod = pod_spec_of(document);
    for (uint32_t i = 0; node_is(pod, NODE_MAP) && i < pod->len; i++) {
        if (is_container_list(pod->entries[i].key) && !visit_list(&v, pod->entries[i].value))
            return;
    }
}

struct collector {
    struct context *cx;
    struct image_set *set;
    const struct node *document;
    uint32_t index;
    struct map known;
    bool known_kind;
    bool ok;
};

static struct image *image_for(struct collector *c, str text, struct image_ref ref)
{
    struct map_entry *e = map_entry(&c->known, text);
    if (!e->value) {
        ARENA_PUSH(c->cx->arena, c->set->at, c->set->len, c->set->cap);
        c->set->at[c->set->len++] = (struct image){ .ref = ref };
        e->value = (void *)(uintptr_t)c->set->len;
    }
    return &c->set->at[(uintptr_t)e->value - 1];
}

static bool take_container(void *who, const struct node *container)
{
    struct collector *c = who;
    const struct node *image = node_get(container, KEY(IMAGE));
    struct image_ref ref;
    if (!image || !node_is_scalar(image) || image->text.len == 0)
        return true;
    if (!image_ref_try(c->cx, image->text, &ref)) {
        /* In a kind of somebody's own it may be a pattern, or no image at all. */
        c->ok &= !c->known_kind || image_ref_parse(c->cx, image->text, image->pos, &ref);
        return true;
    }
    struct image *found = image_for(c, image->text, ref);
    ARENA_PUSH(c->cx->arena, found->uses, found->len, found->cap);
    found->uses[found->len++] =
        (struct image_use){ .document = c->document,
                            .index = c->index,
                            .image = image,
                            .container = node_get_str(container, KEY_NAME) };
    return true;
}

static int by_reference(const void *a, const void *b)
{
    const struct image_ref *x = &((const struct image *)a)->ref;
    const struct image_ref *y = &((const struct image *)b)->ref;
    int order = str_cmp(x->name, y->name);
    order = order ? order : str_cmp(x->tag, y->tag);
    return order ? order : str_cmp(x->digest, y->digest);
}

bool image_set_of(struct context *cx, const struct documents *documents, struct image_set *out)
{
    *out = (struct image_set){ 0 };
    struct mark before = arena_mark(cx->scratch);
    struct collector c = { .cx = cx, .set = out, .known.arena = cx->scratch, .ok = true };
    for (uint32_t i = 0; i < documents->len; i++) {
        c.document = documents->at[i];
        c.index = i;
        c.known_kind = workload_of(c.document);
        containers_each(c.document, take_container, &c);
    }
    arena_rewind(cx->scratch, before);
    if (out->len)
        qsort(out->at, out->len, sizeof *out->at, by_reference);
    return c.ok;
}

const struct image *image_set_find(const struct image_set *set, struct image_ref name)
{
    for (uint32_t i = 0; i < set->len; i++) {
        if (image_ref_same_name(set->at[i].ref, name))
            return &set->at[i];
    }
    return NULL;
}

const struct image *image_set_next(const struct image_set *set, const struct image *image)
{
    for (const struct image *next = image + 1; next < set->at + set->len; next++) {
        if (image_ref_same_name(next->ref, image->ref))
            return next;
    }
    return NULL;
}

str image_version(struct arena *a, struct image_ref ref)
{
    return str_format(a, "%s%.*s%s%.*s", ref.tag.len ? ":" : "", STR(ref.tag),
                      ref.digest.len ? "@" : "", STR(ref.digest));
}

/* A tag beside a digest is only a remark. */
bool image_version_equal(struct image_ref a, struct image_ref b)
{
    if (a.digest.len || b.digest.len)
        return str_eq(a.digest, b.digest);
    return str_eq(image_ref_tag(a), image_ref_tag(b));
}
