/* Folders and files of the repository.
 *
 * Folders are matched whole, part by part, and hidden ones are none; files as `git ls-files` has
 * it. What excludes wins. A path is told as "path", "path.basename" and so on, or under a prefix. */
#include "promote/generator.h"

#include "render/base/glob.h"
#include "render/doc/scalar.h"
#include "render/doc/yaml_read.h"
#include "render/source/walk.h"

struct git_generator {
    struct context *cx;
    const struct application_set *set;
    const struct node *generator;
    struct param_sets *out;
};

static struct node *new_text(struct context *cx, str text)
{
    return node_string(cx, text);
}

static str last_part(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

static str folder_part(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? folder : S(".");
}

/* What is said of a path, under `name` and a dot, or as a map's fields. */
static void put_path(struct context *cx, struct node *map, str name, str path, str file)
{
    str base = last_part(path);
    params_put(cx, map, params_dotted(cx, name, S("basename")), new_text(cx, base));
    params_put(cx, map, params_dotted(cx, name, S("basenameNormalized")),
               new_text(cx, fill_normalize(cx->arena, base)));
    if (!file.len)
        return;
    params_put(cx, map, params_dotted(cx, name, S("filename")), new_text(cx, file));
    params_put(cx, map, params_dotted(cx, name, S("filenameNormalized")),
               new_text(cx, fill_normalize(cx->arena, file)));
}

static void put_flat_path(struct context *cx, struct node *params, str prefix, str path, str file)
{
    str name = params_dotted(cx, prefix, S("path")), rest = path, part;
    params_put(cx, params, name, new_text(cx, path));
    put_path(cx, params, name, path, file);
    for (uint32_t i = 0; str_next_field(&rest, '/', &part); i++) {
        if (part.len)
            params_put(cx, params, str_format(cx->arena, "%.*s[%u]", STR(name), i),
                       new_text(cx, part));
    }
}

static void put_tree_path(struct context *cx, struct node *params, str prefix, str path, str file)
{
    struct node *map = node_map(cx), *parts = node_list(cx), *outer = params;
    str rest = path, part;
    params_put(cx, map, S("path"), new_text(cx, path));
    put_path(cx, map, S(""), path, file);
    while (str_next_field(&rest, '/', &part))
        node_push(cx, parts, new_text(cx, part));
    params_put(cx, map, S("segments"), parts);
    if (prefix.len)
        params_put(cx, params, prefix, outer = node_map(cx));
    params_put(cx, outer, S("path"), map);
}

/* `values` see the other parameters. */
static bool put_values(struct git_generator *g, struct node *params)
{
    struct context *cx = g->cx;
    const struct node *values = node_get_text(cx, g->generator, S("values"));
    struct params p = { .node = params };
    struct node *filled =
        node_is(values, NODE_MAP) ? fill_tree(cx, &g->set->fill, values, &p) : NULL;
    if (!node_is(values, NODE_MAP) || !values->len)
        return true;
    if (!filled)
        return false;
    if (g->set->fill.go)
        params_put(cx, params, S("values"), filled);
    for (uint32_t i = 0; !g->set->fill.go && i < filled->len; i++)
        params_put(cx, params, params_dotted(cx, S("values"), filled->entries[i].key->text),
                   filled->entries[i].value);
    return true;
}

static bool add_path(struct git_generator *g, struct node *params, str path, str file)
{
    struct context *cx = g->cx;
    str prefix = params_text(cx, g->generator, "pathParamPrefix");
    if (g->set->fill.go)
        put_tree_path(cx, params, prefix, path, file);
    else
        put_flat_path(cx, params, prefix, path, file);
    return put_values(g, params) && params_keep(cx, g->out, params);
}

/* Patterns, those that exclude aside from the others. */
static bool matches_any(struct context *cx, const struct node *items, str path, bool exclude)
{
    for (uint32_t i = 0; i < items->len; i++) {
        const struct node *no = node_get_text(cx, items->items[i], S("exclude"));
        bool excludes = node_is(no, NODE_BOOL) && scalar_true(no->text);
        str pattern = params_text(cx, items->items[i], "path");
        if (excludes == exclude && glob_match(pattern, path) == GLOB_YES)
            return true;
    }
    return false;
}

static uint32_t parts_of(str path)
{
    uint32_t n = 1;
    for (size_t i = 0; i < path.len; i++)
        n += path.at[i] == '/';
    return n;
}

/* Folders are looked for no deeper than the patterns go. */
static bool find_folders(struct git_generator *g, const struct node *items, str path,
                         uint32_t deepest)
{
    struct context *cx = g->cx;
    struct folder *folder = folder_enter(cx, g->set->top, path.len ? path : S("."), items->pos);
    struct listing names = { 0 };
    if (!folder || !folder_list(cx, folder, items->pos, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        if (names.at[i].kind != FILE_FOLDER || str_starts(names.at[i].name, S(".")))
            continue;
        str inner = path.len ? source_join(cx->arena, path, names.at[i].name) : names.at[i].name;
        if (matches_any(cx, items, inner, false) && !matches_any(cx, items, inner, true)
            && !add_path(g, node_map(cx), inner, S("")))
            return false;
        if (parts_of(inner) < deepest && !find_folders(g, items, inner, deepest))
            return false;
    }
    return true;
}

static bool run_directories(struct git_generator *g, const struct node *items)
{
    uint32_t deepest = 0;
    for (uint32_t i = 0; i < items->len; i++) {
        uint32_t n = parts_of(params_text(g->cx, items->items[i], "path"));
        deepest = n > deepest ? n : deepest;
    }
    return find_folders(g, items, S(""), deepest);
}

/* One file's map, or each of its list. */
static bool add_file(struct git_generator *g, const struct node *at, str path)
{
    struct context *cx = g->cx;
    struct text *text = folder_read(cx, g->set->top, path, at->pos);
    struct node *root = text ? yaml_read(cx, text, YAML_GO2) : NULL;
    if (!root)
        return false;
    uint32_t n = root->kind == NODE_LIST ? root->len : 1;
    for (uint32_t i = 0; i < n; i++) {
        const struct node *map = root->kind == NODE_LIST ? root->items[i] : root;
        struct node *params = node_map(cx);
        if (map->kind != NODE_MAP && map->kind != NODE_NULL)
            return report(cx, map->pos, "parameters must be a map, not %s", node_kind_name(map));
        if (map->kind == NODE_MAP && g->set->fill.go)
            params = node_copy(cx, map);
        else if (map->kind == NODE_MAP)
            params_flatten(cx, params, map, S(""));
        if (!add_path(g, params, folder_part(path), last_part(path)))
            return false;
    }
    return true;
}

/* As `git ls-files` has it: a star takes slashes too, and a folder means all that it holds. */
static bool lists_file(struct context *cx, str pattern, str path)
{
    struct regex *regex;
    str folder = str_concat(cx->arena, str_trim_suffix(pattern, S("/")), S("/"));
    if (str_eq(pattern, path) || str_starts(path, folder))
        return true;
    regex = glob_compile(cx->arena, pattern, 0);
    return regex && regex_matches(cx->arena, regex, path);
}

static bool takes_file(struct context *cx, const struct node *items, str path)
{
    bool takes = false;
    for (uint32_t i = 0; i < items->len; i++) {
        const struct node *no = node_get_text(cx, items->items[i], S("exclude"));
        bool excludes = node_is(no, NODE_BOOL) && scalar_true(no->text);
        if (!lists_file(cx, params_text(cx, items->items[i], "path"), path))
            continue;
        if (excludes)
            return false;
        takes = true;
    }
    return takes;
}

/* What stands before the first star of all patterns. */
static str folder_of_all(struct context *cx, const struct node *items)
{
    str all = S("");
    for (uint32_t i = 0; i < items->len; i++) {
        str pattern = params_text(cx, items->items[i], "path");
        size_t n = 0;
        while (n < pattern.len && !strchr("*?[{\\", pattern.at[n]))
            n++;
        str own = folder_part(str_slice(pattern, 0, n));
        if (i && !str_eq(own, all))
            return S(".");
        all = own;
    }
    return all.len ? all : S(".");
}

static bool skip_git(void *who, str path, enum file_kind kind)
{
    (void)who;
    return kind == FILE_FOLDER && str_eq(path, S(".git"));
}

static bool run_files(struct git_generator *g, const struct node *items)
{
    struct context *cx = g->cx;
    struct walk_filter filter = { skip_git, NULL };
    struct listing files = { 0 };
    str below = folder_of_all(cx, items);
    if (folder_kind(cx, g->set->top, below) != FILE_FOLDER)
        return true;
    struct folder *folder = folder_enter(cx, g->set->top, below, items->pos);
    if (!folder || !folder_walk(cx, folder, items->pos, &filter, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        str path = source_join(cx->arena, below, files.at[i].name);
        if (takes_file(cx, items, path) && !add_file(g, items, path))
            return false;
    }
    return true;
}

bool generator_git(struct context *cx, const struct application_set *set,
                   const struct node *generator, struct param_sets *out)
{
    struct git_generator g = { cx, set, generator, out };
    const struct node *directories = params_list(cx, generator, "directories");
    const struct node *files = params_list(cx, generator, "files");
    if (directories && directories->len)
        return run_directories(&g, directories);
    if (files && files->len)
        return run_files(&g, files);
    return report(cx, generator->pos, "a git generator needs 'directories' or 'files'");
}
