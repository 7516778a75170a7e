/* Rules: Chart.yaml, values.yaml, templates, dependencies, crds/. Each reads what it needs anew, so
 * that one mistake is a finding of every rule that it stops, as with Helm. */
#include "render/chart/lint.h"

#include "render/base/quote.h"
#include "render/base/semver.h"
#include "render/base/url.h"
#include "render/chart/definition.h"
#include "render/chart/field_types.h"
#include "render/chart/depend.h"
#include "render/chart/values.h"
#include "render/chart/values_check.h"
#include "render/doc/yaml_read.h"
#include "render/template/yaml_words.h"
#include "schema/kinds.h"
#include "schema/orders.h"

struct lint {
    struct context *cx;
    struct source *src;
    str path;
    str shown;
    const struct lint_options *options;
    struct findings *out;
};

static void find(struct lint *l, enum severity severity, str path, str words)
{
    ARENA_PUSH(l->cx->arena, l->out->at, l->out->len, l->out->cap);
    l->out->at[l->out->len++] = (struct finding){ severity, path, words };
}

#define FIND(l, severity, path, ...)                                                               \
    find((l), (severity), (path), str_format((l)->cx->arena, __VA_ARGS__))

/* What was reported since, in one sentence, and no report any more. */
static str taken_back(struct lint *l, struct diags before)
{
    struct diags all = l->cx->diags;
    str words = S("");
    for (const struct diag *d = before.last ? before.last->next : all.first; d; d = d->next) {
        if (d->kind == DIAG_ERROR && !words.len)
            words = yaml_words_of(l->cx, d);
        else if (d->kind == DIAG_NOTE && words.len)
            words = str_format(l->cx->arena, "%.*s: %s%.*s", STR(d->message),
                               str_eq(d->message, S("cannot load values.yaml"))
                                   ? "cannot unmarshal yaml document: "
                                   : "",
                               STR(words));
        else if (words.len)
            break;
    }
    diag_take_back(l->cx, before);
    return words;
}

static str inner(struct lint *l, const char *name)
{
    return source_join(l->cx->arena, l->path, str_from(name));
}

static str field(struct lint *l, const struct node *n, const char *name)
{
    const struct node *f = node_get_text(l->cx, n, str_from(name));
    return f && node_is_scalar(f) ? f->text : S("");
}

/* Chart.yaml */

static bool is_request_url(struct lint *l, str s)
{
    struct url url;
    str why;
    return url_parse(l->cx->arena, s, &url, &why) && url.scheme.len;
}

static bool is_email(str s)
{
    str user, host;
    return str_cut_last(s, '@', &user, &host) && user.len && str_has_char(host, '.')
           && !str_has_char(s, ' ') && !str_ends(host, S("."));
}

/* Of one type only: what Go's YAML makes of the text. */
static void check_type(struct lint *l, const struct node *file, const char *name)
{
    const struct node *n = node_get_text(l->cx, file, str_from(name));
    if (!n || n->kind == NODE_STRING)
        return;
    const char *type = n->kind == NODE_BOOL   ? "bool"
                       : n->kind == NODE_NULL ? "<nil>"
                       : n->kind == NODE_LIST ? "[]interface {}"
                       : n->kind == NODE_MAP  ? "map[string]interface {}"
                                              : "float64";
    FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "%s should be of type string but it's of type %s",
         name, type);
}

static void check_version(struct lint *l, str version)
{
    struct semver v;
    str error;
    if (!version.len) {
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "version is required");
        return;
    }
    if (!semver_parse(l->cx->arena, version, &v, &error)) {
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "version '%.*s' is not a valid SemVer",
             STR(version));
        return;
    }
    if (v.major == 0 && v.minor == 0 && v.patch == 0 && !v.pre.len)
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "version %.*s is less than or equal to 0.0.0-0",
             STR(version));
}

static void check_maintainers(struct lint *l, const struct node *definition)
{
    const struct node *list = node_get_text(l->cx, definition, S("maintainers"));
    for (uint32_t i = 0; list && i < list->len; i++) {
        str name = field(l, list->items[i], "name"), email = field(l, list->items[i], "email");
        str url = field(l, list->items[i], "url");
        if (list->items[i]->kind == NODE_NULL)
            FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "a maintainer entry is empty");
        else if (!name.len)
            FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "each maintainer requires a name");
        else if (email.len && !is_email(email))
            FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "invalid email '%.*s' for maintainer '%.*s'",
                 STR(email), STR(name));
        else if (url.len && str_has_char(url, ' '))
            FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "invalid url '%.*s' for maintainer '%.*s'",
                 STR(url), STR(name));
        else
            continue;
        return;
    }
}

