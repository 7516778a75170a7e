/* Tags are versions, the newest first; a manifest has the archive as one of its layers. */
#include "render/chart/oci_chart.h"

#include "render/doc/json_read.h"
#include "render/source/oci.h"

#define OLDER_TYPE S("application/tar+gzip")

static const char *file_or_null(struct context *cx, str path)
{
    return path.len ? str_cstr(cx->arena, path) : NULL;
}

const struct oci_options *oci_chart_options(struct puller *p, const struct access *access)
{
    struct context *cx = p->cx;
    struct oci_settings *settings = NEW(cx->arena, struct oci_settings);
    struct oci_options *options = NEW(cx->arena, struct oci_options);
    *settings = (struct oci_settings){
        .plain_http = access->plain_http,
        .unverified = access->unverified,
        .authorities = file_or_null(cx, access->authorities),
        .certificate = file_or_null(cx, access->certificate),
        .key = file_or_null(cx, access->key),
        .user = access->user,
        .password = access->password,
    };
    *options = (struct oci_options){ .settings = settings, .len = 1, .no_cache = true };
    if (p->home && source_kind(cx, p->disk, p->home->registry) == FILE_PLAIN)
        options->config = file_or_null(cx, p->home->registry);
    return options;
}

static struct registry *registry_of(struct puller *p, const struct access *access)
{
    if (!p->registry)
        p->registry = oci_registry(p->cx, oci_chart_options(p, access));
    return p->registry;
}

static str dashed(struct context *cx, str tag, char from, char to)
{
    char *copy = str_cstr(cx->arena, tag);
    for (char *c = copy; *c; c++)
        *c = *c == from ? to : *c;
    return str_from(copy);
}

/* "oci://HOST/PATH:TAG@DIGEST"; the tag is a version still. */
static bool parse(struct puller *p, str address, struct image_ref *out)
{
    str rest = str_skip(address, 6), head, tail;
    *out = (struct image_ref){ 0 };
    if (str_cut_last(rest, '@', &head, &tail)) {
        out->digest = tail;
        rest = head;
    }
    if (str_cut_last(rest, ':', &head, &tail) && !str_has_char(tail, '/')) {
        out->tag = tail;
        rest = head;
    }
    out->name = rest;
    if (!str_cut(rest, '/', &out->host, &out->path) || !out->host.len || !out->path.len)
        return report(p->cx, p->from, "invalid reference: '%.*s' names no repository",
                      STR(address));
    return !out->digest.len || image_digest_check(p->cx, out->digest, p->from);
}

/* What a repository's name is made of: digits and small letters, with single signs between them, or
 * "__", or any number of hyphens. */
static bool is_repository(str path)
{
    char before = '/';
    uint32_t signs = 0;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.at[i];
        bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!word && (!str_has_char(S("._-/"), c) || (signs && c != before)))
            return false;
        signs = word ? 0 : signs + 1;
        if ((i == 0 && signs) || (signs > 1 && c != '-' && (c != '_' || signs > 2)))
            return false;
        before = c;
    }
    return path.len && !signs;
}

bool oci_chart_ref(struct puller *p, str remote, const struct chart *chart, struct image_ref *out)
{
    struct context *cx = p->cx;
    str base = str_skip(remote, 6), rest, more;
    while (str_ends(base, S("/")))
        base.len--;
    *out = (struct image_ref){ .tag = dashed(cx, chart->version, '+', '_') };
    out->name = str_format(cx->arena, "%.*s/%.*s", STR(base), STR(chart->name));
    out->name = str_replace_all(cx->arena, out->name, S("//"), S("/"));
    str_cut(out->name, '/', &out->host, &out->path);
    if (str_cut(out->path, ':', &rest, &more))
        return report(cx, p->from, "invalid reference: invalid tag \"%.*s:%.*s\"", STR(more),
                      STR(out->tag));
    return (out->host.len && is_repository(out->path))
           || report(cx, p->from, "invalid reference: invalid repository \"%.*s\"", STR(out->path));
}

struct versions {
    struct semver *at;
    uint32_t len;
    uint32_t cap;
};

static void insert(struct context *cx, struct versions *list, struct semver v)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    uint32_t i = list->len++;
    for (; i > 0 && semver_compare(&list->at[i - 1], &v) < 0; i--)
        list->at[i] = list->at[i - 1];
    list->at[i] = v;
}

