/* Origins and transformations are kept beside the resources and written as annotations, in
 * YAML of their own, when the build is done. */
#include "overlays/metadata.h"

#include "overlays/remote_address.h"
#include "render/doc/yaml_write.h"

struct origin {
    str path;
    str repo; /* of what came from a repository, and the revision it was asked for at */
    str ref;
    str configured_in;
    str api_version;
    str kind;
    str name;
    str namespace_;
};

struct transformation {
    const struct origin *by;
    struct transformation *next;
};

static bool asks_for(const struct overlay *root, str what)
{
    const struct node *list = node_get(root->file, KEY(BUILD_METADATA));
    for (uint32_t i = 0; node_is(list, NODE_LIST) && i < list->len; i++) {
        if (str_eq(list->items[i]->text, what))
            return true;
    }
    return false;
}

bool metadata_read(struct context *cx, struct overlay *root)
{
    const struct node *list = node_get(root->file, KEY(BUILD_METADATA));
    root->build->origins = asks_for(root, S("originAnnotations"));
    root->build->transformations = asks_for(root, S("transformerAnnotations"));
    if (node_is(list, NODE_LIST) && list->len)
        root->origin = NEW(cx->arena, struct origin);
    return true;
}

/* An address begins anew at its repository's top, which kustomize calls "notCloned". */
static struct origin *at_path(struct context *cx, const struct origin *folder, str path)
{
    struct origin *o = NEW(cx->arena, struct origin);
    struct remote_address address;
    str base = folder->path;
    o->repo = folder->repo;
    o->ref = folder->ref;
    if (remote_address_parse(cx->arena, path, &address)) {
        o->repo = address.repository;
        o->ref = address.revision;
        base = S("");
        path = address.folder.len ? address.folder : S("notCloned");
    }
    o->path = source_join(cx->arena, base.len ? base : S("."), path);
    return o;
}

struct origin *metadata_below(struct context *cx, const struct overlay *outer, str path)
{
    return outer->origin ? at_path(cx, outer->origin, path) : NULL;
}

void metadata_mark_file(struct context *cx, const struct overlay *o, str path,
                        struct resources *all, uint32_t first)
{
    for (uint32_t i = first; o->origin && i < all->len; i++)
        all->at[i]->origin = at_path(cx, o->origin, path);
}

void metadata_mark_inline(struct context *cx, const struct overlay *o, struct resources *all,
                          uint32_t first)
{
    metadata_mark_file(cx, o, o->file_name, all, first);
}

static void add_transformation(struct context *cx, struct resource *r, const struct origin *by)
{
    struct transformation **end = &r->transformations;
    while (*end)
        end = &(*end)->next;
    *end = NEW(cx->arena, struct transformation);
    (*end)->by = by;
}

static void after(struct context *cx, struct overlay *o, const struct origin *by, bool generator,
                  uint32_t times)
{
    struct resources *all = &o->sum->resources;
    for (uint32_t i = 0; i < all->len; i++) {
        struct resource *r = all->at[i];
        if (!r->origin)
            r->origin = (struct origin *)by;
        else
            for (uint32_t n = 0; !generator && n < times; n++)
                add_transformation(cx, r, by);
    }
}

void metadata_after_step(struct context *cx, struct overlay *o, str kind, bool generator,
                         uint32_t times)
{
    if (!o->origin)
        return;
    struct origin *by = NEW(cx->arena, struct origin);
    struct origin *file = at_path(cx, o->origin, o->file_name);
    by->configured_in = file->path;
    by->repo = file->repo;
    by->ref = file->ref;
    by->api_version = S("builtin");
    by->kind = kind;
    after(cx, o, by, generator, times);
}

void metadata_after_plugin(struct context *cx, struct overlay *o, const struct resource *plugin,
                           bool generator)
{
    if (!plugin->origin)
        return;
    struct origin *by = NEW(cx->arena, struct origin);
    struct identity id = resource_id(plugin);
    by->configured_in = plugin->origin->path;
    by->repo = plugin->origin->repo;
    by->ref = plugin->origin->ref;
    by->api_version = node_get_str(plugin->node, KEY_API_VERSION);
    by->kind = id.gvk.kind;
    by->name = id.name;
    by->namespace_ = id.namespace_;
    after(cx, o, by, generator, 1);
}

static void print_field(struct buf *out, const char *indent, const char *name, str value)
{
    if (value.len == 0)
        return;
    size_t before = out->len;
    buf_format(out, "%s%s: ", indent, name);
    yaml_write_string(out, value, 4, (uint32_t)(out->len - before));
    buf_char(out, '\n');
}

static void print_origin(struct buf *out, const struct origin *o, const char *indent)
{
    char deeper[8];
    print_field(out, indent, "path", o->path);
    print_field(out, indent, "repo", o->repo);
    print_field(out, indent, "ref", o->ref);
    print_field(out, indent, "configuredIn", o->configured_in);
    if (o->kind.len == 0)
        return;
    buf_format(out, "%sconfiguredBy:\n", indent);
    strcpy(deeper, indent);
    strcat(deeper, "  ");
    print_field(out, deeper, "apiVersion", o->api_version);
    print_field(out, deeper, "kind", o->kind);
    print_field(out, deeper, "name", o->name);
    print_field(out, deeper, "namespace", o->namespace_);
}

