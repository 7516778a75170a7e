/* A folder in the OCI image layout as a registry: `oci-layout`, `index.json`, `blobs/`.
 *
 * An image's name is the annotation org.opencontainers.image.ref.name if that is a whole
 * reference, or io.containerd.image.name, which Docker writes beside a bare tag. Bare tags
 * alone belong to one repository whose name nobody wrote down, so they answer to any name,
 * but only in a layout that names no repository at all. An index without a name is a part
 * of index.json, and is read with it. */
#include "render/source/registry.h"

#include "render/base/buf.h"
#include "render/base/suggest.h"
#include "render/doc/json_read.h"

enum { DEPTH_MOST = 8, TAGS_SHOWN = 6 };

struct layout {
    struct registry registry;
    const struct folder *folder;
    struct map images;   /* struct descriptor, by full reference or by bare tag */
    struct map digests;  /* the same by digest */
    struct map subjects; /* struct referrers, by the digest that they refer to */
    bool subjects_known;
    bool whole_names;
};

static str blob_path(struct context *cx, str digest)
{
    str algorithm, hex;
    str_cut(digest, ':', &algorithm, &hex);
    return str_format(cx->arena, "blobs/%.*s/%.*s", STR(algorithm), STR(hex));
}

static struct text *read_blob(struct context *cx, struct registry *r, struct image_ref ref,
                              struct descriptor d, struct pos from)
{
    const struct folder *folder = ((struct layout *)r)->folder;
    str path = blob_path(cx, d.digest);
    if (folder_kind(cx, folder, path) == FILE_PLAIN)
        return folder_read(cx, folder, path, from);
    report_refused(cx, from, "the registry '%.*s' lacks '%.*s'", STR(r->name), STR(d.digest));
    if (ref.name.len)
        note(cx, NOWHERE, "the image '%.*s' needs it", STR(image_ref_print(cx->arena, ref)));
    return NULL;
}

static void report_unknown(struct context *cx, struct layout *l, struct image_ref ref,
                           struct pos from)
{
    str wanted = image_ref_print_full(cx->arena, ref);
    report(cx, from, "the registry '%.*s' has no image '%.*s'", STR(l->registry.name),
           STR(image_ref_print(cx->arena, ref)));
    str *names = NEW_ARRAY(cx->arena, str, l->images.len + 1);
    struct buf tags;
    uint32_t shown = 0;
    buf_init(&tags, cx->arena, 128);
    for (uint32_t i = 0; i < l->images.len; i++) {
        struct image_ref other;
        names[i] = l->images.entries[i].key;
        if (!image_ref_try(cx, names[i], &other) || !image_ref_same_name(other, ref))
            continue;
        if (shown++ < TAGS_SHOWN)
            buf_format(&tags, "%s'%.*s'", shown > 1 ? ", " : "", STR(other.tag));
    }
    str listed = buf_view(&tags);
    ptrdiff_t near = suggest(wanted, names, l->images.len);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    else if (shown)
        hint(cx, NOWHERE, "of this image it has %.*s%s", STR(listed),
             shown > TAGS_SHOWN ? ", …" : "");
}

/* A digest that no index lists may still be there: a platform's manifest, a signature. */
static bool resolve_digest(struct context *cx, struct layout *l, struct image_ref ref,
                           struct pos from, struct descriptor *out, bool *missing)
{
    const struct descriptor *known = map_get(&l->digests, ref.digest);
    if (known) {
        *out = *known;
        return true;
    }
    if (missing && folder_kind(cx, l->folder, blob_path(cx, ref.digest)) != FILE_PLAIN) {
        *missing = true;
        return true;
    }
    struct descriptor d = { .digest = ref.digest };
    struct text *text = read_blob(cx, &l->registry, ref, d, from);
    struct node *manifest = text ? json_try(cx, text) : NULL;
    if (!text)
        return false;
    const struct node *type = node_get_text(cx, manifest, S("mediaType"));
    d.size = text->bytes.len;
    d.media_type = node_is(type, NODE_STRING) ? type->text : S("application/octet-stream");
    *out = d;
    return true;
}