/* Tags that are versions, strictly. */
static bool list_versions(struct puller *p, struct registry *r, struct image_ref ref,
                          struct versions *out)
{
    struct tags tags = { 0 };
    *out = (struct versions){ 0 };
    if (!registry_tags(p->cx, r, ref, p->from, &tags))
        return false;
    for (uint32_t i = 0; i < tags.len; i++) {
        struct semver v;
        str error;
        if (semver_parse_strict(p->cx->arena, dashed(p->cx, tags.at[i], '_', '+'), &v, &error))
            insert(p->cx, out, v);
    }
    return true;
}

static bool choose(struct puller *p, const struct versions *all, str address, str wanted, str *tag)
{
    str error;
    if (!all->len)
        return report(p->cx, p->from, "unable to locate any tags in provided repository: %.*s",
                      STR(address));
    for (uint32_t i = 0; wanted.len && i < all->len; i++) {
        *tag = all->at[i].original;
        if (str_eq(*tag, wanted))
            return true;
    }
    struct semver_range *range =
        semver_range_parse(p->cx->arena, wanted.len ? wanted : S("*"), &error);
    if (!range)
        return report(p->cx, p->from, "%.*s", STR(error));
    for (uint32_t i = 0; i < all->len; i++) {
        *tag = all->at[i].original;
        if (semver_range_has(range, &all->at[i]))
            return true;
    }
    return report(p->cx, p->from,
                  "could not locate a version matching provided version string %.*s", STR(wanted));
}

static bool find_tag(struct puller *p, struct registry *r, const struct chart_request *request,
                     struct image_ref *ref)
{
    struct versions all;
    struct semver v;
    str error, wanted = request->version;
    if (!wanted.len)
        wanted = ref->tag;
    else if (ref->tag.len && !str_eq(ref->tag, wanted))
        return report(p->cx, p->from, "chart reference and version mismatch: %.*s is not %.*s",
                      STR(wanted), STR(ref->tag));
    ref->tag = wanted;
    if (ref->digest.len || semver_parse(p->cx->arena, wanted, &v, &error))
        return true;
    return list_versions(p, r, *ref, &all) && choose(p, &all, request->name, wanted, &ref->tag);
}

/* A digest counts; a tag beside it is looked at where there is such a tag. */
static bool check_tag(struct puller *p, struct registry *r, struct image_ref ref, str version)
{
    struct image_ref tagged = ref;
    struct descriptor d;
    bool found;
    tagged.digest = S("");
    tagged.tag = dashed(p->cx, ref.tag, '+', '_');
    if (!version.len || !registry_find(p->cx, r, tagged, p->from, &d, &found) || !found
        || str_eq(d.digest, ref.digest))
        return !diag_failed(p->cx);
    return report_refused(p->cx, p->from, "chart reference digest mismatch: %.*s is not %.*s",
                          STR(d.digest), STR(ref.digest));
}

static str shown(struct context *cx, struct image_ref ref)
{
    if (ref.digest.len)
        return str_format(cx->arena, "%.*s@%.*s", STR(ref.name), STR(ref.digest));
    return str_format(cx->arena, "%.*s:%.*s", STR(ref.name), STR(ref.tag));
}

static bool find_manifest(struct puller *p, struct registry *r, struct image_ref ref,
                          struct descriptor *d, struct node **manifest)
{
    bool found;
    if (!registry_find(p->cx, r, ref, p->from, d, &found))
        return false;
    if (!found)
        return report(p->cx, p->from,
                      "failed to perform \"FetchReference\" on source: %.*s: not found",
                      STR(shown(p->cx, ref)));
    struct text *text = registry_manifest(p->cx, r, ref, *d, p->from);
    *manifest = text ? json_read(p->cx, text) : NULL;
    return *manifest != NULL;
}

/* The layer of a type; false, without a report, when there is none. */
static bool find_layer(struct context *cx, const struct node *manifest, str type,
                       struct descriptor *out)
{
    const struct node *layers = node_get_text(cx, manifest, S("layers"));
    for (uint32_t i = 0; node_is(layers, NODE_LIST) && i < layers->len; i++) {
        const struct node *media = node_get_text(cx, layers->items[i], S("mediaType"));
        if (node_is(media, NODE_STRING) && str_eq(media->text, type))
            return descriptor_read(cx, layers->items[i], out);
    }
    return false;
}

