/* The manifest's layers stand in the order of their digests, its annotations are told by Chart.yaml:
 * the same archive of the same time has the same manifest, whoever pushes it. */
#include "render/chart/push.h"

#include "render/base/digest.h"
#include "render/base/gotime.h"
#include "render/base/url.h"
#include "render/base/zone.h"
#include "render/chart/archive_kind.h"
#include "render/chart/definition.h"
#include "render/chart/oci_chart.h"
#include "render/doc/json_write.h"
#include "render/source/oci_push.h"

#define MANIFEST_TYPE S("application/vnd.oci.image.manifest.v1+json")
#define ANNOTATION    "org.opencontainers.image."

static bool check_remote(struct puller *p, str remote)
{
    struct url url;
    str why;
    if (!url_parse(p->cx->arena, remote, &url, &why))
        return report(p->cx, p->from, "invalid chart URL format: %.*s", STR(remote));
    if (!url.scheme.len)
        return report(p->cx, p->from, "scheme prefix missing from remote (e.g. \"oci://\")");
    return str_eq(url.scheme, S("oci"))
           || report(p->cx, p->from, "scheme \"%.*s\" not supported", STR(url.scheme));
}

static struct text *read_archive(struct puller *p, str path)
{
    switch (source_kind(p->cx, p->disk, path)) {
    case FILE_NONE:
        report(p->cx, p->from, "%.*s: no such file", STR(path));
        return NULL;
    case FILE_FOLDER:
        report(p->cx, p->from, "cannot push directory, must provide chart archive (.tgz)");
        return NULL;
    default:
        return source_read(p->cx, p->disk, path, p->from);
    }
}

/* --- the manifest --- */

static void set(struct context *cx, struct node *map, const char *name, str value)
{
    if (value.len)
        node_set(cx, map, intern(cx->keys, str_from(name)), node_string(cx, value));
}

static str field(struct context *cx, const struct node *map, const char *name)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    return n && node_is_scalar(n) ? n->text : S("");
}

/* "Ann (ann@example.com), Bob" */
static str authors(struct context *cx, const struct node *maintainers)
{
    struct buf b;
    buf_init(&b, cx->arena, 64);
    for (uint32_t i = 0; node_is(maintainers, NODE_LIST) && i < maintainers->len; i++) {
        str name = field(cx, maintainers->items[i], "name");
        str email = field(cx, maintainers->items[i], "email");
        buf_format(&b, "%s%.*s", i ? ", " : "", STR(name));
        if (email.len)
            buf_format(&b, " (%.*s)", STR(email));
    }
    return buf_take(&b);
}

static str printed_time(struct context *cx, int64_t seconds)
{
    struct buf b;
    const struct zone *zone = zone_local(cx->arena, cx->timezone);
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, (struct gotime){ .seconds = seconds, .zone = zone ? zone : &zone_utc },
                 GOTIME_RFC3339);
    return buf_take(&b);
}

/* Those of Chart.yaml may replace all but the name and the version. */
static struct node *annotations(struct context *cx, const struct chart *chart, int64_t created)
{
    const struct node *all = chart->metadata, *sources = node_get_text(cx, all, S("sources"));
    const struct node *own = node_get_text(cx, all, S("annotations"));
    struct node *map = node_map(cx);
    set(cx, map, ANNOTATION "description", field(cx, all, "description"));
    set(cx, map, ANNOTATION "title", chart->name);
    set(cx, map, ANNOTATION "version", chart->version);
    set(cx, map, ANNOTATION "url", field(cx, all, "home"));
    set(cx, map, ANNOTATION "created", printed_time(cx, created));
    if (node_is(sources, NODE_LIST) && sources->len)
        set(cx, map, ANNOTATION "source", sources->items[0]->text);
    set(cx, map, ANNOTATION "authors", authors(cx, node_get_text(cx, all, S("maintainers"))));
    for (uint32_t i = 0; node_is(own, NODE_MAP) && i < own->len; i++) {
        str name = own->entries[i].key->text;
        if (!str_eq(name, S(ANNOTATION "title")) && !str_eq(name, S(ANNOTATION "version")))
            node_set(cx, map, own->entries[i].key, own->entries[i].value);
    }
    return map;
}

