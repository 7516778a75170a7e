/* Reading a chart: all its files first, each once; then Chart.yaml, values and what is below
 * charts/, where a folder or an archive is a chart of its own. */
#include "render/chart/chart.h"

#include <stdlib.h>

#include "render/chart/compat.h"
#include "render/chart/ignore.h"
#include "render/chart/definition.h"
#include "render/chart/lock.h"
#include "render/chart/values.h"
#include "render/doc/yaml_read.h"
#include "render/source/walk.h"

static void add_file(struct context *cx, struct chart_files *list, str path, struct text *text)
{
    ARENA_PUSH(cx->arena, list->at, list->len, list->cap);
    list->at[list->len++] = (struct chart_file){ path, text };
}

static bool skips(void *who, str path, enum file_kind kind)
{
    return ignore_matches(who, path, kind);
}

/* Helm's own limit; a file of an archive is named with its folder. */
static bool check_size(struct context *cx, const struct text *text, str path, bool archive)
{
    enum { FILE_MOST = 5 << 20 };
    str folder, name;
    if (text->bytes.len <= FILE_MOST)
        return true;
    if (archive || !str_cut_last(path, '/', &folder, &name))
        name = path;
    return report(cx, (struct pos){ text->id, 0 },
                  "%schart file \"%.*s\" is larger than the maximum file size %d",
                  archive ? "decompressed " : "", STR(name), FILE_MOST);
}

