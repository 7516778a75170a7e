/* The fields of a kustomization are a table; reading is one walk over it.
 *
 * Types are strict, as Go's JSON decoder has them: a number is no string, so `newTag: 1.10` is
 * refused. Names of fields are compared without regard to case when none matches exactly. */
#include "overlays/kustomization.h"

#include <strings.h>

#include "render/base/suggest.h"
#include "render/doc/yaml_read.h"

const str kustomization_names[3] = { S("kustomization.yaml"), S("kustomization.yml"),
                                     S("Kustomization") };

enum field_type {
    TYPE_STRING,
    TYPE_BOOL,
    TYPE_INT,
    TYPE_STRINGS, /* a list of strings */
    TYPE_TEXTS,   /* a map of strings */
    TYPE_MAP,     /* a map with `fields` */
    TYPE_MAPS,    /* a list of them */
    TYPE_ANY,     /* any map */
};

struct field {
    str name;
    enum field_type type;
    const struct field *fields;
};

#define FIELD(name, type)                                                                          \
    {                                                                                              \
        S(name), (type), NULL                                                                      \
    }
#define NESTED(name, type, fields)                                                                 \
    {                                                                                              \
        S(name), (type), (fields)                                                                  \
    }
#define END                                                                                        \
    {                                                                                              \
        { NULL, 0 }, TYPE_ANY, NULL                                                                \
    }

static const struct field metadata_fields[] = {
    FIELD("name", TYPE_STRING),
    FIELD("namespace", TYPE_STRING),
    FIELD("labels", TYPE_TEXTS),
    FIELD("annotations", TYPE_TEXTS),
    END,
};

#define GVK_FIELDS                                                                                 \
    FIELD("group", TYPE_STRING), FIELD("version", TYPE_STRING), FIELD("kind", TYPE_STRING)
#define ID_FIELDS GVK_FIELDS, FIELD("name", TYPE_STRING), FIELD("namespace", TYPE_STRING)

static const struct field selector_fields[] = {
    ID_FIELDS,
    FIELD("annotationSelector", TYPE_STRING),
    FIELD("labelSelector", TYPE_STRING),
    END,
};

static const struct field patch_option_fields[] = {
    FIELD("allowNameChange", TYPE_BOOL),
    FIELD("allowKindChange", TYPE_BOOL),
    END,
};

static const struct field patch_fields[] = {
    FIELD("path", TYPE_STRING),
    FIELD("patch", TYPE_STRING),
    NESTED("target", TYPE_MAP, selector_fields),
    NESTED("options", TYPE_MAP, patch_option_fields),
    END,
};

static const struct field image_fields[] = {
    FIELD("name", TYPE_STRING),   FIELD("newName", TYPE_STRING), FIELD("tagSuffix", TYPE_STRING),
    FIELD("newTag", TYPE_STRING), FIELD("digest", TYPE_STRING),  END,
};

static const struct field spec_fields[] = {
    GVK_FIELDS,
    FIELD("path", TYPE_STRING),
    FIELD("create", TYPE_BOOL),
    END,
};

static const struct field label_fields[] = {
    FIELD("pairs", TYPE_TEXTS),
    FIELD("includeSelectors", TYPE_BOOL),
    FIELD("includeTemplates", TYPE_BOOL),
    NESTED("fields", TYPE_MAPS, spec_fields),
    END,
};

static const struct field value_option_fields[] = {
    FIELD("delimiter", TYPE_STRING),
    FIELD("index", TYPE_INT),
    FIELD("encoding", TYPE_STRING),
    FIELD("create", TYPE_BOOL),
    END,
};

static const struct field replacement_source_fields[] = {
    ID_FIELDS,
    FIELD("fieldPath", TYPE_STRING),
    NESTED("options", TYPE_MAP, value_option_fields),
    END,
};

static const struct field replacement_target_fields[] = {
    NESTED("select", TYPE_MAP, selector_fields),
    NESTED("reject", TYPE_MAPS, selector_fields),
    FIELD("fieldPaths", TYPE_STRINGS),
    NESTED("options", TYPE_MAP, value_option_fields),
    END,
};

