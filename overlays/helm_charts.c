/* Charts in a kustomization: `helmCharts`, and the plugin HelmChartInflationGenerator.
 *
 * kustomize runs `helm template` and reads what it prints; here the chart is rendered in this
 * process and read the same way. The chart's own values.yaml, or `valuesFile`, counts as values
 * that a user says, so a null in it removes itself. `valuesInline` is merged with that file as
 * patches are: a null removes, a list replaces. Charts are found below `chartHome`; one that is not
 * there is fetched from its `repo` into memory, where kustomize would unpack it into `chartHome`. */
#include "overlays/documents.h"
#include "overlays/merge.h"
#include "overlays/remote.h"
#include "overlays/steps.h"
#include "render/chart/depend.h"
#include "render/chart/inflate.h"
#include "render/chart/pull.h"
#include "render/chart/values.h"
#include "render/doc/origin.h"
#include "schema/orders.h"

struct helm_chart {
    struct context *cx;
    struct overlay *overlay;
    const struct node *config;
    str name;
    str path;            /* of the chart, from the kustomization's folder */
    struct chart *chart; /* one that was fetched */
    bool inherits;       /* the namespace of kustomizations */
};

static str field_text(const struct helm_chart *c, const char *field)
{
    const struct node *n = node_get_text(c->cx, c->config, str_from(field));
    return n && n->kind != NODE_NULL && node_is_scalar(n) ? n->text : S("");
}

static bool is_true(const struct helm_chart *c, const char *field)
{
    const struct node *n = node_get_text(c->cx, c->config, str_from(field));
    return node_is(n, NODE_BOOL) && scalar_true(n->text);
}

static struct pos place_of(const struct helm_chart *c, const char *field)
{
    const struct node *n = node_get_text(c->cx, c->config, str_from(field));
    return n ? n->pos : c->config->pos;
}

static bool fetch_chart(struct helm_chart *c, str repo)
{
    struct context *cx = c->cx;
    struct puller p = { .cx = cx, .disk = c->overlay->folder->source, .from = place_of(c, "repo") };
    struct chart_request request = { .name = c->name, .version = field_text(c, "version") };
    struct pulled pulled;
    if (is_oci(repo))
        request.name =
            str_format(cx->arena, "%.*s/%.*s", STR(str_trim_suffix(repo, S("/"))), STR(c->name));
    else
        request.repo = repo;
    if (!request.version.len && is_true(c, "devel"))
        request.version = S(">0.0.0-0");
    if (!chart_pull(&p, &request, &pulled))
        return false;
    c->chart = chart_load_archive(cx, pulled.text, p.from);
    return c->chart != NULL;
}

/* Where the chart is: CHARTHOME/NAME, or CHARTHOME/NAME-VERSION/NAME of one with a repository. */
static bool find_chart(struct helm_chart *c, const struct node *globals)
{
    struct context *cx = c->cx;
    const struct node *home = node_get_text(cx, globals, S("chartHome"));
    str path = home && home->text.len ? home->text : S("charts");
    str version = field_text(c, "version");
    str repo = field_text(c, "repo");
    c->name = field_text(c, "name");
    if (c->name.len == 0)
        return report(cx, c->config->pos, "chart name cannot be empty");
    if (version.len && repo.len)
        path = source_join(cx->arena, path,
                           str_format(cx->arena, "%.*s-%.*s", STR(c->name), STR(version)));
    c->path = source_join(cx->arena, path, c->name);
    if (folder_kind(cx, c->overlay->folder, c->path) != FILE_NONE)
        return true;
    if (repo.len)
        return fetch_chart(c, repo);
    return report(cx, c->config->pos, "no repo specified for pull, no chart found at '%.*s'",
                  STR(c->path));
}

static struct chart *load_chart(struct helm_chart *c)
{
    const struct folder *home = c->overlay->folder;
    struct pos pos = c->config->pos;
    if (c->chart)
        return c->chart;
    if (folder_kind(c->cx, home, c->path) == FILE_PLAIN)
        return chart_load(c->cx, home->source, source_join(c->cx->arena, home->path, c->path), pos);
    const struct folder *folder = folder_enter(c->cx, home, c->path, pos);
    return folder ? chart_load_folder(c->cx, folder, pos) : NULL;
}