static bool read_files(struct context *cx, const struct folder *folder, struct pos from,
                       bool ignores, struct chart_files *out)
{
    struct listing names = { 0 };
    struct walk_filter filter = { skips, NULL };
    if (ignores) {
        filter.who = ignore_read(cx, folder, from);
        if (!filter.who)
            return false;
    }
    if (!folder_walk(cx, folder, from, ignores ? &filter : NULL, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        struct text *text = folder_read(cx, folder, names.at[i].name, from);
        if (!text || !check_size(cx, text, names.at[i].name, !ignores))
            return false;
        if (str_starts(text->bytes, S("\xEF\xBB\xBF")))
            text = text_add(cx, text->name, str_skip(text->bytes, 3));
        add_file(cx, out, names.at[i].name, text);
    }
    return true;
}

static struct text *find_file(const struct chart_files *files, str path)
{
    for (uint32_t i = 0; i < files->len; i++) {
        if (str_eq(files->at[i].path, path))
            return files->at[i].text;
    }
    return NULL;
}

static str field_text(struct context *cx, const struct node *map, str name)
{
    const struct node *n = node_get_text(cx, map, name);
    return n ? n->text : S("");
}

static struct dependency read_dependency(struct context *cx, const struct node *n)
{
    struct dependency d = { .pos = n->pos, .tags = NIL, .imports = NIL, .node = n };
    const struct node *tags = node_get_text(cx, n, S("tags"));
    const struct node *imports = node_get_text(cx, n, S("import-values"));
    if (tags)
        d.tags = value_from_node(cx, tags);
    if (imports)
        d.imports = value_from_node(cx, imports);
    d.name = field_text(cx, n, S("name"));
    d.version = field_text(cx, n, S("version"));
    d.repository = field_text(cx, n, S("repository"));
    d.condition = field_text(cx, n, S("condition"));
    d.alias = field_text(cx, n, S("alias"));
    return d;
}

struct dependency *chart_dependencies(struct context *cx, const struct node *list)
{
    struct dependency *all = NEW_ARRAY(cx->arena, struct dependency, list->len);
    for (uint32_t i = 0; i < list->len; i++)
        all[i] = read_dependency(cx, list->items[i]);
    return all;
}

static void read_dependencies(struct context *cx, struct chart *chart)
{
    const struct node *list = node_get_text(cx, chart->metadata, S("dependencies"));
    if (!list)
        return;
    chart->dependency_count = list->len;
    chart->dependencies = chart_dependencies(cx, list);
}

static bool decode_metadata(struct context *cx, struct chart *chart, struct text *text)
{
    struct node *n = yaml_read(cx, text, YAML_GO2);
    if (!n)
        return false;
    if (n->kind == NODE_NULL)
        n = node_map(cx); /* whose fields will be missed */
    chart->metadata = definition_read(cx, n);
    if (!chart->metadata)
        return false;
    /* Helm 2 read charts that say no version of their own format. */
    if (!field_text(cx, chart->metadata, S("apiVersion")).len)
        node_set(cx, chart->metadata, KEY_API_VERSION, node_string(cx, S("v1")));
    chart->name = field_text(cx, chart->metadata, S("name"));
    chart->version = field_text(cx, chart->metadata, S("version"));
    chart->app_version = field_text(cx, chart->metadata, S("appVersion"));
    chart->kube_version = field_text(cx, chart->metadata, S("kubeVersion"));
    chart->library = str_eq(field_text(cx, chart->metadata, S("type")), S("library"));
    return true;
}

/* Older charts have their dependencies in a requirements.yaml. */
static bool read_requirements(struct context *cx, struct chart *chart, struct text *text)
{
    diag_enter(cx, NOWHERE, "cannot load requirements.yaml");
    const struct node *n = yaml_read(cx, text, YAML_GO2);
    struct node *read = NULL;
    bool ok = n && definition_dependencies(cx, n, &read);
    diag_leave(cx);
    if (read)
        node_set(cx, chart->metadata, intern(cx->keys, S("dependencies")), read);
    return ok;
}

static bool read_metadata(struct context *cx, struct chart *chart, const struct chart_files *files,
                          struct pos from)
{
    struct text *text = find_file(files, S("Chart.yaml"));
    struct text *old = find_file(files, S("requirements.yaml"));
    if (!text)
        return report(cx, from, "Chart.yaml file is missing");
    diag_enter(cx, NOWHERE, "cannot load Chart.yaml");
    bool ok = decode_metadata(cx, chart, text);
    diag_leave(cx);
    if (!ok || (old && !read_requirements(cx, chart, old))
        || !definition_check(cx, chart->metadata, true))
        return false;
    read_dependencies(cx, chart);
    return true;
}

static struct chart *assemble(struct context *cx, const struct chart_files *files, struct pos from);

/* The files of one chart below charts/, their paths seen from there. */
static struct chart_files files_below(struct context *cx, const struct chart_files *files,
                                      uint32_t first, str prefix, uint32_t *next)
{
    struct chart_files below = { 0 };
    uint32_t i = first;
    for (; i < files->len && str_starts(files->at[i].path, prefix); i++)
        add_file(cx, &below, str_skip(files->at[i].path, prefix.len), files->at[i].text);
    *next = i;
    return below;
}

static void add_chart(struct context *cx, struct chart *parent, struct chart *child)
{
    ARENA_PUSH(cx->arena, parent->charts, parent->chart_count, parent->chart_cap);
    parent->charts[parent->chart_count++] = child;
    child->parent = parent;
}

/* The files of an archive, each below the one folder that it holds. */
static bool open_archive(struct context *cx, const struct text *text, struct pos from,
                         struct chart_files *files)
{
    struct chart_files all = { 0 };
    struct source *tar = source_tar(cx, text->name, text->bytes, from);
    struct folder *top = tar ? source_folder(cx, tar, S(""), from) : NULL;
    if (!top || !read_files(cx, top, from, false, &all))
        return false;
    for (uint32_t i = 0; i < all.len; i++) {
        str folder, path;
        if (str_cut(all.at[i].path, '/', &folder, &path))
            add_file(cx, files, path, all.at[i].text);
    }
    return true;
}

static struct chart *load_archive(struct context *cx, const struct text *text, struct pos from)
{
    struct chart_files files = { 0 };
    return open_archive(cx, text, from, &files) ? assemble(cx, &files, from) : NULL;
}

bool chart_unpack(struct context *cx, const struct text *text, struct pos from, str *name,
                  struct chart_files *files)
{
    struct chart chart = { 0 };
    if (!open_archive(cx, text, from, files) || !read_metadata(cx, &chart, files, from))
        return false;
    *name = chart.name;
    return true;
}

static struct chart *load_below(struct context *cx, const struct chart *parent, str name,
                                const struct chart_files *below)
{
    const struct text *first = below->len ? below->at[0].text : NULL;
    struct pos pos = first ? (struct pos){ first->id, 0 } : NOWHERE;
    bool archive = str_ends(name, S(".tgz"));
    if (archive && below->at[0].path.len) {
        report(cx, pos, "error unpacking subchart tar in %.*s: expected %.*s, got %.*s/%.*s",
               STR(parent->name), STR(name), STR(name), STR(below->at[0].path));
        return NULL;
    }
    if (!limit_enter(cx, LIMIT_DEPTH, pos))
        return NULL;
    str what = str_format(cx->arena, "error unpacking subchart %.*s in %.*s", STR(name),
                          STR(parent->name));
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, what));
    struct chart *child = archive ? load_archive(cx, first, pos) : assemble(cx, below, pos);
    diag_leave(cx);
    limit_leave(cx, LIMIT_DEPTH);
    return child;
}

/* Everything below charts/NAME, from file number `first` on. What stands there is a chart: Helm
 * refuses any other file but signatures and names that begin with "_" or ".". */
static bool add_below(struct context *cx, struct chart *chart, const struct chart_files *files,
                      uint32_t first, uint32_t *next)
{
    str path = str_skip(files->at[first].path, sizeof "charts/" - 1);
    str name, rest;
    struct chart_files below = { 0 };
    bool folder = str_cut(path, '/', &name, &rest);
    *next = first + 1;
    if (folder)
        below =
            files_below(cx, files, first, str_format(cx->arena, "charts/%.*s/", STR(name)), next);
    else if (str_ends(name, S(".prov"))) {
        add_file(cx, &chart->files, files->at[first].path, files->at[first].text);
        return true;
    } else if (str_ends(name, S(".tgz")))
        add_file(cx, &below, S(""), files->at[first].text);
    if (str_has_char(S("_."), name.at[0]))
        return true;
    struct chart *child = load_below(cx, chart, name, &below);
    if (child)
        add_chart(cx, chart, child);
    return child != NULL;
}

