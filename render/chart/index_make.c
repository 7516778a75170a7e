/* Entries are definitions with an address, a digest and the time of their making; charts by name,
 * versions the newest first. */
#include "render/chart/index_make.h"

#include <stdlib.h>

#include "render/base/digest.h"
#include "render/base/gotime.h"
#include "render/base/url.h"
#include "render/chart/chart.h"
#include "render/chart/definition.h"
#include "render/doc/json_write.h"
#include "render/doc/yaml_write.h"

struct making {
    struct context *cx;
    struct source *disk;
    const struct index_options *options;
    str now;
    struct index_entries all;
};

static void set(struct context *cx, struct node *map, str name, struct node *value)
{
    node_set(cx, map, intern(cx->keys, name), value);
}

static void add(struct making *m, struct node *n)
{
    struct context *cx = m->cx;
    struct index_entry e = { .node = n };
    str error;
    const struct node *name = node_get_text(cx, n, S("name"));
    const struct node *version = node_get_text(cx, n, S("version"));
    e.name = name ? name->text : S("");
    e.version = version ? version->text : S("");
    e.is_version = semver_parse(cx->arena, e.version, &e.parsed, &error);
    ARENA_PUSH(cx->arena, m->all.at, m->all.len, m->all.cap);
    m->all.at[m->all.len++] = e;
}

/* The address of a file, seen from the repository's. */
static str address_of(struct making *m, str path)
{
    struct url url;
    str why;
    if (!m->options->url.len)
        return path;
    if (!url_parse(m->cx->arena, m->options->url, &url, &why))
        return source_join(m->cx->arena, m->options->url, path);
    str top = str_trim_suffix(url.path, S("/"));
    url.path = str_format(m->cx->arena, "%.*s/%.*s", STR(top), STR(path));
    return url_print(m->cx->arena, &url);
}

static bool add_archive(struct making *m, str folder, str path)
{
    struct context *cx = m->cx;
    struct diags before = cx->diags;
    struct text *text = source_read(cx, m->disk, source_join(cx->arena, folder, path), NOWHERE);
    if (!text)
        return false;
    struct chart *chart = chart_load_archive(cx, text, NOWHERE);
    if (!chart) {
        diag_take_back(cx, before);
        return true;
    }
    struct node *urls = node_list(cx);
    const struct node *wishes = node_get_text(cx, chart->metadata, S("dependencies"));
    if (wishes && wishes->len == 0)
        node_remove(chart->metadata, intern(cx->keys, S("dependencies")));
    node_push(cx, urls, node_string(cx, address_of(m, path)));
    set(cx, chart->metadata, S("urls"), urls);
    set(cx, chart->metadata, S("created"), node_string(cx, m->now));
    set(cx, chart->metadata, S("digest"),
        node_string(cx, digest_sha256_hex(cx->arena, text->bytes)));
    add(m, chart->metadata);
    return true;
}

static bool add_folder(struct making *m, str top, str below, bool deeper)
{
    struct context *cx = m->cx;
    struct listing names = { 0 };
    str path = below.len ? source_join(cx->arena, top, below) : top;
    struct folder *folder = source_folder(cx, m->disk, path, NOWHERE);
    if (!folder || !folder_list(cx, folder, NOWHERE, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        str name = below.len ? source_join(cx->arena, below, names.at[i].name) : names.at[i].name;
        if (names.at[i].kind == FILE_PLAIN && str_ends(name, S(".tgz"))
            && !add_archive(m, top, name))
            return false;
    }
    for (uint32_t i = 0; deeper && i < names.len; i++) {
        if (names.at[i].kind == FILE_FOLDER && !add_folder(m, top, names.at[i].name, false))
            return false;
    }
    return true;
}

static bool has(const struct making *m, uint32_t len, const struct index_entry *e)
{
    for (uint32_t i = 0; i < len; i++) {
        if (str_eq(m->all.at[i].name, e->name) && str_eq(m->all.at[i].version, e->version))
            return true;
    }
    return false;
}

/* An entry that was read, its fields in their order. */
static struct node *known_fields(struct context *cx, const struct node *entry)
{
    static const str names[] = { S("urls"), S("created"), S("removed"), S("digest") };
    struct node *n = definition_read(cx, entry);
    for (size_t i = 0; n && i < countof(names); i++) {
        const struct node *value = node_get_text(cx, entry, names[i]);
        if (value)
            set(cx, n, names[i], node_copy(cx, value));
    }
    return n ? n : node_map(cx);
}

/* What the other index has beside ours; a file that is not there has nothing. */
static bool add_others(struct making *m)
{
    struct context *cx = m->cx;
    uint32_t ours = m->all.len;
    str path = m->options->merge;
    if (!path.len || source_kind(cx, m->disk, path) == FILE_NONE)
        return true;
    diag_enter(cx, NOWHERE, "merge failed");
    struct text *text = source_read(cx, m->disk, path, NOWHERE);
    struct chart_index *index = text ? index_read(cx, text, path) : NULL;
    diag_leave(cx);
    for (uint32_t i = 0; index && index->entries && i < index->entries->len; i++) {
        struct index_entries list;
        index_entries(cx, index, index->entries->entries[i].key->text, &list);
        for (uint32_t k = 0; k < list.len; k++) {
            if (!has(m, ours, &list.at[k]))
                add(m, known_fields(cx, list.at[k].node));
        }
    }
    return index != NULL;
}

static int by_name(const void *a, const void *b)
{
    const struct index_entry *x = *(const struct index_entry *const *)a;
    const struct index_entry *y = *(const struct index_entry *const *)b;
    int order = str_cmp(x->name, y->name);
    return order ? order : (x > y) - (x < y);
}

/* Names to lists, both in their order. */
static struct node *entries_of(struct making *m)
{
    struct context *cx = m->cx;
    struct node *map = node_map(cx);
    index_sort(cx, m->all.at, m->all.len);
    const struct index_entry **order = NEW_ARRAY(cx->arena, const struct index_entry *, m->all.len);
    for (uint32_t i = 0; i < m->all.len; i++)
        order[i] = &m->all.at[i];
    if (m->all.len)
        qsort(order, m->all.len, sizeof *order, by_name);
    for (uint32_t i = 0; i < m->all.len; i++) {
        struct node *list = node_get_text(cx, map, order[i]->name);
        if (!list) {
            list = node_list(cx);
            set(cx, map, order[i]->name, list);
        }
        node_push(cx, list, (struct node *)order[i]->node);
    }
    return map;
}

bool index_make(struct context *cx, struct source *disk, str folder,
                const struct index_options *options, str *bytes)
{
    struct making m = { .cx = cx, .disk = disk, .options = options };
    struct gotime now = { .seconds = cx->now, .zone = &zone_utc };
    struct buf b;
    buf_init(&b, cx->arena, 32);
    gotime_print(&b, now, GOTIME_RFC3339_NANO);
    m.now = buf_take(&b);
    if (!add_folder(&m, folder, S(""), true) || !add_others(&m))
        return false;
    struct node *n = node_map(cx);
    set(cx, n, S("apiVersion"), node_string(cx, S("v1")));
    set(cx, n, S("generated"), node_string(cx, m.now));
    set(cx, n, S("entries"), entries_of(&m));
    buf_init(&b, cx->arena, 4096);
    bool ok =
        options->json
            ? json_write(cx, &b, n, (struct json_style){ .indent = S("  "), .keep_order = true })
            : yaml_write(cx, &b, n);
    *bytes = buf_take(&b);
    return ok;
}
