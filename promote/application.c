/* An Application's sources, one by one.
 *
 * A file .argocd-source.yaml, then .argocd-source-NAME.yaml, in a source's path are laid over
 * the source as JSON merge patches; where it comes from cannot be changed by them. Then a
 * section `helm`, `kustomize`, `directory` or `plugin` decides who renders, else what the
 * folder holds. Paths begin at the repository's top; in a project that is a folder of a
 * larger repository, the project's folder may stand in for it. */
#include "promote/application.h"

#include "promote/application_tree.h"

#include "render/base/buf.h"
#include "render/chart/pull.h"

str application_text(struct context *cx, const struct node *map, const char *field)
{
    const struct node *n = node_get_text(cx, map, str_from(field));
    return n && n->kind != NODE_NULL && node_is_scalar(n) ? n->text : S("");
}

bool application_true(struct context *cx, const struct node *map, const char *field)
{
    const struct node *n = node_get_text(cx, map, str_from(field));
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

bool application_texts(struct context *cx, const struct node *map, const char *field,
                       enum node_kind kind, const struct node **out)
{
    const struct node *n = node_get_text(cx, map, str_from(field));
    *out = NULL;
    if (!n || n->kind == NODE_NULL)
        return true;
    if (n->kind != kind)
        return report(cx, n->pos, "'%s' must be a %s, not %s", field,
                      kind == NODE_LIST ? "list" : "map", node_kind_name(n));
    for (uint32_t i = 0; i < n->len; i++) {
        const struct node *item = kind == NODE_LIST ? n->items[i] : n->entries[i].value;
        if (!node_is_scalar(item))
            return report(cx, item->pos, "'%s' holds texts, not %s", field, node_kind_name(item));
    }
    *out = n;
    return true;
}

/* Variables. */

static bool is_special(char c)
{
    return (c >= '0' && c <= '9') || (c && strchr("*#$@!?-", c));
}

static bool is_word(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* The name behind a dollar, and how many bytes it takes: those of Go's os.Expand. */
static str variable_name(str s, size_t *width)
{
    *width = 1;
    if (s.at[0] == '{') {
        ptrdiff_t end = str_find_char(s, '}');
        if (end < 0)
            return S("");
        *width = (size_t)end + 1;
        return str_slice(s, 1, (size_t)end);
    }
    if (is_special(s.at[0]))
        return str_slice(s, 0, 1);
    size_t n = 0;
    while (n < s.len && is_word(s.at[n]))
        n++;
    *width = n;
    return str_slice(s, 0, n);
}

static bool variable(struct context *cx, const struct application *app, const struct node *source,
                     const struct node *at, str name, str *value)
{
    const struct {
        str name;
        str value;
    } known[] = {
        { S("$"), S("$") },
        { S("ARGOCD_APP_NAME"), app->name },
        { S("ARGOCD_APP_NAMESPACE"), app->namespace_ },
        { S("ARGOCD_APP_PROJECT_NAME"), app->project },
        { S("ARGOCD_APP_SOURCE_REPO_URL"), application_text(cx, source, "repoURL") },
        { S("ARGOCD_APP_SOURCE_PATH"), application_text(cx, source, "path") },
        { S("ARGOCD_APP_SOURCE_TARGET_REVISION"), application_text(cx, source, "targetRevision") },
    };
    *value = S("");
    for (size_t i = 0; i < countof(known); i++) {
        if (str_eq(known[i].name, name))
            *value = known[i].value;
    }
    if (str_starts(name, S("ARGOCD_APP_REVISION")))
        return report(cx, at->pos, "'%.*s' is known to a running Argo CD alone", STR(name));
    return true;
}

bool application_expand(struct context *cx, const struct application *app,
                        const struct node *source, const struct node *text, str *out)
{
    struct buf b;
    str s = text->text, value;
    *out = s;
    if (!str_has_char(s, '$'))
        return true;
    buf_init(&b, cx->arena, s.len + 32);
    for (size_t i = 0; i < s.len; i++) {
        size_t width = 0;
        str name = S("");
        if (s.at[i] == '$' && i + 1 < s.len)
            name = variable_name(str_skip(s, i + 1), &width);
        if (!width) {
            buf_char(&b, s.at[i]);
            continue;
        }
        if (!variable(cx, app, source, text, name, &value))
            return false;
        buf_str(&b, value);
        i += width;
    }
    *out = buf_take(&b);
    return true;
}

/* Folders. */

static struct folder *find_folder(struct context *cx, struct application *app,
                                  const struct node *source)
{
    const struct node *path = node_get_text(cx, source, S("path"));
    str below = str_trim_chars(path->text, S("/"));
    struct folder *from = application_tree(cx, app, source), *top = from, *found;
    if (!from)
        return NULL;
    below = below.len ? below : S(".");
    if (from == app->top && folder_kind(cx, from, below) != FILE_FOLDER)
        from = app->folder;
    if (folder_kind(cx, from, below) != FILE_FOLDER) {
        if (!from->source->far)
            report(cx, path->pos, "this repository has no folder '%.*s'", STR(path->text));
        else
            report(cx, path->pos, "'%.*s' has no folder '%.*s'",
                   STR(str_trim_chars(from->source->name, S("/:"))), STR(path->text));
        return NULL;
    }
    /* Links followed. */
    found = folder_enter(cx, from, below, path->pos);
    if (!found || folder_holds(top, found))
        return found;
    report(cx, path->pos, "the path '%.*s' leads out of the repository", STR(path->text));
    return NULL;
}

/* Overrides in Git. */

static struct node *merge_patch(struct context *cx, const struct node *under,
                                const struct node *over)
{
    struct node *out = node_is(under, NODE_MAP) ? node_copy(cx, under) : node_map(cx);
    if (over->kind != NODE_MAP)
        return node_copy(cx, over);
    for (uint32_t i = 0; i < over->len; i++) {
        const struct entry *e = &over->entries[i];
        if (e->value->kind == NODE_NULL)
            node_remove(out, e->key);
        else
            node_set(cx, out, e->key, merge_patch(cx, node_get(out, e->key), e->value));
    }
    return out;
}

static bool lay_over(struct context *cx, const struct folder *folder, str name,
                     struct node **source)
{
    static const str fixed[] = { S("repoURL"), S("path"), S("chart"), S("targetRevision") };
    if (folder_kind(cx, folder, name) != FILE_PLAIN)
        return true;
    struct text *text = folder_read(cx, folder, name, NOWHERE);
    const struct node *file = text ? yaml_read(cx, text, YAML_GO2) : NULL;
    if (!file || file->kind == NODE_NULL)
        return file;
    if (file->kind != NODE_MAP)
        return report(cx, file->pos, "overrides must be a map, not %s", node_kind_name(file));
    struct node *merged = merge_patch(cx, *source, file);
    for (size_t i = 0; i < countof(fixed); i++) {
        const struct key *key = intern(cx->keys, fixed[i]);
        const struct node *own = node_get(*source, key);
        if (own)
            node_set(cx, merged, key, node_copy(cx, own));
        else
            node_remove(merged, key);
    }
    *source = merged;
    return true;
}

static struct node *with_overrides(struct context *cx, const struct application *app,
                                   const struct folder *folder, const struct node *source)
{
    struct node *merged = node_copy(cx, source);
    str own = str_format(cx->arena, ".argocd-source-%.*s.yaml", STR(app->name));
    return lay_over(cx, folder, S(".argocd-source.yaml"), &merged)
                   && lay_over(cx, folder, own, &merged)
               ? merged
               : NULL;
}

/* Tools. */

/* The section that a source has; false, reported, when there are two. */
static bool section_of(struct context *cx, const struct node *source, str *name)
{
    static const str sections[] = { S("helm"), S("kustomize"), S("directory"), S("plugin") };
    *name = S("");
    for (size_t i = 0; i < countof(sections); i++) {
        const struct node *n = node_get_text(cx, source, sections[i]);
        if (!n || n->kind == NODE_NULL)
            continue;
        if (name->len)
            return report(cx, n->pos, "a source can't be for '%.*s' and '%.*s' at once", STR(*name),
                          STR(sections[i]));
        *name = sections[i];
    }
    return true;
}

static void settle_directory(struct context *cx, const struct node *source,
                             struct render_path *path)
{
    const struct node *n = node_get_text(cx, source, S("directory"));
    path->filter.recurse = application_true(cx, n, "recurse");
    path->filter.include = application_text(cx, n, "include");
    path->filter.exclude = application_text(cx, n, "exclude");
}

static bool find_renderer(struct context *cx, struct folder *folder, const struct node *source,
                          struct render_path *path)
{
    const struct node *at = node_get_text(cx, source, S("path"));
    str section;
    if (!section_of(cx, source, &section))
        return false;
    if (str_eq(section, S("plugin")))
        return report(cx, at->pos, "this source is rendered by a plugin of Argo CD's, not by us");
    bool found = render_path_in(cx, folder, path);
    if (diag_failed(cx))
        return false;
    if (str_eq(section, S("directory")) || !found)
        *path = (struct render_path){ .renderer = RENDER_MANIFESTS, .folder = folder };
    if (str_eq(section, S("helm")) && path->renderer != RENDER_CHART)
        return report(cx, at->pos, "'%.*s' holds no chart", STR(at->text));
    if (str_eq(section, S("kustomize")) && path->renderer != RENDER_KUSTOMIZATION) {
        if (path->renderer != RENDER_CHART || !overlay_exists(cx, folder))
            return report(cx, at->pos, "'%.*s' holds no kustomization", STR(at->text));
        path->renderer = RENDER_KUSTOMIZATION;
    }
    if (path->renderer == RENDER_MANIFESTS)
        settle_directory(cx, source, path);
    return true;
}

/* A chart of a repository, or of a registry, whose address Argo CD wants without "oci://". Its
 * values files are those of a source with a ref. */
static bool add_chart(struct context *cx, struct application *app, struct environment *env,
                      const struct node *source)
{
    str repository = application_text(cx, source, "repoURL"), name;
    struct puller p = { .cx = cx, .disk = app->top->source, .from = source->pos };
    struct chart_request request = { .name = application_text(cx, source, "chart"),
                                     .version = application_text(cx, source, "targetRevision") };
    struct node *merged = node_copy(cx, source);
    struct pulled pulled;
    str section;
    name = request.name;
    if (str_find(repository, S("://")) < 0 || str_starts(repository, S("oci://")))
        request.name = str_format(
            cx->arena, "oci://%.*s/%.*s",
            STR(str_trim_suffix(str_trim_prefix(repository, S("oci://")), S("/"))), STR(name));
    else
        request.repo = repository;
    if (!merged || !section_of(cx, merged, &section))
        return false;
    if (section.len && !str_eq(section, S("helm")))
        return report(cx, source->pos, "a chart's source can't be for '%.*s'", STR(section));
    if (!chart_pull(&p, &request, &pulled))
        return false;
    struct render_path path = {
        .renderer = RENDER_CHART, .folder = app->top, .archive = pulled.file, .fetched = pulled.text
    };
    struct environment_part *part = environment_add(cx, env, path);
    part->source = merged;
    part->generated = app->generated;
    return application_helm(cx, app, merged, env, part);
}

static bool add_source(struct context *cx, struct application *app, struct environment *env,
                       const struct node *source)
{
    const struct node *path = node_get_text(cx, source, S("path"));
    struct render_path found;
    if (source->kind != NODE_MAP)
        return report(cx, source->pos, "a source must be a map, not %s", node_kind_name(source));
    if (application_text(cx, source, "chart").len)
        return add_chart(cx, app, env, source);
    if (!path && application_text(cx, source, "ref").len)
        return true;
    if (!path || !node_is_scalar(path))
        return report(cx, source->pos, "a source needs a 'path'");
    struct folder *folder = find_folder(cx, app, source);
    struct node *merged = folder ? with_overrides(cx, app, folder, source) : NULL;
    if (!merged || !find_renderer(cx, folder, merged, &found))
        return false;
    struct environment_part *part = environment_add(cx, env, found);
    part->source = merged;
    part->generated = app->generated;
    if (found.renderer == RENDER_CHART)
        return application_helm(cx, app, merged, env, part);
    if (found.renderer == RENDER_KUSTOMIZATION)
        return application_kustomize(cx, app, merged, env, part);
    return true;
}

bool application_parts(struct context *cx, struct folder *project, struct environment *env)
{
    struct application app;
    if (!application_find(cx, project, env, &app))
        return false;
    for (uint32_t i = 0; i < app.source_count; i++) {
        if (!add_source(cx, &app, env, app.sources[i]))
            return false;
    }
    return env->part_count
           || report(cx, app.document->pos, "the Application '%.*s' renders nothing",
                     STR(app.name));
}
