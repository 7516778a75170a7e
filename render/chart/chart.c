/* Reading a chart: all its files first, each once; then Chart.yaml, values and what is below
 * charts/, where a folder or an archive is a chart of its own. */
#include "render/chart/chart.h"

#include <stdlib.h>

#include "render/base/number.h"
#include "render/base/semver.h"
#include "render/base/unicode.h"
#include "render/chart/ignore.h"
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
        if (!text)
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

/* Go's Chart.yaml is text: runes that can't be printed fall, spaces are one kind. */
static str clean(struct context *cx, str s)
{
    struct buf b;
    buf_init(&b, cx->arena, s.len + 1);
    for (size_t i = 0; i < s.len;) {
        uint32_t rune = utf8_next(s, &i);
        if (rune_is_space(rune))
            buf_char(&b, ' ');
        else if (rune_is_print(rune))
            buf_rune(&b, rune);
    }
    return buf_take(&b);
}

static bool text_field(struct context *cx, const struct node *map, str name, str *out)
{
    const struct node *n = node_get_text(cx, map, name);
    *out = S("");
    if (!n || n->kind == NODE_NULL)
        return true;
    if (n->kind == NODE_FLOAT) {
        /* Go's YAML hands a number to a text field as %g prints it: 1.10 is "1.1". */
        struct buf b;
        buf_init(&b, cx->arena, 24);
        number_print_float(&b, scalar_float(n->text), 'g', -1, 64);
        *out = buf_take(&b);
        return true;
    }
    if (n->kind == NODE_BOOL || n->kind == NODE_INT) {
        *out = scalar_canonical(cx, n);
        return true;
    }
    if (n->kind != NODE_STRING)
        return report(cx, n->pos, "'%.*s' must be a string, not %s", STR(name), node_kind_name(n));
    *out = clean(cx, n->text);
    return true;
}

static bool read_dependency(struct context *cx, const struct node *n, struct dependency *d)
{
    const struct node *tags = node_get_text(cx, n, S("tags"));
    const struct node *imports = node_get_text(cx, n, S("import-values"));
    if (n->kind != NODE_MAP)
        return report(cx, n->pos, "validation: dependencies must not contain empty or null nodes");
    *d = (struct dependency){ .pos = n->pos, .tags = NIL, .imports = NIL };
    if (tags)
        d->tags = value_from_node(cx, tags);
    if (imports)
        d->imports = value_from_node(cx, imports);
    return text_field(cx, n, S("name"), &d->name) && text_field(cx, n, S("version"), &d->version)
           && text_field(cx, n, S("repository"), &d->repository)
           && text_field(cx, n, S("condition"), &d->condition)
           && text_field(cx, n, S("alias"), &d->alias);
}