static bool layout_resolve(struct context *cx, struct registry *r, struct image_ref ref,
                           struct pos from, struct descriptor *out, bool *found)
{
    struct layout *l = (struct layout *)r;
    if (ref.digest.len) {
        bool missing = false;
        bool ok = resolve_digest(cx, l, ref, from, out, found ? &missing : NULL);
        if (found)
            *found = ok && !missing;
        return ok;
    }
    str key = l->whole_names ? image_ref_print_full(cx->arena, ref) : image_ref_tag(ref);
    const struct descriptor *known = map_get(&l->images, key);
    if (known)
        *out = *known;
    else if (!found)
        report_unknown(cx, l, ref, from);
    if (found)
        *found = known;
    return known || found;
}

/* Whom a manifest says that it is about. */
static str subject_of(struct context *cx, const struct node *manifest)
{
    const struct node *subject = node_get_text(cx, manifest, S("subject"));
    const struct node *digest = node_get_text(cx, subject, S("digest"));
    return node_is(digest, NODE_STRING) ? digest->text : S("");
}

static str artifact_type(struct context *cx, const struct node *manifest)
{
    const struct node *config = node_get_text(cx, manifest, S("config"));
    const struct node *type = node_get_text(cx, manifest, S("artifactType"));
    if (!node_is(type, NODE_STRING) || !type->text.len)
        type = node_get_text(cx, config, S("mediaType"));
    return node_is(type, NODE_STRING) ? type->text : S("");
}

/* A layout may lack what its index lists: a copy of one platform alone. */
static bool read_subject(struct context *cx, struct layout *l, const struct descriptor *d,
                         struct pos from)
{
    bool is_one = media_type_is_manifest(d->media_type) || media_type_is_index(d->media_type);
    if (!is_one || folder_kind(cx, l->folder, blob_path(cx, d->digest)) != FILE_PLAIN)
        return true;
    struct text *text = registry_manifest(cx, &l->registry, (struct image_ref){ 0 }, *d, from);
    struct node *manifest = text ? json_try(cx, text) : NULL;
    str subject = subject_of(cx, manifest);
    if (!subject.len)
        return text;
    struct map_entry *e = map_entry(&l->subjects, subject);
    if (!e->value)
        e->value = NEW(cx->arena, struct referrers);
    referrers_add(cx, e->value,
                  (struct referrer){ *d, artifact_type(cx, manifest),
                                     node_get_text(cx, manifest, S("annotations")) });
    return true;
}

/* What is there is read once for all questions. */
static bool read_subjects(struct context *cx, struct layout *l, struct pos from)
{
    for (uint32_t i = 0; !l->subjects_known && i < l->digests.len; i++) {
        if (!read_subject(cx, l, l->digests.entries[i].value, from))
            return false;
    }
    l->subjects_known = true;
    return true;
}

static bool layout_referrers(struct context *cx, struct registry *r, struct image_ref ref,
                             str digest, struct pos from, struct referrers *out)
{
    struct layout *l = (struct layout *)r;
    struct descriptor d;
    bool found;
    if (!read_subjects(cx, l, from))
        return false;
    const struct referrers *known = map_get(&l->subjects, digest);
    for (uint32_t i = 0; known && i < known->len; i++)
        referrers_add(cx, out, known->at[i]);
    ref.digest = S("");
    ref.tag = str_replace_all(cx->arena, digest, S(":"), S("-"));
    if (!layout_resolve(cx, r, ref, from, &d, &found))
        return false;
    if (!found || !media_type_is_index(d.media_type))
        return true;
    struct text *text = registry_manifest(cx, r, ref, d, from);
    struct node *index = text ? json_read(cx, text) : NULL;
    return index && referrers_read(cx, index, out);
}

static bool layout_tags(struct context *cx, struct registry *r, struct image_ref ref,
                        struct pos from, struct tags *out)
{
    const struct layout *l = (struct layout *)r;
    (void)from;
    for (uint32_t i = 0; i < l->images.len; i++) {
        struct image_ref other;
        str key = l->images.entries[i].key;
        if (!l->whole_names)
            tags_add(cx, out, key);
        else if (image_ref_try(cx, key, &other) && image_ref_same_name(other, ref))
            tags_add(cx, out, other.tag);
    }
    return true;
}