/* What is merged has been through Go's values, where a time is no text. */
static void settle_times(struct context *cx, struct node *n)
{
    if (n->flags & NODE_TIMESTAMP)
        n->text = scalar_canonical(cx, n);
    for (uint32_t i = 0; !node_is_scalar(n) && i < n->len; i++)
        settle_times(cx, n->kind == NODE_MAP ? n->entries[i].value : n->items[i]);
}

/* The values file and `valuesInline` in one. */
static struct node *merged_values(struct helm_chart *c, struct text *file, const struct node *said,
                                  bool file_wins)
{
    struct context *cx = c->cx;
    struct node *own = yaml_read(cx, file, YAML_GO3); /* `yes` and `y` are texts here */
    struct node *in_line = node_copy(cx, said);
    struct node *out;
    struct merge m = { cx, c->overlay->build->schema };
    if (!own)
        return NULL;
    if (own->kind == NODE_NULL)
        return in_line;
    settle_times(cx, own);
    if (!merge_nodes(&m, (struct merge_type){ 0 }, file_wins ? in_line : own,
                     file_wins ? own : in_line, &out))
        return NULL;
    return out ? out : node_map(cx);
}

static bool first_values(struct helm_chart *c, struct text *file, struct dict **out)
{
    struct context *cx = c->cx;
    const struct node *said = node_get_text(cx, c->config, S("valuesInline"));
    str how = field_text(c, "valuesMerge");
    if (!node_is(said, NODE_MAP) || said->len == 0)
        return values_read(cx, file, out);
    const struct node *values = said;
    if (!str_eq(how, S("replace")))
        values = merged_values(c, file, said, str_eq(how, S("merge")));
    if (!values)
        return false;
    if (values->kind != NODE_MAP)
        return report(cx, values->pos, "values must be a map, not %s", node_kind_name(values));
    *out = value_from_node(cx, values).dict;
    return true;
}

/* A file of values: in the chart that was fetched, on disk, at an address. */
static struct text *read_values(struct helm_chart *c, str path, struct pos from)
{
    str folder = str_concat(c->cx->arena, c->path, S("/"));
    if (!c->chart || !str_starts(path, folder))
        return remote_read(c->cx, c->overlay, path, from);
    str inner = str_skip(path, folder.len);
    if (str_eq(inner, S("values.yaml")) && c->chart->values_text)
        return c->chart->values_text;
    for (uint32_t i = 0; i < c->chart->files.len; i++) {
        if (str_eq(c->chart->files.at[i].path, inner))
            return c->chart->files.at[i].text;
    }
    report(c->cx, from, "the chart '%.*s' has no file '%.*s'", STR(c->name), STR(inner));
    return NULL;
}

static bool add_values(struct helm_chart *c, const struct node *path, struct dict **values)
{
    struct dict *more;
    struct text *text = read_values(c, path->text, path->pos);
    if (!text || !values_read(c->cx, text, &more))
        return false;
    *values = values_over(c->cx, *values, more);
    return true;
}

static bool said_values(struct helm_chart *c, struct dict **values)
{
    struct context *cx = c->cx;
    const struct node *more = node_get_text(cx, c->config, S("additionalValuesFiles"));
    str path = field_text(c, "valuesFile");
    if (path.len == 0)
        path = source_join(cx->arena, c->path, S("values.yaml"));
    struct text *file = read_values(c, path, place_of(c, "valuesFile"));
    if (!file || !first_values(c, file, values))
        return false;
    for (uint32_t i = 0; node_is(more, NODE_LIST) && i < more->len; i++) {
        if (!add_values(c, more->items[i], values))
            return false;
    }
    return true;
}

static bool release_name(struct helm_chart *c, str *name)
{
    struct context *cx = c->cx;
    str template = field_text(c, "nameTemplate");
    struct pos pos = place_of(c, template.len ? "nameTemplate" : "releaseName");
    str failure;
    *name = field_text(c, "releaseName");
    if (template.len && name->len)
        return report(cx, pos, "cannot set --name-template and also specify a name");
    if (template.len && !inflate_name(cx, template, false, name, &failure))
        return false;
    if (!template.len && !name->len)
        *name = helm_default(S("releaseName"));
    return release_check_name(cx, *name, pos);
}

