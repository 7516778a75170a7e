/* The `helm` section of a source, as Argo CD turns it into flags of `helm template`: values files
 * in order, then `valuesObject` or else `values`, then the parameters: plain ones, texts, files. */
#include "promote/application.h"

#include "overlays/kustomization.h"
#include "promote/application_tree.h"
#include "render/base/glob.h"
#include "render/chart/repository.h"
#include "render/source/walk.h"

struct helm {
    struct context *cx;
    struct application *app;
    struct environment *env;
    const struct node *source;
    const struct node *section; /* NULL when it has none */
    struct folder *folder;      /* the chart's */
    struct folder *top;         /* of the tree that the chart is in */
    struct chart_settings *settings;
};

static const struct node *list_of(const struct helm *h, const char *field)
{
    const struct node *n = node_get_text(h->cx, h->section, str_from(field));
    return node_is(n, NODE_LIST) ? n : NULL;
}

/* Files of values. */

/* A file that the section names. */
struct named_file {
    struct folder *top; /* of the tree that it is in */
    str path;
};

static const struct node *source_with(const struct helm *h, str ref)
{
    for (uint32_t i = 0; i < h->app->source_count; i++) {
        if (str_eq(application_text(h->cx, h->app->sources[i], "ref"), ref))
            return h->app->sources[i];
    }
    return NULL;
}

/* In a project that is a folder of a larger repository, paths may begin at the project. */
static bool at_top(const struct helm *h, struct folder *top, str rest, struct named_file *out)
{
    struct context *cx = h->cx;
    *out = (struct named_file){ top, source_join(cx->arena, top->path, rest) };
    if (top == h->app->top && source_kind(cx, top->source, out->path) == FILE_NONE)
        out->path = source_join(cx->arena, h->app->folder->path, rest);
    return true;
}

/* "$values/env/a.yaml": variables are filled in behind the name of the source. */
static bool resolve_ref(const struct helm *h, const struct node *at, const struct node *source,
                        str rest, struct named_file *out)
{
    struct node behind = { .kind = NODE_STRING, .text = rest, .pos = at->pos };
    struct folder *top = application_tree(h->cx, h->app, source);
    if (!top || !application_expand(h->cx, h->app, h->source, &behind, &rest))
        return false;
    environment_reads_from(h->cx, h->env, top->source);
    return at_top(h, top, rest, out);
}

/* A path with a `ref` begins at the top of that source, "/a" at the chart's own top. */
static bool resolve(const struct helm *h, const struct node *at, struct named_file *out)
{
    struct context *cx = h->cx;
    str ref, rest, path;
    bool dollar = str_starts(at->text, S("$")) && str_cut(str_skip(at->text, 1), '/', &ref, &rest);
    const struct node *source = dollar ? source_with(h, ref) : NULL;
    if (source)
        return resolve_ref(h, at, source, rest, out);
    if (dollar && !str_starts(ref, S("ARGOCD_APP_")) && !str_starts(ref, S("{")))
        return report(cx, at->pos, "no source has the ref '%.*s'", STR(ref));
    if (!application_expand(cx, h->app, h->source, at, &path))
        return false;
    *out = (struct named_file){ h->top, path };
    if (str_starts(path, S("/")))
        out->path = source_join(cx->arena, h->top->path, str_trim_prefix(path, S("/")));
    else if (!is_address(path))
        out->path = source_join(cx->arena, h->folder->path, path);
    return true;
}

/* Links followed, a file must still be in the repository. */
static bool is_inside(const struct helm *h, const struct node *at, const struct named_file *place,
                      const struct text *text)
{
    const struct source *src = place->top->source;
    str real = S(""), top = place->top->real;
    bool known = source_path(src, text, &real);
    if (!known || src->closed
        || (str_starts(real, top) && str_starts(str_skip(real, top.len), S("/"))))
        return true;
    return report(h->cx, at->pos, "'%.*s' leads out of the repository", STR(at->text));
}

static bool is_listed(const struct helm *h, const struct text *text)
{
    for (uint32_t i = 0; i < h->settings->len; i++) {
        if (h->settings->layers[i].text == text)
            return true;
    }
    return false;
}