static const struct registry_ops layout_ops = {
    layout_resolve, read_blob, read_blob, layout_referrers, layout_tags, NULL, NULL
};

/* The key of an image: its whole reference, its bare tag, or "" when it has no name. */
static bool name_of(struct context *cx, const struct node *entry, str *key, bool *whole)
{
    static const str annotations[] = { S("io.containerd.image.name"),
                                       S("org.opencontainers.image.ref.name") };
    const struct node *all = node_get_text(cx, entry, S("annotations"));
    *key = S("");
    *whole = false;
    for (size_t i = 0; i < countof(annotations); i++) {
        const struct node *name = node_get_text(cx, all, annotations[i]);
        struct image_ref ref;
        if (!node_is(name, NODE_STRING) || !name->text.len)
            continue;
        *key = name->text;
        *whole = str_has_char(*key, '/') || str_has_char(*key, ':');
        if (!*whole)
            return image_tag_check(cx, *key, name->pos);
        if (!image_ref_parse(cx, *key, name->pos, &ref))
            return false;
        *key = image_ref_print_full(cx->arena, ref);
        return true;
    }
    return true;
}

static bool add_index(struct context *cx, struct layout *l, struct text *text, uint32_t depth);

static bool add_entry(struct context *cx, struct layout *l, const struct node *entry,
                      uint32_t depth)
{
    struct descriptor *d = NEW(cx->arena, struct descriptor);
    str key;
    bool whole;
    if (!descriptor_read(cx, entry, d) || !name_of(cx, entry, &key, &whole))
        return false;
    map_put(&l->digests, d->digest, d);
    if (key.len) {
        const struct descriptor *other = map_put(&l->images, key, d);
        l->whole_names |= whole;
        return !other || str_eq(other->digest, d->digest)
               || report(cx, entry->pos, "'%.*s' is named twice, for different digests", STR(key));
    }
    if (!media_type_is_index(d->media_type))
        return true;
    if (depth == DEPTH_MOST)
        return report(cx, entry->pos, "more than %d indexes inside each other", DEPTH_MOST);
    struct text *nested =
        registry_manifest(cx, &l->registry, (struct image_ref){ 0 }, *d, entry->pos);
    return nested && add_index(cx, l, nested, depth + 1);
}

static bool add_index(struct context *cx, struct layout *l, struct text *text, uint32_t depth)
{
    struct node *index = json_read(cx, text);
    if (!index)
        return false;
    const struct node *manifests = node_get_text(cx, index, S("manifests"));
    if (!node_is(manifests, NODE_LIST))
        return report(cx, index->pos, "an image index needs a list 'manifests'");
    for (uint32_t i = 0; i < manifests->len; i++) {
        if (!add_entry(cx, l, manifests->items[i], depth))
            return false;
    }
    return true;
}

static bool check_version(struct context *cx, const struct folder *folder, struct pos from)
{
    if (folder_kind(cx, folder, S("oci-layout")) != FILE_PLAIN)
        return report(cx, from, "'%.*s%.*s' is no OCI image layout: it has no file 'oci-layout'",
                      STR(folder->source->name), STR(folder->path));
    struct text *text = folder_read(cx, folder, S("oci-layout"), from);
    struct node *layout = text ? json_read(cx, text) : NULL;
    if (!layout)
        return false;
    const struct node *version = node_get_text(cx, layout, S("imageLayoutVersion"));
    if (node_is(version, NODE_STRING) && str_starts(version->text, S("1.")))
        return true;
    return report(cx, version ? version->pos : layout->pos,
                  "the version of an OCI image layout must be 1.0.0");
}

struct registry *oci_layout(struct context *cx, const struct folder *folder, struct pos from)
{
    if (!check_version(cx, folder, from))
        return NULL;
    struct layout *l = NEW(cx->arena, struct layout);
    l->registry.ops = &layout_ops;
    l->registry.name = str_concat(cx->arena, folder->source->name, folder->path);
    l->folder = folder;
    l->images.arena = l->digests.arena = l->subjects.arena = cx->arena;
    struct text *index = folder_read(cx, folder, S("index.json"), from);
    return index && add_index(cx, l, index, 0) ? &l->registry : NULL;
}