static const struct field replacement_fields[] = {
    FIELD("path", TYPE_STRING),
    NESTED("source", TYPE_MAP, replacement_source_fields),
    FIELD("sourceValue", TYPE_STRING),
    NESTED("targets", TYPE_MAPS, replacement_target_fields),
    END,
};

static const struct field replica_fields[] = {
    FIELD("name", TYPE_STRING),
    FIELD("count", TYPE_INT),
    END,
};

static const struct field var_object_fields[] = {
    FIELD("apiVersion", TYPE_STRING),
    ID_FIELDS,
    END,
};

static const struct field var_field_fields[] = {
    FIELD("fieldPath", TYPE_STRING),
    END,
};

static const struct field var_fields[] = {
    FIELD("name", TYPE_STRING),
    NESTED("objref", TYPE_MAP, var_object_fields),
    NESTED("fieldref", TYPE_MAP, var_field_fields),
    END,
};

static const struct field sort_order_fields[] = {
    FIELD("orderFirst", TYPE_STRINGS),
    FIELD("orderLast", TYPE_STRINGS),
    END,
};

static const struct field sort_fields[] = {
    FIELD("order", TYPE_STRING),
    NESTED("legacySortOptions", TYPE_MAP, sort_order_fields),
    END,
};

static const struct field generator_option_fields[] = {
    FIELD("labels", TYPE_TEXTS),
    FIELD("annotations", TYPE_TEXTS),
    FIELD("disableNameSuffixHash", TYPE_BOOL),
    FIELD("immutable", TYPE_BOOL),
    END,
};

#define GENERATOR_FIELDS                                                                           \
    FIELD("name", TYPE_STRING), FIELD("namespace", TYPE_STRING), FIELD("behavior", TYPE_STRING),   \
        FIELD("literals", TYPE_STRINGS), FIELD("files", TYPE_STRINGS),                             \
        FIELD("envs", TYPE_STRINGS), FIELD("env", TYPE_STRING),                                    \
        NESTED("options", TYPE_MAP, generator_option_fields)

static const struct field config_map_fields[] = { GENERATOR_FIELDS, END };
static const struct field secret_fields[] = {
    GENERATOR_FIELDS,
    FIELD("type", TYPE_STRING),
    END,
};

static const struct field helm_global_fields[] = {
    FIELD("chartHome", TYPE_STRING),
    FIELD("configHome", TYPE_STRING),
    END,
};

static const struct field helm_chart_fields[] = {
    FIELD("name", TYPE_STRING),        FIELD("version", TYPE_STRING),
    FIELD("repo", TYPE_STRING),        FIELD("releaseName", TYPE_STRING),
    FIELD("namespace", TYPE_STRING),   FIELD("additionalValuesFiles", TYPE_STRINGS),
    FIELD("valuesFile", TYPE_STRING),  FIELD("valuesInline", TYPE_ANY),
    FIELD("valuesMerge", TYPE_STRING), FIELD("includeCRDs", TYPE_BOOL),
    FIELD("skipHooks", TYPE_BOOL),     FIELD("apiVersions", TYPE_STRINGS),
    FIELD("kubeVersion", TYPE_STRING), FIELD("nameTemplate", TYPE_STRING),
    FIELD("skipTests", TYPE_BOOL),     FIELD("debug", TYPE_BOOL),
    FIELD("devel", TYPE_BOOL),         END,
};

static const struct field helm_inflation_fields[] = {
    FIELD("chartName", TYPE_STRING),     FIELD("chartVersion", TYPE_STRING),
    FIELD("chartRepoUrl", TYPE_STRING),  FIELD("chartHome", TYPE_STRING),
    FIELD("chartRepoName", TYPE_STRING), FIELD("helmBin", TYPE_STRING),
    FIELD("helmHome", TYPE_STRING),      FIELD("values", TYPE_STRING),
    FIELD("valuesLocal", TYPE_ANY),      FIELD("valuesMerge", TYPE_STRING),
    FIELD("releaseName", TYPE_STRING),   FIELD("releaseNamespace", TYPE_STRING),
    FIELD("extraArgs", TYPE_STRINGS),    END,
};