static bool take_values(struct context *cx, struct chart *chart, struct text *text)
{
    chart->values_text = text;
    diag_enter(cx, NOWHERE, "cannot load values.yaml");
    bool ok = values_read(cx, text, &chart->values);
    diag_leave(cx);
    return ok;
}

/* In charts of version 1, what stands in files of their own is for templates to see, too. */
/* What stands in it counts for nothing here, but Helm wants to be able to read it. */
static bool take_lock(struct context *cx, struct chart *chart, const struct chart_file *f)
{
    struct lock lock;
    str frame = str_format(cx->arena, "cannot load %.*s", STR(f->path));
    chart->lock = f->text;
    diag_enter(cx, NOWHERE, str_cstr(cx->arena, frame));
    bool ok = lock_read(cx, f->text, &lock);
    diag_leave(cx);
    return ok;
}

static bool take_file(struct context *cx, struct chart *chart, const struct chart_file *f)
{
    bool old_lock = str_eq(f->path, S("requirements.lock"));
    bool old = old_lock || str_eq(f->path, S("requirements.yaml"));
    if (str_eq(f->path, S("values.yaml")))
        return take_values(cx, chart, f->text);
    if ((old_lock || str_eq(f->path, S("Chart.lock"))) && !take_lock(cx, chart, f))
        return false;
    if (str_eq(f->path, S("values.schema.json")))
        chart->schema = f->text;
    else if (str_starts(f->path, S("templates/")))
        add_file(cx, &chart->templates, f->path, f->text);
    else if (old ? chart_is_old(chart)
                 : !str_eq(f->path, S("Chart.yaml")) && !str_eq(f->path, S("Chart.lock")))
        add_file(cx, &chart->files, f->path, f->text);
    return true;
}

static struct chart *assemble(struct context *cx, const struct chart_files *files, struct pos from)
{
    struct chart *chart = NEW(cx->arena, struct chart);
    chart->values = dict_new(cx->arena, 0);
    if (!read_metadata(cx, chart, files, from))
        return NULL;
    for (uint32_t i = 0, next; i < files->len; i = next) {
        next = i + 1;
        bool below = str_starts(files->at[i].path, S("charts/"));
        if (below ? !add_below(cx, chart, files, i, &next) : !take_file(cx, chart, &files->at[i]))
            return NULL;
    }
    return chart;
}

/* Helm 4 reads charts of the versions 1 and 2; the version of a subchart is not looked at. */
static struct chart *check_root(struct context *cx, struct chart *chart)
{
    const struct node *version = chart ? node_get(chart->metadata, KEY_API_VERSION) : NULL;
    if (!chart || chart_compat(cx)->any_chart_version || str_eq(version->text, S("v1"))
        || str_eq(version->text, S("v2")))
        return chart;
    bool next = str_eq(version->text, S("v3"));
    report(cx, version->pos, next ? "invalid chart apiVersion" : "unsupported chart version");
    return NULL;
}

bool chart_is_old(const struct chart *chart)
{
    return str_eq(node_get_str(chart->metadata, KEY_API_VERSION), S("v1"));
}

struct chart *chart_load_folder(struct context *cx, const struct folder *folder, struct pos from)
{
    struct chart_files files = { 0 };
    return read_files(cx, folder, from, true, &files) ? check_root(cx, assemble(cx, &files, from))
                                                      : NULL;
}

struct chart *chart_load_archive(struct context *cx, const struct text *text, struct pos from)
{
    return check_root(cx, load_archive(cx, text, from));
}

struct chart *chart_load(struct context *cx, struct source *src, str path, struct pos from)
{
    if (source_kind(cx, src, path) == FILE_PLAIN) {
        const struct text *text = source_read(cx, src, path, from);
        return text ? chart_load_archive(cx, text, from) : NULL;
    }
    const struct folder *folder = source_folder(cx, src, path, from);
    return folder ? chart_load_folder(cx, folder, from) : NULL;
}

str chart_full_path(struct context *cx, const struct chart *chart)
{
    if (!chart->parent)
        return chart->name;
    /* In a variable, as STR looks twice: a path of paths would double with each level. */
    str parent = chart_full_path(cx, chart->parent);
    return str_format(cx->arena, "%.*s/charts/%.*s", STR(parent), STR(chart->name));
}

struct chart *chart_copy(struct context *cx, const struct chart *chart)
{
    struct chart *copy = arena_copy(cx->arena, chart, sizeof *chart);
    copy->dependencies = arena_copy(cx->arena, chart->dependencies,
                                    sizeof *chart->dependencies * chart->dependency_count);
    copy->charts = NULL;
    copy->chart_count = copy->chart_cap = 0;
    for (uint32_t i = 0; i < chart->chart_count; i++)
        add_chart(cx, copy, chart_copy(cx, chart->charts[i]));
    copy->values = value_copy(cx->arena, value_map(chart->values)).dict;
    return copy;
}
