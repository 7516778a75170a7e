/* Reading a kustomization: its fields are checked, what is older than they are is moved to where it
 * stands today. */
#include "overlays/kustomization.h"

#include "overlays/kustomization_fields.h"
#include "render/doc/yaml_read.h"

const str kustomization_names[3] = { S("kustomization.yaml"), S("kustomization.yml"),
                                     S("Kustomization") };

/* Appends the items of a legacy list to the one that took its place. */
static void move_list(struct context *cx, struct node *file, str legacy, str present)
{
    const struct node *from = node_get_text(cx, file, legacy);
    if (!node_is(from, NODE_LIST))
        return;
    const struct key *key = intern(cx->keys, present);
    struct node *to = node_get(file, key);
    if (!node_is(to, NODE_LIST)) {
        to = node_list(cx);
        to->pos = from->pos;
        node_set(cx, file, key, to);
    }
    for (uint32_t i = 0; i < from->len; i++)
        node_push(cx, to, from->items[i]);
    node_remove(file, intern(cx->keys, legacy));
}

static void move_env(struct context *cx, const struct node *generators)
{
    for (uint32_t i = 0; node_is(generators, NODE_LIST) && i < generators->len; i++) {
        struct node *g = generators->items[i];
        struct node *env = node_get(g, KEY(ENV));
        if (!node_is(env, NODE_STRING) || env->text.len == 0)
            continue;
        struct node *envs = node_get(g, KEY(ENVS));
        if (!node_is(envs, NODE_LIST)) {
            envs = node_list(cx);
            node_set(cx, g, KEY(ENVS), envs);
        }
        node_push(cx, envs, env);
        node_remove(g, KEY(ENV));
    }
}

/* An item of helmChartInflationGenerator, by the names that a chart's fields have now. */
static void rename_chart_fields(struct context *cx, struct node *chart, struct node *globals)
{
    static const struct {
        str old;
        str present;
        bool global;
    } table[] = {
        { S("chartName"), S("name"), false },           { S("chartVersion"), S("version"), false },
        { S("chartRepoUrl"), S("repo"), false },        { S("values"), S("valuesFile"), false },
        { S("valuesLocal"), S("valuesInline"), false }, { S("chartHome"), S("chartHome"), true },
        { S("helmHome"), S("configHome"), true },
    };
    for (size_t i = 0; i < countof(table); i++) {
        struct node *value = node_get_text(cx, chart, table[i].old);
        if (!value)
            continue;
        node_remove(chart, intern(cx->keys, table[i].old));
        node_set(cx, table[i].global ? globals : chart, intern(cx->keys, table[i].present), value);
    }
}

static void move_charts(struct context *cx, struct node *file)
{
    const struct key *globals = intern(cx->keys, S("helmGlobals"));
    const struct node *old = node_get_text(cx, file, S("helmChartInflationGenerator"));
    struct node *found = node_map(cx);
    for (uint32_t i = 0; node_is(old, NODE_LIST) && i < old->len; i++) {
        if (old->items[i]->kind == NODE_MAP)
            rename_chart_fields(cx, old->items[i], found);
    }
    if (found->len && !node_get(file, globals))
        node_set(cx, file, globals, found);
    move_list(cx, file, S("helmChartInflationGenerator"), S("helmCharts"));
}

static void warn_deprecated(struct context *cx, const struct node *file)
{
    static const struct {
        str field;
        str instead;
        bool experimental;
    } table[] = {
        { S("bases"), S("resources"), false },
        { S("commonLabels"), S("labels"), false },
        { S("imageTags"), S("images"), false },
        { S("patchesJson6902"), S("patches"), false },
        { S("patchesStrategicMerge"), S("patches"), false },
        { S("vars"), S("replacements"), true },
    };
    for (size_t i = 0; i < countof(table); i++) {
        const struct key *key = intern_find(cx->keys, table[i].field);
        const struct entry *e = key ? node_entry(file, key) : NULL;
        if (e && e->value->kind != NODE_NULL)
            warn(cx, e->pos,
                 "'%.*s' is deprecated. Please use '%.*s' instead.%s Run 'kustomize edit fix' to "
                 "update your Kustomization automatically.",
                 STR(table[i].field), STR(table[i].instead),
                 table[i].experimental ? " [EXPERIMENTAL]" : "");
    }
}

static bool check_kind(struct context *cx, const struct overlay *o)
{
    const struct node *kind = node_get(o->file, KEY_KIND);
    const struct node *version = node_get(o->file, KEY_API_VERSION);
    bool component = kind && str_eq(kind->text, S("Component"));
    if (kind && kind->text.len && !component && !str_eq(kind->text, S("Kustomization")))
        return report(cx, kind->pos, "kind should be Kustomization or Component, not '%.*s'",
                      STR(kind->text));
    const char *wanted =
        component ? "kustomize.config.k8s.io/v1alpha1" : "kustomize.config.k8s.io/v1beta1";
    if (version && version->text.len && !str_eq(version->text, str_from(wanted)))
        return report(cx, version->pos, "apiVersion for %s should be %s, not '%.*s'",
                      component ? "Component" : "Kustomization", wanted, STR(version->text));
    return true;
}