static const struct field kustomization_fields[] = {
    FIELD("apiVersion", TYPE_STRING),
    FIELD("kind", TYPE_STRING),
    NESTED("metadata", TYPE_MAP, metadata_fields),
    FIELD("openapi", TYPE_TEXTS),
    FIELD("namePrefix", TYPE_STRING),
    FIELD("nameSuffix", TYPE_STRING),
    FIELD("namespace", TYPE_STRING),
    FIELD("commonLabels", TYPE_TEXTS),
    NESTED("labels", TYPE_MAPS, label_fields),
    FIELD("commonAnnotations", TYPE_TEXTS),
    FIELD("patchesStrategicMerge", TYPE_STRINGS),
    NESTED("patchesJson6902", TYPE_MAPS, patch_fields),
    NESTED("patches", TYPE_MAPS, patch_fields),
    NESTED("images", TYPE_MAPS, image_fields),
    NESTED("imageTags", TYPE_MAPS, image_fields),
    NESTED("replacements", TYPE_MAPS, replacement_fields),
    NESTED("replicas", TYPE_MAPS, replica_fields),
    NESTED("vars", TYPE_MAPS, var_fields),
    NESTED("sortOptions", TYPE_MAP, sort_fields),
    FIELD("resources", TYPE_STRINGS),
    FIELD("components", TYPE_STRINGS),
    FIELD("crds", TYPE_STRINGS),
    FIELD("bases", TYPE_STRINGS),
    NESTED("configMapGenerator", TYPE_MAPS, config_map_fields),
    NESTED("secretGenerator", TYPE_MAPS, secret_fields),
    NESTED("helmGlobals", TYPE_MAP, helm_global_fields),
    NESTED("helmCharts", TYPE_MAPS, helm_chart_fields),
    NESTED("helmChartInflationGenerator", TYPE_MAPS, helm_inflation_fields),
    NESTED("generatorOptions", TYPE_MAP, generator_option_fields),
    FIELD("configurations", TYPE_STRINGS),
    FIELD("generators", TYPE_STRINGS),
    FIELD("transformers", TYPE_STRINGS),
    FIELD("validators", TYPE_STRINGS),
    FIELD("buildMetadata", TYPE_STRINGS),
    END,
};

static const struct field *find_field(const struct field *fields, str name)
{
    for (const struct field *f = fields; f->name.at; f++) {
        if (str_eq(f->name, name))
            return f;
    }
    for (const struct field *f = fields; f->name.at; f++) {
        if (f->name.len == name.len && strncasecmp(f->name.at, name.at, name.len) == 0)
            return f;
    }
    return NULL;
}

static bool unknown_field(struct context *cx, const struct field *fields, const struct entry *e)
{
    str names[64];
    size_t n = 0;
    for (const struct field *f = fields; f->name.at && n < countof(names); f++)
        names[n++] = f->name;
    report(cx, e->pos, "unknown field '%.*s'", STR(e->key->text));
    ptrdiff_t near = suggest(e->key->text, names, n);
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    return false;
}

static bool wrong_type(struct context *cx, const struct node *n, str name, const char *wanted)
{
    report(cx, n->pos, "'%.*s' must be %s, not %s", STR(name), wanted, node_kind_name(n));
    if (node_is_scalar(n) && strcmp(wanted, "a string") == 0)
        hint(cx, NOWHERE, "put it in quotes: \"%.*s\"", STR(n->text));
    return false;
}

static bool check_map(struct context *cx, const struct field *fields, struct node *map);