static void check_addresses(struct lint *l, const struct node *definition)
{
    const struct node *sources = node_get_text(l->cx, definition, S("sources"));
    str icon = field(l, definition, "icon");
    for (uint32_t i = 0; sources && i < sources->len; i++) {
        str source = sources->items[i]->text;
        if (is_request_url(l, source))
            continue;
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "invalid source URL '%.*s'", STR(source));
        break;
    }
    if (!icon.len)
        FIND(l, SEVERITY_INFO, S("Chart.yaml"), "icon is recommended");
    else if (!is_request_url(l, icon))
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "invalid icon URL '%.*s'", STR(icon));
}

static void check_format(struct lint *l, const struct node *definition, str api)
{
    str name = field(l, definition, "name");
    if (!name.len)
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "name is required");
    else if (str_has_char(name, '/'))
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "chart name \"%.*s\" is invalid", STR(name));
    if (!api.len)
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"),
             "apiVersion is required. The value must be either \"v1\" or \"v2\"");
    else if (!str_eq(api, S("v1")) && !str_eq(api, S("v2")))
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"),
             "apiVersion '%.*s' is not valid. The value must be either \"v1\" or \"v2\"", STR(api));
}

static void check_definition(struct lint *l, const struct node *file, const struct node *definition)
{
    struct semver v;
    struct diags before = l->cx->diags;
    const struct node *wishes = node_get_text(l->cx, definition, S("dependencies"));
    str api = field(l, definition, "apiVersion"), version = field(l, definition, "version"), error;
    bool second = str_eq(api, S("v2"));
    if (!definition_types_check_strict(l->cx, file)) {
        str why = taken_back(l, before);
        FIND(l, SEVERITY_WARNING, S("Chart.yaml"),
             "failed to strictly parse chart metadata file\n\t%.*s", STR(why));
    }
    check_format(l, definition, api);
    check_type(l, file, "version");
    check_version(l, version);
    check_type(l, file, "appVersion");
    check_maintainers(l, definition);
    check_addresses(l, definition);
    if (field(l, definition, "type").len && !second)
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"),
             "chart type is not valid in apiVersion '%.*s'. It is valid in apiVersion 'v2'",
             STR(api));
    if (wishes && wishes->len && !second)
        FIND(l, SEVERITY_ERROR, S("Chart.yaml"),
             "dependencies are not valid in the Chart file with apiVersion '%.*s'. They are valid "
             "in apiVersion 'v2'",
             STR(api));
    if (!semver_parse_strict(l->cx->arena, version, &v, &error))
        FIND(l, SEVERITY_WARNING, S("Chart.yaml"), "version '%.*s' is not a valid SemVerV2",
             STR(version));
}

static void lint_definition(struct lint *l)
{
    struct diags before = l->cx->diags;
    struct text *text = source_read(l->cx, l->src, inner(l, "Chart.yaml"), NOWHERE);
    struct node *file = text ? yaml_read(l->cx, text, YAML_GO2) : NULL;
    if (file && file->kind == NODE_NULL)
        file = node_map(l->cx);
    struct node *definition = file ? definition_read(l->cx, file) : NULL;
    if (definition) {
        check_definition(l, file, definition);
        return;
    }
    str why = taken_back(l, before);
    FIND(l, SEVERITY_ERROR, S("Chart.yaml"), "unable to parse YAML\n\t%.*s", STR(why));
}

/* values.yaml: the chart's own values alone, those of subcharts are not looked at. */

static void lint_values(struct lint *l)
{
    struct context *cx = l->cx;
    struct diags before = cx->diags;
    struct chart alone = { .name = S("chart") };
    struct dict *own;
    str words, first;
    if (source_kind(cx, l->src, inner(l, "values.yaml")) == FILE_NONE) {
        FIND(l, SEVERITY_INFO, S("values.yaml"), "file does not exist");
        return;
    }
    struct text *text = source_read(cx, l->src, inner(l, "values.yaml"), NOWHERE);
    if (!text || !values_read(cx, text, &own)) {
        words = taken_back(l, before);
        FIND(l, SEVERITY_ERROR, S("values.yaml"), "unable to parse YAML: %.*s", STR(words));
        return;
    }
    if (l->options->skip_schema
        || source_kind(cx, l->src, inner(l, "values.schema.json")) == FILE_NONE)
        return;
    alone.schema = source_read(cx, l->src, inner(l, "values.schema.json"), NOWHERE);
    struct dict *all = value_copy(cx->arena, value_map((struct dict *)l->options->said)).dict;
    values_tables(cx, all, own, false);
    if (!alone.schema || values_check(cx, &alone, all, &words))
        return;
    /* Without Helm's two lines of what it is about. */
    str_next_line(&words, &first);
    str_next_line(&words, &first);
    find(l, SEVERITY_ERROR, S("values.yaml"), words);
    diag_take_back(cx, before);
}