static bool add_file(const struct helm *h, const struct node *at, const struct named_file *place)
{
    struct context *cx = h->cx;
    struct text *text = source_read(cx, place->top->source, place->path, at->pos);
    if (!text || !is_inside(h, at, place, text))
        return false;
    if (!is_listed(h, text))
        chart_settings_add(
            cx, h->settings,
            (struct value_layer){ .kind = LAYER_FILE, .text = text, .pos = at->pos });
    return true;
}

/* Does the list name this file itself? Then it has its place there. */
static bool is_explicit(const struct helm *h, const struct node *list,
                        const struct named_file *place)
{
    struct named_file other;
    for (uint32_t i = 0; i < list->len; i++) {
        if (resolve(h, list->items[i], &other) && other.top == place->top
            && str_eq(other.path, place->path))
            return true;
    }
    return false;
}

static bool add_matches(const struct helm *h, const struct node *list, const struct node *at,
                        const struct named_file *place, bool may_be_none)
{
    struct context *cx = h->cx;
    struct listing names = { 0 };
    str pattern = place->path;
    size_t star = 0;
    while (star < pattern.len && !strchr("*?[", pattern.at[star]))
        star++;
    str before = str_slice(pattern, 0, star), rest;
    ptrdiff_t slash = str_find_last(before, '/');
    str folder_path = slash < 0 ? S(".") : str_slice(pattern, 0, (size_t)slash);
    rest = slash < 0 ? pattern : str_skip(pattern, (size_t)slash + 1);
    struct regex *regex = glob_compile(cx->arena, rest, '/');
    struct folder *folder = source_folder(cx, place->top->source, folder_path, at->pos);
    bool any = false;
    if (!regex)
        return report(cx, at->pos, "the pattern '%.*s' can't be read", STR(at->text));
    if (!folder || !folder_walk(cx, folder, at->pos, NULL, &names))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        struct named_file found = { place->top,
                                    source_join(cx->arena, folder_path, names.at[i].name) };
        if (!regex_matches(cx->arena, regex, names.at[i].name) || is_explicit(h, list, &found))
            continue;
        any = true;
        if (!add_file(h, at, &found))
            return false;
    }
    return any || may_be_none || report(cx, at->pos, "no file matches '%.*s'", STR(at->text));
}

static bool add_address(const struct helm *h, const struct node *at, str address)
{
    struct text *text = file_or_address_read(h->cx, h->app->top->source, address, at->pos);
    if (text && !is_listed(h, text))
        chart_settings_add(
            h->cx, h->settings,
            (struct value_layer){ .kind = LAYER_FILE, .text = text, .pos = at->pos });
    return text;
}

static bool add_place(const struct helm *h, const struct node *list, const struct node *at,
                      const struct named_file *place, bool may_be_none)
{
    if (str_has_char(place->path, '*') || str_has_char(place->path, '?')
        || str_has_char(place->path, '['))
        return add_matches(h, list, at, place, may_be_none);
    if (may_be_none && source_kind(h->cx, place->top->source, place->path) == FILE_NONE)
        return true;
    return add_file(h, at, place);
}

static bool add_files(const struct helm *h)
{
    struct context *cx = h->cx;
    const struct node *list;
    bool may_be_none = application_true(cx, h->section, "ignoreMissingValueFiles");
    if (!application_texts(cx, h->section, "valueFiles", NODE_LIST, &list))
        return false;
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct node *at = list->items[i];
        struct named_file place;
        if (!resolve(h, at, &place))
            return false;
        if (is_address(place.path) ? !add_address(h, at, place.path)
                                   : !add_place(h, list, at, &place, may_be_none))
            return false;
    }
    return true;
}

/* Values in the Application itself. */

static bool add_values(const struct helm *h)
{
    struct context *cx = h->cx;
    const struct node *object = node_get_text(cx, h->section, S("valuesObject"));
    const struct node *text = node_get_text(cx, h->section, S("values"));
    struct value_layer layer = { .kind = LAYER_TREE, .tree = object };
    if (!object || object->kind == NODE_NULL) {
        if (!text || text->kind == NODE_NULL)
            return true;
        if (text->kind != NODE_STRING)
            return report(cx, text->pos, "'values' must be a text, not %s", node_kind_name(text));
        layer.tree = yaml_read(cx, text_of_scalar(cx, text), YAML_GO2);
        layer.value = text;
        layer.holder = h->section;
    }
    if (!layer.tree)
        return false;
    layer.pos = layer.tree->pos;
    chart_settings_add(cx, h->settings, layer);
    return true;
}