static bool check_strings(struct context *cx, const struct node *n, str name)
{
    if (n->kind != NODE_LIST)
        return wrong_type(cx, n, name, "a list of strings");
    for (uint32_t i = 0; i < n->len; i++) {
        const struct node *item = n->items[i];
        if (item->kind != NODE_STRING && item->kind != NODE_NULL)
            return wrong_type(cx, item, name, "a string");
    }
    return true;
}

static bool check_texts(struct context *cx, const struct node *n, str name)
{
    if (n->kind != NODE_MAP)
        return wrong_type(cx, n, name, "a map of strings");
    for (uint32_t i = 0; i < n->len; i++) {
        const struct entry *e = &n->entries[i];
        if (e->value->kind != NODE_STRING && e->value->kind != NODE_NULL)
            return wrong_type(cx, e->value, e->key->text, "a string");
    }
    return true;
}

static bool check_maps(struct context *cx, const struct field *field, const struct node *n)
{
    if (n->kind != NODE_LIST)
        return wrong_type(cx, n, field->name, "a list");
    for (uint32_t i = 0; i < n->len; i++) {
        struct node *item = n->items[i];
        if (item->kind == NODE_NULL)
            continue;
        if (item->kind != NODE_MAP)
            return wrong_type(cx, item, field->name, "a list of maps");
        if (!check_map(cx, field->fields, item))
            return false;
    }
    return true;
}

static bool check_value(struct context *cx, const struct field *field, struct node *n)
{
    if (n->kind == NODE_NULL)
        return true;
    switch (field->type) {
    case TYPE_STRING:
        return n->kind == NODE_STRING || wrong_type(cx, n, field->name, "a string");
    case TYPE_BOOL:
        return n->kind == NODE_BOOL || wrong_type(cx, n, field->name, "true or false");
    case TYPE_INT:
        return n->kind == NODE_INT || wrong_type(cx, n, field->name, "an integer");
    case TYPE_STRINGS:
        return check_strings(cx, n, field->name);
    case TYPE_TEXTS:
        return check_texts(cx, n, field->name);
    case TYPE_MAPS:
        return check_maps(cx, field, n);
    case TYPE_MAP:
        if (n->kind != NODE_MAP)
            return wrong_type(cx, n, field->name, "a map");
        return check_map(cx, field->fields, n);
    case TYPE_ANY:
        return n->kind == NODE_MAP || wrong_type(cx, n, field->name, "a map");
    }
    return true;
}

/* Unknown fields are all reported; then each value must have its type. */
static bool check_map(struct context *cx, const struct field *fields, struct node *map)
{
    bool ok = true;
    for (uint32_t i = 0; i < map->len; i++) {
        struct entry *e = &map->entries[i];
        const struct field *field = find_field(fields, e->key->text);
        if (!field) {
            ok = unknown_field(cx, fields, e);
            continue;
        }
        if (!str_eq(field->name, e->key->text))
            e->key = intern(cx->keys, field->name);
        ok = check_value(cx, field, e->value) && ok;
    }
    return ok;
}

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
    return check_map(cx, kustomization_fields, file);
}

static bool has_content(const struct node *file)
{
    for (uint32_t i = 0; i < file->len; i++) {
        const struct entry *e = &file->entries[i];
        bool empty = e->value->kind == NODE_NULL || (e->value->kind == NODE_MAP && !e->value->len)
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

bool kustomization_load(struct context *cx, struct overlay *o)
{
    struct pos from = o->outer ? o->outer->file->pos : NOWHERE;
    o->text = kustomization_read(cx, o->folder, from, &o->file_name);
    if (!o->text)
        return false;
    struct pos start = { o->text->id, 0 };
    struct documents all = { 0 };
    if (!yaml_read_all(cx, o->text, YAML_GO2, &all))
        return false;
    if (all.len == 0 || all.at[0]->kind == NODE_NULL)
        return report(cx, start, "kustomization.yaml is empty");
    o->file = all.at[0]; /* kustomize looks at the first document alone */
    if (!kustomization_check(cx, o->file))
        return false;
    if (!has_content(o->file))
        return report(cx, start, "kustomization.yaml is empty");
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