/* Templates */

static bool is_yaml(str path)
{
    return str_ends(path, S(".yaml")) || str_ends(path, S(".yml"));
}

static void check_indent(struct lint *l, str path, str text)
{
    str line;
    while (str_next_line(&text, &line)) {
        if (!str_trim(line).len)
            continue;
        if (line.at[0] == ' ' || line.at[0] == '\t')
            find(l, SEVERITY_WARNING, path,
                 str_concat(l->cx->arena,
                            str_concat(l->cx->arena, S("document starts with an illegal indent: "),
                                       quoted(l->cx->arena, line)),
                            S(", which may cause parsing problems")));
        return;
    }
}

/* Kubernetes' rules of names, and how it says that one is broken. */

static bool is_label(str s, bool letter_first)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool letter = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
        bool edge = i == 0 || i + 1 == s.len;
        if (!letter && !(digit && !(letter_first && i == 0)) && !(c == '-' && !edge))
            return false;
    }
    return s.len > 0;
}

static bool is_subdomain(str s)
{
    str part;
    while (str_next_field(&s, '.', &part)) {
        if (!is_label(part, false))
            return false;
    }
    return true;
}

#define SUBDOMAIN                                                                                  \
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "   \
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "  \
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define LABEL                                                                                      \
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "   \
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex "     \
    "used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
#define DNS_1035                                                                                   \
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "   \
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or "           \
    "'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

/* NULL when the name is good. */
static const char *name_fault(str kind, str name)
{
    if (str_eq(kind, S("Service")))
        return name.len > 63          ? "must be no more than 63 characters"
               : is_label(name, true) ? NULL
                                      : DNS_1035;
    if (str_eq(kind, S("Namespace")))
        return name.len > 63           ? "must be no more than 63 bytes"
               : is_label(name, false) ? NULL
                                       : LABEL;
    if (str_eq(kind, S("CertificateSigningRequest")))
        return NULL;
    if (str_eq(kind, S("Role")) || str_eq(kind, S("ClusterRole")) || str_eq(kind, S("RoleBinding"))
        || str_eq(kind, S("ClusterRoleBinding")))
        return str_has_char(name, '/')   ? "may not contain '/'"
               : str_has_char(name, '%') ? "may not contain '%'"
                                         : NULL;
    return name.len > 253                   ? "must be no more than 253 bytes"
           : name.len && is_subdomain(name) ? NULL
                                            : SUBDOMAIN;
}

static void check_name(struct lint *l, str path, str kind, str name)
{
    const char *fault = name_fault(kind, name);
    str shown = quoted(l->cx->arena, name);
    if (fault)
        FIND(l, SEVERITY_WARNING, path,
             "object name does not conform to Kubernetes naming requirements: %.*s: "
             "metadata.name: Invalid value: %.*s: %s",
             STR(shown), STR(shown), fault);
}

/* The minor release of "v1.28.3". */
static unsigned minor_of(struct lint *l)
{
    str text =
        l->options->kube_version.len ? l->options->kube_version : helm_default(S("kubeVersion"));
    struct semver v;
    str error;
    return semver_parse(l->cx->arena, text, &v, &error) ? (unsigned)v.minor : 0;
}

static void check_deprecation(struct lint *l, str path, str api_version, str kind)
{
    struct kind_facts facts;
    if (!api_version.len || !kind.len || !kind_find(api_version, kind, &facts) || !facts.deprecated
        || facts.deprecated > minor_of(l))
        return;
    str words = str_format(l->cx->arena, "%.*s %.*s is deprecated in v1.%u+", STR(api_version),
                           STR(kind), facts.deprecated);
    if (facts.removed)
        words = str_format(l->cx->arena, "%.*s, unavailable in v1.%u+", STR(words), facts.removed);
    if (facts.replacement.len)
        words = str_format(l->cx->arena, "%.*s; use %.*s", STR(words), STR(facts.replacement));
    find(l, SEVERITY_WARNING, path, words);
}