static bool take_layers(struct puller *p, struct registry *r, struct image_ref ref,
                        const struct node *manifest, const struct chart_request *request,
                        struct pulled *out)
{
    struct context *cx = p->cx;
    struct descriptor d;
    const struct node *config = node_get_text(cx, manifest, S("config"));
    const struct node *type = node_get_text(cx, config, S("mediaType"));
    if (!node_is(type, NODE_STRING) || !str_eq(type->text, OCI_CONFIG_TYPE))
        return report_refused(cx, p->from, "could not load config with mediatype %.*s",
                              STR(OCI_CONFIG_TYPE));
    if (!find_layer(cx, manifest, OCI_CHART_TYPE, &d) && !find_layer(cx, manifest, OLDER_TYPE, &d))
        return report_refused(cx, p->from, "manifest does not contain a layer with mediatype %.*s",
                              STR(OCI_CHART_TYPE));
    out->text = registry_blob(cx, r, ref, d, p->from);
    if (!out->text)
        return false;
    if (!request->signature && !request->keyring.len)
        return true;
    if (find_layer(cx, manifest, OCI_PROV_TYPE, &d)) {
        out->signature = registry_blob(cx, r, ref, d, p->from);
        return out->signature != NULL;
    }
    if (request->keyring.len)
        return report_refused(cx, p->from, "failed to fetch provenance \"%.*s:%.*s.prov\"",
                              STR(request->name), STR(ref.tag));
    warn(cx, p->from, "verification not found for %.*s: no layer of its manifest is one",
         STR(request->name));
    return true;
}

static str file_name(struct context *cx, struct image_ref ref)
{
    str folder, name;
    if (!str_cut_last(ref.path, '/', &folder, &name))
        name = ref.path;
    if (!ref.digest.len)
        return str_format(cx->arena, "%.*s-%.*s.tgz", STR(name), STR(ref.tag));
    return str_format(cx->arena, "%.*s@%.*s.tgz", STR(name), STR(dashed(cx, ref.digest, ':', '-')));
}

void oci_chart_say(struct puller *p, const char *what, struct image_ref ref, str digest)
{
    struct context *cx = p->cx;
    str where = shown(cx, ref);
    str said = str_format(cx->arena, "%s: %.*s\nDigest: %.*s\n", what, STR(where), STR(digest));
    if (str_has_char(str_eq(str_from(what), S("Pushed")) ? ref.tag : where, '_'))
        said = str_format(cx->arena,
                          "%.*s%.*s contains an underscore.\n\nOCI artifact references (e.g. tags) "
                          "do not support the plus sign (+). To support\nstoring semantic "
                          "versions, Helm adopts the convention of changing plus (+) to\nan "
                          "underscore (_) in chart version tags when pushing to a registry and "
                          "back to\na plus (+) when pulling from a registry.\n",
                          STR(said), STR(where));
    p->said = str_concat(cx->arena, p->said, said);
}

bool oci_chart_pull(struct puller *p, const struct chart_request *request, struct pulled *out)
{
    struct context *cx = p->cx;
    struct image_ref ref;
    struct descriptor d;
    struct node *manifest = NULL;
    struct registry *r = registry_of(p, &request->access);
    if (!r || !parse(p, request->name, &ref) || !find_tag(p, r, request, &ref))
        return false;
    if (ref.digest.len && !check_tag(p, r, ref, ref.tag))
        return false;
    out->file = file_name(cx, ref);
    out->url = str_concat(cx->arena, S("oci://"), shown(cx, ref));
    ref.tag = ref.digest.len ? S("") : dashed(cx, ref.tag, '+', '_');
    if (!find_manifest(p, r, ref, &d, &manifest) || !take_layers(p, r, ref, manifest, request, out))
        return false;
    oci_chart_say(p, "Pulled", ref, d.digest);
    /* Helm asks twice where it wants a signature, and says so. */
    if (out->signature)
        oci_chart_say(p, "Pulled", ref, d.digest);
    return true;
}

bool oci_chart_version(struct puller *p, const struct access *access, const struct dependency *wish,
                       const struct semver_range *range, str *version)
{
    struct semver v;
    struct image_ref ref;
    struct versions all;
    str error;
    *version = wish->version;
    if (semver_parse(p->cx->arena, wish->version, &v, &error))
        return true;
    struct registry *r = registry_of(p, access);
    str address = str_format(p->cx->arena, "%.*s/%.*s", STR(wish->repository), STR(wish->name));
    str frame = str_format(p->cx->arena, "could not retrieve list of tags for repository %.*s",
                           STR(wish->repository));
    diag_enter(p->cx, NOWHERE, str_cstr(p->cx->arena, frame));
    bool ok = r && parse(p, address, &ref) && list_versions(p, r, ref, &all);
    diag_leave(p->cx);
    for (uint32_t i = 0; ok && i < all.len; i++) {
        if (!semver_range_has(range, &all.at[i]))
            continue;
        *version = all.at[i].original;
        break;
    }
    return ok;
}