static str print_transformations(struct context *cx, const struct resource *r)
{
    struct buf b;
    buf_init(&b, cx->arena, 256);
    for (const struct transformation *t = r->transformations; t; t = t->next) {
        size_t before = b.len;
        print_origin(&b, t->by, "  ");
        b.at[before] = '-';
    }
    return buf_take(&b);
}

static bool annotate(struct context *cx, struct node *metadata, str name, str text)
{
    struct node *annotations = node_get_map(cx, metadata, KEY_ANNOTATIONS);
    if (!annotations)
        return report(cx, metadata->pos, "annotations must be a map");
    node_set(cx, annotations, intern(cx->keys, name), node_string(cx, text));
    return true;
}

static bool write_asked(struct context *cx, const struct build *build, const struct resource *r,
                        struct node *metadata)
{
    struct buf b;
    if (build->origins && r->origin) {
        buf_init(&b, cx->arena, 256);
        print_origin(&b, r->origin, "");
        if (!annotate(cx, metadata, S("config.kubernetes.io/origin"), buf_take(&b)))
            return false;
    }
    if (!build->transformations || !r->transformations)
        return true;
    return annotate(cx, metadata, S("alpha.config.kubernetes.io/transformations"),
                    print_transformations(cx, r));
}

/* Annotations that kustomize keeps its own notes in; none ever comes out of a build. */
static const str own_annotations[] = {
    S("config.kubernetes.io/origin"),
    S("alpha.config.kubernetes.io/transformations"),
    S("config.kubernetes.io/path"),
    S("config.kubernetes.io/index"),
    S("config.k8s.io/id"),
    S("internal.config.kubernetes.io/previousKinds"),
    S("internal.config.kubernetes.io/previousNames"),
    S("internal.config.kubernetes.io/previousNamespaces"),
    S("internal.config.kubernetes.io/prefixes"),
    S("internal.config.kubernetes.io/suffixes"),
    S("internal.config.kubernetes.io/allowNameChange"),
    S("internal.config.kubernetes.io/allowKindChange"),
    S("internal.config.kubernetes.io/refBy"),
    S("internal.config.kubernetes.io/generatorBehavior"),
    S("internal.config.kubernetes.io/needsHashSuffix"),
    S("internal.config.kubernetes.io/path"),
    S("internal.config.kubernetes.io/index"),
    S("internal.config.kubernetes.io/seqindent"),
    S("internal.config.kubernetes.io/id"),
    S("internal.config.kubernetes.io/annotations-migration-resource-id"),
};

/* kustomize writes the annotations of every document anew, as texts: 1 becomes "1", a map has no
 * text, and no annotations are none at all. */
static void tidy_annotations(struct context *cx, struct node *metadata)
{
    struct node *annotations = node_get(metadata, KEY_ANNOTATIONS);
    if (!annotations)
        return;
    for (size_t i = 0; i < countof(own_annotations) && annotations->kind == NODE_MAP; i++) {
        const struct key *key = intern_find(cx->keys, own_annotations[i]);
        if (key)
            node_remove(annotations, key);
    }
    for (uint32_t i = 0; annotations->kind == NODE_MAP && i < annotations->len; i++) {
        struct node *value = annotations->entries[i].value;
        if (!node_is_scalar(value)) {
            node_replace(cx, &annotations->entries[i].value, node_string(cx, S("")));
            continue;
        }
        value->kind = NODE_STRING;
        value->flags &= (uint8_t)~NODE_TIMESTAMP;
    }
    if (annotations->kind == NODE_NULL || (annotations->kind == NODE_MAP && !annotations->len))
        node_remove(metadata, KEY_ANNOTATIONS);
}

static bool add_manager(struct context *cx, struct node *metadata, str manager)
{
    struct node *labels = node_get_map(cx, metadata, KEY_LABELS);
    if (!labels)
        return report(cx, metadata->pos, "labels must be a map");
    node_set(cx, labels, intern(cx->keys, S("app.kubernetes.io/managed-by")),
             node_string(cx, manager));
    return true;
}

bool metadata_finish(struct context *cx, struct overlay *root)
{
    struct resources *all = &root->sum->resources;
    bool managed = root->build->options->managed_by || asks_for(root, S("managedByLabel"));
    for (uint32_t i = 0; i < all->len; i++) {
        struct node *metadata = node_get_map(cx, all->at[i]->node, KEY_METADATA);
        if (!metadata)
            return report(cx, all->at[i]->node->pos, "metadata must be a map");
        tidy_annotations(cx, metadata);
        if ((managed && !add_manager(cx, metadata, root->build->compat->manager))
            || !write_asked(cx, root->build, all->at[i], metadata))
            return false;
    }
    return true;
}