static void check_selector(struct lint *l, str path, str kind, str name, str text)
{
    bool workload = str_eq(kind, S("Deployment")) || str_eq(kind, S("ReplicaSet"))
                    || str_eq(kind, S("DaemonSet")) || str_eq(kind, S("StatefulSet"));
    str shown = quoted(l->cx->arena, name);
    if (workload && !str_has(text, S("matchLabels")) && !str_has(text, S("matchExpressions")))
        FIND(l, SEVERITY_ERROR, path,
             "a %.*s must contain matchLabels or matchExpressions, and %.*s does not", STR(kind),
             STR(shown));
}

static void check_list(struct lint *l, str path, str kind, const struct node *document)
{
    const struct node *items = node_get_text(l->cx, document, S("items"));
    if (!str_eq(kind, S("List")))
        return;
    for (uint32_t i = 0; node_is(items, NODE_LIST) && i < items->len; i++) {
        const struct node *metadata = node_get(items->items[i], KEY_METADATA);
        if (!node_get_text(l->cx, node_get(metadata, KEY_ANNOTATIONS),
                           S("helm.sh/resource-policy")))
            continue;
        FIND(l, SEVERITY_ERROR, path,
             "annotation 'helm.sh/resource-policy' within List objects are ignored");
        return;
    }
}

static void check_document(struct lint *l, str path, const struct node *document, str text)
{
    str kind = node_get_str(document, KEY_KIND);
    str name = node_get_str(node_get(document, KEY_METADATA), KEY_NAME);
    check_name(l, path, kind, name);
    check_deprecation(l, path, node_get_str(document, KEY_API_VERSION), kind);
    check_selector(l, path, kind, name, text);
    check_list(l, path, kind, document);
}

static void check_kind_of(struct lint *l, str path, const struct node *crd)
{
    if (!str_starts(node_get_str(crd, KEY_API_VERSION), S("apiextensions.k8s.io")))
        FIND(l, SEVERITY_ERROR, path, "apiVersion is not in 'apiextensions.k8s.io'");
    if (!str_eq(node_get_str(crd, KEY_KIND), S("CustomResourceDefinition")))
        FIND(l, SEVERITY_ERROR, path, "object kind is not 'CustomResourceDefinition'");
}

/* False at the first document that is no YAML: that is said, and no later file is looked at. */
static bool check_documents(struct lint *l, str path, struct text *text, bool crds)
{
    struct diags before = l->cx->diags;
    struct documents all = { 0 };
    if (!yaml_read_all(l->cx, text, YAML_GO2, &all)) {
        str why = taken_back(l, before);
        FIND(l, SEVERITY_ERROR, path, "unable to parse YAML: %.*s", STR(why));
        return false;
    }
    for (uint32_t i = 0; i < all.len; i++) {
        if (crds && all.at[i]->kind == NODE_MAP)
            check_kind_of(l, path, all.at[i]);
        else if (all.at[i]->kind == NODE_MAP)
            check_document(l, path, all.at[i], text->bytes);
    }
    return true;
}

static struct text *rendered_text(const struct manifests *m, str path)
{
    for (uint32_t i = 0; i < m->file_count; i++) {
        if (str_eq(m->files[i].path, path))
            return m->files[i].text;
    }
    return NULL;
}

static void check_templates(struct lint *l, const struct chart *chart, const struct manifests *m)
{
    for (uint32_t i = 0; i < chart->templates.len; i++) {
        str path = chart->templates.at[i].path, head, extension;
        bool dotted = str_cut_last(path, '.', &head, &extension);
        if (!is_yaml(path) && !str_ends(path, S(".tpl")) && !str_ends(path, S(".txt")))
            FIND(l, SEVERITY_ERROR, path,
                 "file extension '%s%.*s' not valid. Valid extensions are .yaml, .yml, .tpl, or "
                 ".txt",
                 dotted ? "." : "", STR(dotted ? extension : S("")));
        struct text *text =
            is_yaml(path) ? rendered_text(m, source_join(l->cx->arena, chart->name, path)) : NULL;
        if (!text || !str_trim(text->bytes).len)
            continue;
        check_indent(l, path, text->bytes);
        if (!check_documents(l, path, text, false))
            return;
    }
}