static struct node *descriptor(struct context *cx, str type, const struct oci_blob *blob)
{
    struct node *map = node_map(cx);
    set(cx, map, "mediaType", type);
    set(cx, map, "digest", blob->digest);
    node_set(cx, map, intern(cx->keys, S("size")), node_int(cx, (int64_t)blob->bytes.len));
    return map;
}

static str digest(struct context *cx, str bytes)
{
    return str_concat(cx->arena, S("sha256:"), digest_sha256_hex(cx->arena, bytes));
}

static bool print(struct context *cx, const struct node *n, bool keep_order, str *out)
{
    struct buf b;
    buf_init(&b, cx->arena, 1024);
    if (!json_write(cx, &b, n, (struct json_style){ .keep_order = keep_order }))
        return false;
    *out = buf_take(&b);
    return true;
}

/* Sorted by their digests. */
static struct node *layers(struct context *cx, const struct oci_blob *blobs, uint32_t n)
{
    static const str types[] = { OCI_CHART_TYPE, OCI_PROV_TYPE };
    struct node *list = node_list(cx);
    bool swapped = n > 1 && str_cmp(blobs[1].digest, blobs[0].digest) < 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = swapped ? n - 1 - i : i;
        node_push(cx, list, descriptor(cx, types[at], &blobs[at]));
    }
    return list;
}

/* blobs[0] is the configuration. */
static bool make_manifest(struct context *cx, const struct chart *chart, int64_t created,
                          const struct oci_blob *blobs, uint32_t n, str *out)
{
    str sorted;
    struct node *map = node_map(cx), *notes = annotations(cx, chart, created);
    node_set(cx, map, intern(cx->keys, S("schemaVersion")), node_int(cx, 2));
    node_set(cx, map, intern(cx->keys, S("config")), descriptor(cx, OCI_CONFIG_TYPE, &blobs[0]));
    node_set(cx, map, intern(cx->keys, S("layers")), layers(cx, blobs + 1, n - 1));
    if (!print(cx, map, true, out) || !print(cx, notes, false, &sorted))
        return false;
    *out = str_format(cx->arena, "%.*s,\"annotations\":%.*s}",
                      STR(str_slice(*out, 0, out->len - 1)), STR(sorted));
    return true;
}

bool chart_push(struct puller *p, const struct chart_push *push)
{
    struct context *cx = p->cx;
    struct oci_blob blobs[3];
    struct image_ref ref;
    str manifest, sent, beside = str_concat(cx->arena, push->path, S(".prov"));
    struct buf definition;
    uint32_t n = 2;
    buf_init(&definition, cx->arena, 1024);
    if (!check_remote(p, push->remote))
        return false;
    struct text *archive = read_archive(p, push->path);
    struct chart *chart = archive && archive_check(cx, archive, push->path)
                              ? chart_load_archive(cx, archive, p->from)
                              : NULL;
    if (!chart || !oci_chart_ref(p, push->remote, chart, &ref)
        || !definition_write_json(cx, &definition, chart->metadata))
        return false;
    blobs[0].bytes = buf_take(&definition);
    blobs[1].bytes = archive->bytes;
    if (source_kind(cx, p->disk, beside) == FILE_PLAIN) {
        struct text *signature = source_read(cx, p->disk, beside, p->from);
        if (!signature)
            return false;
        blobs[n++].bytes = signature->bytes;
    }
    for (uint32_t i = 0; i < n; i++)
        blobs[i].digest = digest(cx, blobs[i].bytes);
    if (!make_manifest(cx, chart, push->created, blobs, n, &manifest))
        return false;
    struct oci_artifact artifact = { ref, blobs, n, manifest, MANIFEST_TYPE };
    diag_enter(cx, NOWHERE, "failed to perform \"Push\" on destination");
    bool ok = oci_push(cx, oci_talk_begin(cx, oci_chart_options(p, &push->access)), &artifact,
                       p->from, &sent);
    diag_leave(cx);
    if (ok)
        oci_chart_say(p, "Pushed", ref, sent);
    return ok;
}
