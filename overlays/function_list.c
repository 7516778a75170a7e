/* kustomize's notes about a resource stand in its annotations while a function has it: a
 * function that renames a resource and keeps them keeps what refers to it. */
#include "overlays/function_list.h"

#include "overlays/documents.h"
#include "render/base/number.h"
#include "render/doc/yaml_write.h"

static const str previous_kinds = S("internal.config.kubernetes.io/previousKinds");
static const str previous_names = S("internal.config.kubernetes.io/previousNames");
static const str previous_namespaces = S("internal.config.kubernetes.io/previousNamespaces");
static const str prefixes = S("internal.config.kubernetes.io/prefixes");
static const str suffixes = S("internal.config.kubernetes.io/suffixes");
static const str needs_hash = S("internal.config.kubernetes.io/needsHashSuffix");
static const str behavior = S("internal.config.kubernetes.io/generatorBehavior");
static const str identity = S("kustomize.config.k8s.io/id");

/* Places and numbers in a list, by their newer and older names. */
static const str indexes[] = { S("config.kubernetes.io/index"),
                               S("internal.config.kubernetes.io/index"),
                               S("internal.config.kubernetes.io/annotations-migration-resource-id"),
                               S("internal.config.kubernetes.io/id"), S("config.k8s.io/id") };

static void annotate(struct context *cx, struct node *document, str name, str text)
{
    struct node *metadata = node_get_map(cx, document, KEY_METADATA);
    struct node *annotations = metadata ? node_get_map(cx, metadata, KEY_ANNOTATIONS) : NULL;
    if (annotations && text.len)
        node_set(cx, annotations, intern(cx->keys, name), node_string(cx, text));
}

static str joined(struct context *cx, const struct strings *list)
{
    return str_join(cx->arena, list->at, list->len, S(","));
}

static void annotate_past(struct context *cx, struct node *document, const struct resource *r)
{
    struct strings kinds = { 0 }, names = { 0 }, namespaces = { 0 };
    for (uint32_t i = 0; i < r->past_len; i++) {
        strings_add(cx, &kinds, r->past[i].kind);
        strings_add(cx, &names, r->past[i].name);
        strings_add(cx, &namespaces, r->past[i].namespace_);
    }
    annotate(cx, document, previous_kinds, joined(cx, &kinds));
    annotate(cx, document, previous_names, joined(cx, &names));
    annotate(cx, document, previous_namespaces, joined(cx, &namespaces));
}

static void put_field(struct buf *b, const char *name, str value)
{
    if (value.len)
        buf_format(b, "%s: %.*s\n", name, STR(value));
}

static str identity_text(struct context *cx, const struct resource *r)
{
    struct buf b;
    struct identity id = resource_id(r);
    buf_init(&b, cx->arena, 128);
    put_field(&b, "group", id.gvk.group);
    put_field(&b, "kind", id.gvk.kind);
    put_field(&b, "name", id.name);
    put_field(&b, "namespace", id.namespace_);
    put_field(&b, "version", id.gvk.version);
    return buf_take(&b);
}

static struct node *noted(struct context *cx, const struct resource *r)
{
    struct node *document = node_copy(cx, r->node);
    annotate_past(cx, document, r);
    annotate(cx, document, prefixes, joined(cx, &r->prefixes));
    annotate(cx, document, suffixes, joined(cx, &r->suffixes));
    annotate(cx, document, needs_hash, r->hash_suffix ? S("enabled") : S(""));
    annotate(cx, document, identity, identity_text(cx, r));
    return document;
}

/* The lines of a document, as an item of a list or the value of a key. */
static bool put_indented(struct context *cx, struct buf *out, const struct node *document,
                         bool item)
{
    struct buf b;
    str rest, line;
    buf_init(&b, cx->arena, 1024);
    if (!yaml_write(cx, &b, document))
        return false;
    rest = buf_view(&b);
    for (bool first = item; str_next_line(&rest, &line); first = false) {
        if (line.len)
            buf_str(out, first ? S("- ") : S("  "));
        buf_str(out, line);
        buf_char(out, '\n');
    }
    return true;
}

static bool put_item(struct context *cx, struct buf *out, struct node *document, uint32_t index)
{
    for (size_t i = 0; i < countof(indexes); i++) {
        uint32_t number = i < 3 ? index : index + 1;
        annotate(cx, document, indexes[i], str_format(cx->arena, "%u", number));
    }
    return put_indented(cx, out, document, true);
}

bool function_list_write(struct context *cx, const struct resources *resources,
                         const struct node *config, str *out)
{
    struct buf b;
    struct node *own = node_copy(cx, config);
    annotate(cx, own, S("config.kubernetes.io/local-config"), S("true"));
    buf_init(&b, cx->arena, 4096);
    buf_str(&b, S("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n"));
    if (!resources && !put_item(cx, &b, node_copy(cx, own), 0))
        return false;
    for (uint32_t i = 0; resources && i < resources->len; i++) {
        if (!put_item(cx, &b, noted(cx, resources->at[i]), i))
            return false;
    }
    buf_str(&b, S("functionConfig:\n"));
    if (!put_indented(cx, &b, own, false))
        return false;
    *out = buf_take(&b);
    return true;
}

bool function_documents_write(struct context *cx, const struct resources *resources, str *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 4096);
    for (uint32_t i = 0; i < resources->len; i++) {
        if (i)
            buf_str(&b, S("---\n"));
        if (!yaml_write(cx, &b, noted(cx, resources->at[i])))
            return false;
    }
    *out = buf_take(&b);
    return true;
}

