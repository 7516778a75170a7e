/* From hoist.yaml to a registry. */
#include "promote/registries.h"

#include "render/doc/scalar.h"
#include "render/source/oci.h"

static const str setting_keys[] = { S("host"), S("location"), S("mirrors"), S("plainHttp"),
                                    S("authorities") };
static const str requirement_keys[] = { S("layout"), S("revision") };

static const struct node *field(struct context *cx, const struct node *map, const char *name)
{
    const struct node *n = node_get_text(cx, map, str_from(name));
    return n && n->kind != NODE_NULL ? n : NULL;
}

static bool text_of_field(struct context *cx, const struct node *map, const char *name, str *out)
{
    const struct node *n = field(cx, map, name);
    *out = n && node_is_scalar(n) ? n->text : S("");
    return !n || node_is_scalar(n)
           || report(cx, n->pos, "'%s' must be a text, not %s", name, node_kind_name(n));
}

static bool flag_of_field(struct context *cx, const struct node *map, const char *name, bool *out)
{
    const struct node *n = field(cx, map, name);
    *out = node_is(n, NODE_BOOL) && scalar_true(n->text);
    return !n || n->kind == NODE_BOOL || report(cx, n->pos, "'%s' must be true or false", name);
}

static bool read_mirrors(struct context *cx, const struct node *n, struct oci_settings *out)
{
    if (!n)
        return true;
    if (n->kind != NODE_LIST)
        return report(cx, n->pos, "'mirrors' must be a list, not %s", node_kind_name(n));
    str *mirrors = NEW_ARRAY(cx->arena, str, n->len);
    for (uint32_t i = 0; i < n->len; i++) {
        if (!node_is_scalar(n->items[i]) || !n->items[i]->text.len)
            return report(cx, n->items[i]->pos, "a mirror must be a text: HOST/PATH");
        mirrors[i] = n->items[i]->text;
    }
    out->mirrors = mirrors;
    out->mirror_count = n->len;
    return true;
}

static bool read_authorities(struct context *cx, const struct project *p, const struct node *map,
                             struct oci_settings *out)
{
    const struct node *n = field(cx, map, "authorities");
    str path;
    if (!n)
        return true;
    if (!text_of_field(cx, map, "authorities", &path))
        return false;
    struct text *text = folder_read(cx, p->folder, path, n->pos);
    if (!text)
        return false;
    out->authorities_pem = text->bytes;
    return str_has(text->bytes, S("-----BEGIN CERTIFICATE-----"))
           || report(cx, n->pos, "'%.*s' holds no certificate", STR(path));
}

static bool read_settings(struct context *cx, const struct project *p, const struct node *map,
                          struct oci_settings *out)
{
    if (!project_check_keys(cx, map, setting_keys, countof(setting_keys), "a registry")
        || !text_of_field(cx, map, "host", &out->host)
        || !text_of_field(cx, map, "location", &out->location)
        || !flag_of_field(cx, map, "plainHttp", &out->plain_http)
        || !read_mirrors(cx, field(cx, map, "mirrors"), out) || !read_authorities(cx, p, map, out))
        return false;
    if (!out->host.len)
        return report(cx, map->pos, "a registry needs its 'host'");
    if (str_eq(out->host, S("*")))
        out->host = S("");
    return true;
}

bool registries_read(struct context *cx, struct project *p, const struct node *list)
{
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "'registries' must be a list, not %s", node_kind_name(list));
    struct oci_options *options = NEW(cx->arena, struct oci_options);
    struct oci_settings *all = NEW_ARRAY(cx->arena, struct oci_settings, list->len);
    bool ok = true;
    for (uint32_t i = 0; i < list->len; i++)
        ok = read_settings(cx, p, list->items[i], &all[i]) && ok;
    options->settings = all;
    options->len = list->len;
    p->registries = options;
    return ok;
}

/* A folder, or an archive of one. */
static struct folder *open_layout(struct context *cx, const struct project *p, str path,
                                  struct pos from)
{
    if (folder_kind(cx, p->folder, path) != FILE_PLAIN)
        return folder_enter(cx, p->folder, path, from);
    struct text *archive = folder_read(cx, p->folder, path, from);
    struct source *tar = archive ? source_tar(cx, archive->name, archive->bytes, from) : NULL;
    return tar ? source_folder(cx, tar, S("."), from) : NULL;
}

struct registry *registry_open(struct context *cx, const struct project *p, const struct node *how)
{
    if (how && how->kind != NODE_MAP && how->kind != NODE_BOOL) {
        report(cx, how->pos, "'registry' must be true or a map, not %s", node_kind_name(how));
        return NULL;
    }
    if (node_is(how, NODE_MAP)
        && !project_check_keys(cx, how, requirement_keys, countof(requirement_keys), "'registry'"))
        return NULL;
    const struct node *layout = field(cx, how, "layout");
    bool revision;
    if (!flag_of_field(cx, how, "revision", &revision))
        return NULL;
    if (!layout)
        return oci_registry(cx, p->registries);
    str path;
    if (!text_of_field(cx, how, "layout", &path))
        return NULL;
    struct folder *folder = open_layout(cx, p, path, layout->pos);
    return folder ? oci_layout(cx, folder, layout->pos) : NULL;
}

struct registry *registry_open_for(struct context *cx, const struct project *p, str environment)
{
    for (int to = 0; to < 2; to++) {
        for (uint32_t i = 0; i < p->promotion_count; i++) {
            const struct promotion_row *row = &p->promotions[i];
            for (uint32_t k = 0; k < row->check_count; k++) {
                if (str_eq(to ? row->to : row->from, environment)
                    && str_eq(row->checks[k].name, S("registry")))
                    return registry_open(cx, p, row->checks[k].how);
            }
        }
    }
    return registry_open(cx, p, NULL);
}