static void lint_templates(struct lint *l)
{
    struct context *cx = l->cx;
    struct diags before = cx->diags;
    struct manifests files = { 0 };
    enum file_kind kind = source_kind(cx, l->src, inner(l, "templates"));
    struct inflate_options options = {
        .release = { .name = S("test-release"),
                     .namespace_ = l->options->namespace_,
                     .kube_version = l->options->kube_version },
        .skip_schema = l->options->skip_schema,
        .lint = true,
    };
    str failure;
    if (kind != FILE_FOLDER) {
        FIND(l, kind == FILE_NONE ? SEVERITY_WARNING : SEVERITY_ERROR, S("templates/"),
             kind == FILE_NONE ? "directory does not exist" : "not a directory");
        return;
    }
    struct chart *chart = chart_load(cx, l->src, l->path, NOWHERE);
    if (!chart) {
        find(l, SEVERITY_ERROR, S("templates/"), taken_back(l, before));
        return;
    }
    struct chart own = *chart;
    bool ok = inflate_files(cx, chart, l->options->said, &options, &files, &failure);
    if (ok)
        check_templates(l, &own, &files);
    else if (failure.at)
        find(l, SEVERITY_ERROR, S("templates/"), failure);
    diag_take_back(cx, before);
}

/* Dependencies: what Chart.yaml wishes beside what stands in charts/. */

static void lint_dependencies(struct lint *l)
{
    struct context *cx = l->cx;
    struct diags before = cx->diags;
    struct buf strange, missing;
    const struct chart *chart = chart_load(cx, l->src, l->path, NOWHERE);
    if (!chart) {
        str why = taken_back(l, before);
        FIND(l, SEVERITY_ERROR, S(""), "unable to load chart\n\t%.*s", STR(why));
        return;
    }
    buf_init(&strange, cx->arena, 64);
    buf_init(&missing, cx->arena, 64);
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        bool found = false;
        for (uint32_t k = 0; k < chart->dependency_count && !found; k++)
            found = str_eq(chart->dependencies[k].name, chart->charts[i]->name);
        if (!found)
            buf_format(&strange, "%s%.*s", strange.len ? "," : "", STR(chart->charts[i]->name));
    }
    uint32_t count = 0;
    for (uint32_t k = 0; k < chart->dependency_count; k++) {
        bool found = false;
        for (uint32_t i = 0; i < chart->chart_count && !found; i++)
            found = str_eq(chart->dependencies[k].name, chart->charts[i]->name);
        if (!found)
            buf_format(&missing, "%s%.*s", count++ ? "," : "", STR(chart->dependencies[k].name));
    }
    if (strange.len)
        FIND(l, SEVERITY_ERROR, l->shown, "chart metadata is missing these dependencies: %.*s",
             STR(buf_view(&strange)));
    if (count)
        FIND(l, SEVERITY_WARNING, l->shown, "chart directory is missing these dependencies: %.*s",
             STR(buf_view(&missing)));
}

static bool lint_crds_of(struct lint *l, const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->files.len; i++) {
        const struct chart_file *f = &chart->files.at[i];
        if (str_starts(f->path, S("crds/")) && (is_yaml(f->path) || str_ends(f->path, S(".json")))
            && !check_documents(l, f->path, f->text, true))
            return false;
    }
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (!lint_crds_of(l, chart->charts[i]))
            return false;
    }
    return true;
}

static void lint_crds(struct lint *l)
{
    struct diags before = l->cx->diags;
    enum file_kind kind = source_kind(l->cx, l->src, inner(l, "crds"));
    if (kind == FILE_NONE)
        return;
    if (kind != FILE_FOLDER) {
        FIND(l, SEVERITY_ERROR, S("crds/"), "not a directory");
        return;
    }
    const struct chart *chart = chart_load(l->cx, l->src, l->path, NOWHERE);
    if (!chart)
        find(l, SEVERITY_ERROR, S("crds/"), taken_back(l, before));
    else
        lint_crds_of(l, chart);
}

bool chart_lint(struct context *cx, struct source *src, str path, str shown,
                const struct lint_options *options, struct findings *out)
{
    struct lint l = { cx, src, path, shown, options, out };
    *out = (struct findings){ 0 };
    if (source_kind(cx, src, inner(&l, "Chart.yaml")) == FILE_NONE)
        return report(cx, NOWHERE,
                      "unable to check Chart.yaml file in chart: stat %.*s: no such file or "
                      "directory",
                      STR(source_join(cx->arena, str_trim_suffix(path, S("/")), S("Chart.yaml"))));
    lint_definition(&l);
    lint_values(&l);
    lint_templates(&l);
    lint_dependencies(&l);
    lint_crds(&l);
    return true;
}