static str take_note(struct context *cx, struct node *document, str name)
{
    struct node *metadata = node_get(document, KEY_METADATA);
    struct node *annotations = node_get(metadata, KEY_ANNOTATIONS);
    const struct key *key = intern(cx->keys, name);
    str value = node_get_str(annotations, key);
    if (node_is(annotations, NODE_MAP) && node_remove(annotations, key) && !annotations->len)
        node_remove(metadata, KEY_ANNOTATIONS);
    return value;
}

/* What a document says of itself, once it came back; a fact that is no longer noted is gone. */
static void take_notes(struct context *cx, struct resource *r, struct node *document)
{
    for (size_t i = 0; i < countof(indexes); i++)
        take_note(cx, document, indexes[i]);
    take_note(cx, document, identity);
    take_note(cx, document, behavior);
    take_note(cx, document, previous_kinds);
    take_note(cx, document, previous_namespaces);
    if (!take_note(cx, document, previous_names).len)
        r->past_len = 0;
    if (!take_note(cx, document, prefixes).len)
        r->prefixes.len = 0;
    if (!take_note(cx, document, suffixes).len)
        r->suffixes.len = 0;
    r->hash_suffix = str_eq(take_note(cx, document, needs_hash), S("enabled"));
}

/* How a generator's resource wants to be taken, in annotations that do not stay. */
static bool take_options(struct context *cx, struct resource *r)
{
    static const str behaviors[] = { [BEHAVIOR_CREATE] = S("create"),
                                     [BEHAVIOR_REPLACE] = S("replace"),
                                     [BEHAVIOR_MERGE] = S("merge") };
    static const str hash_name = S("kustomize.config.k8s.io/needs-hash");
    str hash = take_note(cx, r->node, hash_name);
    str how = take_note(cx, r->node, S("kustomize.config.k8s.io/behavior"));
    if (hash.len && !number_bool(hash, &r->hash_suffix))
        return report(cx, r->node->pos, "the annotation '%.*s' contains an invalid value ('%.*s')",
                      STR(hash_name), STR(hash));
    for (uint8_t i = 0; i < countof(behaviors); i++) {
        if (str_eq(how, behaviors[i]))
            r->behavior = i;
    }
    r->tracked = r->tracked || hash.len || how.len;
    return true;
}

static bool take_generated(struct context *cx, struct overlay *o, const struct documents *all)
{
    struct resources made = { 0 };
    for (uint32_t i = 0; i < all->len; i++) {
        struct resource *r = resource_new(cx, all->at[i]);
        take_notes(cx, r, r->node);
        if (!take_options(cx, r) || !resources_append(cx, &made, r))
            return false;
    }
    return resources_absorb(cx, &o->sum->resources, &made);
}

static struct identity effective(struct resource *r)
{
    struct identity id = resource_id(r);
    id.namespace_ = resource_namespace(r);
    return id;
}

/* Puts each document where it belongs; `kept` gets what the function still prints. */
static bool place_all(struct context *cx, struct resources *set, str name,
                      const struct documents *all, struct resources *kept)
{
    for (uint32_t i = 0; i < all->len; i++) {
        struct resource *r = resource_new(cx, all->at[i]);
        struct identity id = effective(r);
        if (resources_current(cx, kept, id).count)
            return report(cx, r->node->pos, "plugin %.*s generated duplicate resource: %.*s",
                          STR(name), STR(resource_print(cx, r)));
        struct resource *old = resources_current(cx, set, id).first;
        struct resource *now = old ? old : r;
        take_notes(cx, now, r->node);
        if (old) {
            if (r->node != old->node)
                node_set_was(cx, r->node, old->node);
            old->node = r->node;
        } else if (!resources_append(cx, set, r)) {
            return false;
        }
        if (!resources_append(cx, kept, now))
            return false;
    }
    return true;
}

static bool take_transformed(struct context *cx, struct overlay *o, str name,
                             const struct documents *all)
{
    struct resources *set = &o->sum->resources, kept = { 0 };
    if (!place_all(cx, set, name, all, &kept))
        return false;
    for (uint32_t i = 0; i < set->len; i++) {
        struct found f = resources_current(cx, &kept, effective(set->at[i]));
        if (f.first != set->at[i])
            set->at[i]->node = NULL;
    }
    resources_drop_empty(set);
    resources_renamed(set);
    return true;
}

/* The documents in it, whether they stand in a list or by themselves. */
static bool read_printed(struct context *cx, struct text *text, struct documents *out)
{
    struct documents raw = { 0 }, inner = { 0 };
    if (!yaml_read_all(cx, text, YAML_GO3, &raw))
        return false;
    const struct node *items = raw.len == 1 ? node_get(raw.at[0], KEY(ITEMS)) : NULL;
    bool list = raw.len == 1 && str_eq(node_get_str(raw.at[0], KEY_KIND), S("ResourceList"));
    if (list && node_is(items, NODE_LIST)) {
        inner = (struct documents){ items->items, items->len, items->len };
        return documents_check(cx, &inner, out);
    }
    return list || documents_check(cx, &raw, out);
}

bool function_take(struct context *cx, struct overlay *o, str name, str printed, bool generator,
                   struct pos from)
{
    struct documents all = { 0 };
    str text_name = str_format(cx->arena, "<what %.*s prints>", STR(name));
    diag_enter(cx, from, "in what this function prints");
    bool ok = read_printed(cx, text_add(cx, text_name, printed), &all)
              && (generator ? take_generated(cx, o, &all) : take_transformed(cx, o, name, &all));
    diag_leave(cx);
    return ok;
}