/* A comma separates settings, but for one in braces. */
static str escape_commas(struct context *cx, str value)
{
    if (str_starts(value, S("{")) && str_ends(value, S("}")))
        return value;
    return str_replace_all(cx->arena, value, S(","), S("\\,"));
}

static bool add_parameters(const struct helm *h, bool texts)
{
    struct context *cx = h->cx;
    const struct node *list = list_of(h, "parameters");
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct node *n = list->items[i];
        const struct node *value = node_get_text(cx, n, S("value"));
        str said = S("");
        if (application_true(cx, n, "forceString") != texts)
            continue;
        if (value && !node_is_scalar(value))
            return report(cx, value->pos, "a parameter's value must be a text, not %s",
                          node_kind_name(value));
        if (value && !application_expand(cx, h->app, h->source, value, &said))
            return false;
        struct value_layer layer = {
            .kind = LAYER_SET, .mode = texts ? SET_STRING : SET_TYPED, .value = value, .pos = n->pos
        };
        layer.set = str_format(cx->arena, "%.*s=%.*s", STR(application_text(cx, n, "name")),
                               STR(escape_commas(cx, said)));
        chart_settings_add(cx, h->settings, layer);
    }
    return true;
}

static bool add_file_parameters(const struct helm *h)
{
    struct context *cx = h->cx;
    const struct node *list = list_of(h, "fileParameters");
    for (uint32_t i = 0; list && i < list->len; i++) {
        const struct node *n = list->items[i];
        const struct node *path = node_get_text(cx, n, S("path"));
        struct named_file found;
        if (!path || !node_is_scalar(path))
            return report(cx, n->pos, "a file parameter needs a 'path'");
        if (!resolve(h, path, &found))
            return false;
        struct text *text = source_read(cx, found.top->source, found.path, path->pos);
        if (!text || !is_inside(h, path, &found, text))
            return false;
        chart_settings_add(
            cx, h->settings,
            (struct value_layer){ .kind = LAYER_SET,
                                  .mode = SET_FILE,
                                  .files = found.top->source,
                                  .set = str_format(cx->arena, "%.*s=%.*s",
                                                    STR(application_text(cx, n, "name")),
                                                    STR(found.path)),
                                  .pos = n->pos });
    }
    return true;
}

bool application_helm(struct context *cx, struct application *app, const struct node *source,
                      struct environment *env, struct environment_part *part)
{
    struct chart_settings *s = part->path.chart = NEW(cx->arena, struct chart_settings);
    struct helm h = { .cx = cx,
                      .app = app,
                      .env = env,
                      .source = source,
                      .section = node_get_text(cx, source, S("helm")),
                      .folder = part->path.folder,
                      .top = part->path.archive.len ? app->top : application_tree(cx, app, source),
                      .settings = s };
    const struct node *versions;
    if (!h.top || !application_texts(cx, h.section, "apiVersions", NODE_LIST, &versions))
        return false;
    str release = application_text(cx, h.section, "releaseName");
    str own = application_text(cx, h.section, "namespace");
    *s = (struct chart_settings){
        .release = release.len ? release : app->name,
        .namespace_ = own.len ? own : app->namespace_,
        .kube_version = application_text(cx, h.section, "kubeVersion"),
        .skip_crds = application_true(cx, h.section, "skipCrds"),
        .keep_tests = !application_true(cx, h.section, "skipTests"),
        .skip_schema = application_true(cx, h.section, "skipSchemaValidation"),
    };
    str *at = NEW_ARRAY(cx->arena, str, versions ? versions->len : 0);
    for (uint32_t i = 0; versions && i < versions->len; i++)
        at[i] = versions->items[i]->text;
    s->api_versions = at;
    s->api_version_count = versions ? versions->len : 0;
    return add_files(&h) && add_values(&h) && add_parameters(&h, false) && add_parameters(&h, true)
           && add_file_parameters(&h);
}