bool kustomization_check(struct context *cx, struct node *file)
{
    if (file->kind != NODE_MAP)
        return report(cx, file->pos, "a kustomization is a map, not %s", node_kind_name(file));
    return fields_check(cx, kustomization_fields, file, FIELDS_STRICT);
}

static bool has_content(const struct node *file)
{
    for (uint32_t i = 0; i < file->len; i++) {
        const struct entry *e = &file->entries[i];
        bool empty = e->value->kind == NODE_NULL
                     || (e->key == KEY(SORT_OPTIONS) && e->value->len == 0)
                     || (e->value->kind == NODE_STRING && !e->value->text.len);
        if (e->key != KEY_KIND && e->key != KEY_API_VERSION && !empty)
            return true;
    }
    return false;
}

struct text *kustomization_read(struct context *cx, const struct folder *folder, struct pos from,
                                str *name)
{
    struct text *found = NULL;
    for (size_t i = 0; i < countof(kustomization_names); i++) {
        if (folder_kind(cx, folder, kustomization_names[i]) != FILE_PLAIN)
            continue;
        if (found) {
            report(cx, from, "found multiple kustomization files in '%.*s': %.*s and %.*s",
                   STR(folder->path), STR(*name), STR(kustomization_names[i]));
            return NULL;
        }
        *name = kustomization_names[i];
        found = folder_read(cx, folder, *name, from);
        if (!found)
            return NULL;
    }
    if (!found)
        report(cx, from,
               "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' "
               "in directory '%.*s'",
               STR(folder->path));
    return found;
}

static void bring_up_to_date(struct context *cx, struct node *file)
{
    warn_deprecated(cx, file);
    move_list(cx, file, S("bases"), S("resources"));
    move_list(cx, file, S("imageTags"), S("images"));
    move_charts(cx, file);
    move_env(cx, node_get(file, KEY(CONFIG_MAP_GENERATOR)));
    move_env(cx, node_get(file, KEY(SECRET_GENERATOR)));
}

bool kustomization_open(struct context *cx, struct overlay *o)
{
    struct pos from = o->outer ? o->outer->file->pos : NOWHERE;
    o->text = kustomization_read(cx, o->folder, from, &o->file_name);
    if (!o->text)
        return false;
    struct documents all = { 0 };
    if (!yaml_read_all(cx, o->text, YAML_GO2, &all))
        return false;
    if (all.len == 0 || all.at[0]->kind == NODE_NULL)
        return true;
    o->file = all.at[0]; /* kustomize looks at the first document alone */
    return kustomization_check(cx, o->file);
}

bool kustomization_load(struct context *cx, struct overlay *o)
{
    if (!kustomization_open(cx, o))
        return false;
    if (!o->file || !has_content(o->file))
        return report(cx, (struct pos){ o->text->id, 0 }, "kustomization.yaml is empty");
    fields_settle(cx, kustomization_fields, o->file);
    bring_up_to_date(cx, o->file);
    o->component = str_eq(node_get_str(o->file, KEY_KIND), S("Component"));
    return check_kind(cx, o);
}

/* Where the first line of a block scalar's text begins: its node points to that line, or to the
 * indicator in the line before. */
static size_t first_line(str bytes, size_t at)
{
    ptrdiff_t start = str_find_last(str_slice(bytes, 0, at), '\n') + 1;
    str line = str_skip(bytes, at), rest = line;
    str_next_line(&rest, &line);
    str header = str_skip(line, 1), comment;
    str_cut(header, '#', &header, &comment);
    bool indicator = line.len && str_has_char(S("|>"), line.at[0])
                     && str_trim_chars(header, S("0123456789+- \r")).len == 0;
    return indicator ? at + line.len + 1 : (size_t)start;
}

struct text *text_of_scalar(struct context *cx, const struct node *n)
{
    const struct text *file = text_of(cx, n->pos);
    struct text *t = text_add(cx, file ? file->name : S("inline"), n->text);
    if (!file || (n->style != STYLE_LITERAL && n->style != STYLE_FOLDED))
        return t;
    uint32_t cap = 0;
    struct text_piece *pieces = NULL;
    size_t from = first_line(file->bytes, n->pos.offset);
    for (size_t at = 0; at < n->text.len && from < file->bytes.len;) {
        size_t column = from;
        while (column < file->bytes.len && file->bytes.at[column] == ' ')
            column++;
        for (size_t i = at; i < n->text.len && n->text.at[i] == ' ' && column > from; i++)
            column--; /* the text's own indentation */
        ARENA_PUSH(cx->arena, pieces, t->piece_count, cap);
        pieces[t->piece_count++] = (struct text_piece){ (uint32_t)at,
                                                        { n->pos.text, (uint32_t)column },
                                                        n->style == STYLE_LITERAL };
        ptrdiff_t next = str_find_char(str_skip(n->text, at), '\n');
        ptrdiff_t end = str_find_char(str_skip(file->bytes, from), '\n');
        if (next < 0 || end < 0)
            break;
        at += (size_t)next + 1;
        from += (size_t)end + 1;
    }
    t->pieces = pieces;
    return t;
}