/* What the command line says replaces what the file says. */
static void capabilities(struct helm_chart *c, struct release *release)
{
    struct context *cx = c->cx;
    const struct build_options *options = c->overlay->build->options;
    const struct node *list = node_get_text(cx, c->config, S("apiVersions"));
    release->kube_version = options->helm_kube_version;
    release->api_versions = options->helm_api_versions;
    release->api_version_count = options->helm_api_version_count;
    if (release->kube_version.len == 0)
        release->kube_version = field_text(c, "kubeVersion");
    if (release->api_version_count || !node_is(list, NODE_LIST))
        return;
    str *versions = NEW_ARRAY(cx->arena, str, list->len);
    for (uint32_t i = 0; i < list->len; i++)
        versions[i] = list->items[i]->text;
    release->api_versions = versions;
    release->api_version_count = list->len;
}

/* The namespace of the kustomization, or of the nearest above it that says one. */
static str inherited_namespace(const struct helm_chart *c)
{
    for (const struct overlay *o = c->overlay; o; o = o->outer) {
        str namespace_ = node_get_str(o->file, KEY_NAMESPACE);
        if (namespace_.len)
            return namespace_;
    }
    return S("");
}

static str release_namespace(const struct helm_chart *c)
{
    str namespace_ = field_text(c, "namespace");
    if (!namespace_.len && c->inherits)
        namespace_ = inherited_namespace(c);
    return namespace_.len ? namespace_ : S("default");
}

static bool render(struct helm_chart *c, struct manifests *out)
{
    struct context *cx = c->cx;
    struct inflate_options options = {
        .release.namespace_ = release_namespace(c),
        .include_crds = is_true(c, "includeCRDs"),
        .no_hooks = is_true(c, "skipHooks"),
        .skip_tests = is_true(c, "skipTests"),
    };
    struct dict *values;
    str failure;
    capabilities(c, &options.release);
    if (!said_values(c, &values) || !release_name(c, &options.release.name))
        return false;
    const struct build_options *build = c->overlay->build->options;
    if (build->helm_values && !build->helm_values(cx, build->helm_who, &values))
        return false;
    struct chart *chart = load_chart(c);
    if (!chart || !depend_check(cx, chart))
        return false;
    if (chart->library)
        return report(cx, chart->metadata->pos, "library charts are not installable");
    return inflate(cx, chart, values, &options, out, &failure);
}

static bool add_manifests(struct helm_chart *c, const struct manifests *all)
{
    struct resources made = { 0 };
    bool no_hooks = is_true(c, "skipHooks");
    bool no_tests = is_true(c, "skipTests");
    for (uint32_t i = 0; i < all->len; i++) {
        const struct manifest *m = &all->at[i];
        if (m->hook && (no_hooks || (no_tests && m->test)))
            continue;
        if (!documents_append(c->cx, m->text, &made))
            return false;
    }
    for (uint32_t i = 0; i < made.len && c->overlay->build->compat->chart_namespaces; i++)
        made.at[i]->from_helm = made.at[i]->tracked = true;
    return resources_absorb(c->cx, &c->overlay->sum->resources, &made);
}

static bool run(struct context *cx, struct overlay *o, const struct node *config,
                const struct node *globals)
{
    struct helm_chart c = { .cx = cx, .overlay = o, .config = config };
    c.inherits = config != globals && o->build->compat->chart_namespaces;
    struct manifests all = { 0 };
    str how = field_text(&c, "valuesMerge");
    if (!o->build->options->enable_helm)
        return report(cx, config->pos, "must specify --enable-helm");
    if (how.len && !str_eq(how, S("merge")) && !str_eq(how, S("override"))
        && !str_eq(how, S("replace")))
        return report(cx, place_of(&c, "valuesMerge"),
                      "valuesMerge must be one of [merge override replace]");
    if (!find_chart(&c, globals))
        return false;
    diag_enter(cx, config->pos, "for this chart");
    step_enter_entry(cx, config->pos);
    bool ok = render(&c, &all) && add_manifests(&c, &all);
    step_leave(cx);
    diag_leave(cx);
    return ok;
}

bool helm_charts_field(struct context *cx, struct overlay *o, const struct node *config)
{
    const struct node *globals = node_get_text(cx, o->file, S("helmGlobals"));
    for (uint32_t i = 0; i < config->len; i++) {
        if (config->items[i]->kind == NODE_MAP && !run(cx, o, config->items[i], globals))
            return false;
    }
    return true;
}

bool helm_charts_plugin(struct context *cx, struct overlay *o, const struct node *config)
{
    return run(cx, o, config, config);
}