static bool check_alias(struct context *cx, const struct dependency *d)
{
    for (size_t i = 0; i < d->alias.len; i++) {
        char c = d->alias.at[i];
        bool word = (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_'
                    || c == '-';
        if (!word)
            return report(cx, d->pos,
                          "validation: dependency \"%.*s\" has disallowed characters in the alias",
                          STR(d->name));
    }
    return true;
}

static bool read_dependencies(struct context *cx, struct chart *chart, const struct node *list)
{
    if (!node_is(list, NODE_LIST))
        return true;
    chart->dependencies = NEW_ARRAY(cx->arena, struct dependency, list->len);
    for (uint32_t i = 0; i < list->len; i++) {
        struct dependency *d = &chart->dependencies[chart->dependency_count++];
        if (!read_dependency(cx, list->items[i], d) || !check_alias(cx, d))
            return false;
        for (uint32_t j = 0; j < i; j++) {
            const struct dependency *other = &chart->dependencies[j];
            str mine = d->alias.len ? d->alias : d->name;
            if (str_eq(mine, other->alias.len ? other->alias : other->name))
                return report(cx, d->pos,
                              "validation: more than one dependency with name or alias \"%.*s\"",
                              STR(mine));
        }
    }
    return true;
}

static bool check_metadata(struct context *cx, const struct chart *chart, str api_version, str type)
{
    struct pos pos = chart->metadata->pos;
    struct semver version;
    str error;
    str name = chart->name;
    if (api_version.len == 0)
        return report(cx, pos, "validation: chart.metadata.apiVersion is required");
    if (name.len == 0)
        return report(cx, pos, "validation: chart.metadata.name is required");
    if (str_eq(name, S(".")) || str_eq(name, S("..")))
        return report(cx, pos, "validation: chart.metadata.name \"%.*s\" is not allowed",
                      STR(name));
    if (str_has_char(name, '/'))
        return report(cx, pos, "validation: chart.metadata.name \"%.*s\" is invalid", STR(name));
    if (chart->version.len == 0)
        return report(cx, pos, "validation: chart.metadata.version is required");
    if (!semver_parse(cx->arena, chart->version, &version, &error))
        return report(cx, pos, "validation: chart.metadata.version \"%.*s\" is invalid",
                      STR(chart->version));
    if (type.len && !str_eq(type, S("application")) && !str_eq(type, S("library")))
        return report(cx, pos, "validation: chart.metadata.type must be application or library");
    return true;
}

static bool is_list_of_maps(struct context *cx, const struct node *map, str name)
{
    const struct node *list = node_get_text(cx, map, name);
    if (!list || list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "'%.*s' must be a list, not %s", STR(name),
                      node_kind_name(list));
    for (uint32_t i = 0; i < list->len; i++) {
        const struct node *item = list->items[i];
        if (item->kind != NODE_MAP && item->kind != NODE_NULL)
            return report(cx, item->pos, "an item of '%.*s' must be a map, not %s", STR(name),
                          node_kind_name(item));
    }
    return true;
}

static bool decode_metadata(struct context *cx, struct chart *chart, struct text *text,
                            str *api_version, str *type)
{
    struct node *n = yaml_read(cx, text, YAML_GO2);
    if (!n)
        return false;
    if (n->kind == NODE_NULL)
        n = node_map(cx); /* whose fields will be missed */
    if (n->kind != NODE_MAP)
        return report(cx, n->pos, "Chart.yaml must be a map, not %s", node_kind_name(n));
    chart->metadata = n;
    return text_field(cx, n, S("apiVersion"), api_version)
           && text_field(cx, n, S("name"), &chart->name)
           && text_field(cx, n, S("version"), &chart->version)
           && text_field(cx, n, S("appVersion"), &chart->app_version)
           && text_field(cx, n, S("kubeVersion"), &chart->kube_version)
           && text_field(cx, n, S("type"), type) && is_list_of_maps(cx, n, S("maintainers"))
           && is_list_of_maps(cx, n, S("dependencies"));
}

/* `dependencies` of Chart.yaml, or of the requirements.yaml that older charts have. */
static bool find_dependencies(struct context *cx, const struct chart *chart,
                              const struct chart_files *files, const struct node **list)
{
    struct text *text = find_file(files, S("requirements.yaml"));
    *list = node_get_text(cx, chart->metadata, S("dependencies"));
    if (!text)
        return true;
    diag_enter(cx, NOWHERE, "cannot load requirements.yaml");
    const struct node *old = yaml_read(cx, text, YAML_GO2);
    bool ok = old && (old->kind != NODE_MAP || is_list_of_maps(cx, old, S("dependencies")));
    diag_leave(cx);
    if (ok && node_get_text(cx, old, S("dependencies")))
        *list = node_get_text(cx, old, S("dependencies"));
    return ok;
}

static bool read_metadata(struct context *cx, struct chart *chart, const struct chart_files *files,
                          struct pos from)
{
    struct text *text = find_file(files, S("Chart.yaml"));
    const struct node *list;
    str api_version, type;
    if (!text)
        return report(cx, from, "Chart.yaml file is missing");
    diag_enter(cx, NOWHERE, "cannot load Chart.yaml");
    bool ok = decode_metadata(cx, chart, text, &api_version, &type);
    diag_leave(cx);
    if (!ok || !find_dependencies(cx, chart, files, &list))
        return false;
    if (api_version.len == 0)
        api_version = S("v1");
    chart->library = str_eq(type, S("library"));
    return check_metadata(cx, chart, api_version, type) && read_dependencies(cx, chart, list);
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

static struct chart *load_archive(struct context *cx, const struct text *text, struct pos from)
{
    struct chart_files all = { 0 };
    struct chart_files files = { 0 };
    struct source *tar = source_tar(cx, text->name, text->bytes, from);
    struct folder *top = tar ? source_folder(cx, tar, S(""), from) : NULL;
    if (!top || !read_files(cx, top, from, false, &all))
        return NULL;
    for (uint32_t i = 0; i < all.len; i++) {
        str folder, path;
        if (str_cut(all.at[i].path, '/', &folder, &path))
            add_file(cx, &files, path, all.at[i].text);
    }
    return assemble(cx, &files, from);
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

static bool take_file(struct context *cx, struct chart *chart, const struct chart_file *f)
{
    static const str parts[] = { S("Chart.yaml"), S("Chart.lock"), S("requirements.lock"),
                                 S("requirements.yaml") };
    if (str_eq(f->path, S("values.yaml"))) {
        chart->values_text = f->text;
        diag_enter(cx, NOWHERE, "cannot load values.yaml");
        bool ok = values_read(cx, f->text, &chart->values);
        diag_leave(cx);
        return ok;
    }
    if (str_eq(f->path, S("values.schema.json")))
        chart->schema = f->text;
    else if (str_starts(f->path, S("templates/")))
        add_file(cx, &chart->templates, f->path, f->text);
    else
        for (size_t i = 0; i <= countof(parts); i++) {
            if (i == countof(parts))
                add_file(cx, &chart->files, f->path, f->text);
            else if (str_eq(f->path, parts[i]))
                break;
        }
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

/* Helm reads charts of the versions 1 and 2; the version of a subchart is not looked at. */
static struct chart *check_root(struct context *cx, struct chart *chart)
{
    const struct node *version = chart ? node_get(chart->metadata, KEY_API_VERSION) : NULL;
    str said = S("");
    if (!chart || !text_field(cx, chart->metadata, S("apiVersion"), &said))
        return NULL;
    if (said.len == 0 || str_eq(said, S("v1")) || str_eq(said, S("v2")))
        return chart;
    bool next = str_eq(said, S("v3"));
    report(cx, version->pos, next ? "invalid chart apiVersion" : "unsupported chart version");
    return NULL;
}

struct chart *chart_load_folder(struct context *cx, const struct folder *folder, struct pos from)
{
    struct chart_files files = { 0 };
    return read_files(cx, folder, from, true, &files) ? check_root(cx, assemble(cx, &files, from))
                                                      : NULL;
}

struct chart *chart_load(struct context *cx, struct source *src, str path, struct pos from)
{
    if (source_kind(cx, src, path) == FILE_PLAIN) {
        const struct text *text = source_read(cx, src, path, from);
        return text ? check_root(cx, load_archive(cx, text, from)) : NULL;
    }
    const struct folder *folder = source_folder(cx, src, path, from);
    return folder ? chart_load_folder(cx, folder, from) : NULL;
}

str chart_full_path(struct context *cx, const struct chart *chart)
{
    if (!chart->parent)
        return chart->name;
    return str_format(cx->arena, "%.*s/charts/%.*s", STR(chart_full_path(cx, chart->parent)),
                      STR(chart->name));
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
