/* hoist cmp: what an Argo CD plugin sidecar runs, in a copy of the checkout, in the
 * Application's path.
 *
 * Argo CD takes an empty answer for "nothing shall exist" and may prune everything, so a
 * render without a document fails unless the Application allows it. Parameters come from
 * whoever may write Applications: paths in them stay in the copy, none reaches a shell. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/manifests.h"
#include "promote/environment.h"
#include "promote/image_override.h"
#include "render/doc/json_read.h"
#include "render/base/suggest.h"

/* What Argo CD sets; see the manual of its plugins. */
static const char parameters_variable[] = "ARGOCD_APP_PARAMETERS";
static const char path_variable[] = "ARGOCD_APP_SOURCE_PATH";

struct parameters {
    str path;
    str allow_empty;
    str environment;
    str release;
    const struct node *values; /* lists and maps of texts, or NULL */
    const struct node *images;
    const struct node *set;
};

/* What an Application may say; the column after the kind is the default that is announced. */
static const struct parameter {
    const char *name;
    const char *title;
    const char *tooltip;
    const char *kind; /* Argo CD's collectionType */
    const char *default_;
    size_t at;
} known[] = {
    { "path", "Path", "the folder to render, seen from the Application's path", "string", "\".\"",
      offsetof(struct parameters, path) },
    { "environment", "Environment", "one that hoist.yaml in the Application's path names", "string",
      "\"\"", offsetof(struct parameters, environment) },
    { "release", "Release", "a chart's release name; the Application's name without it", "string",
      "\"\"", offsetof(struct parameters, release) },
    { "values", "Values files", "a chart's files of values, seen from its folder", "array", "[]",
      offsetof(struct parameters, values) },
    { "set", "Values", "values of a chart, by their paths", "map", "{}",
      offsetof(struct parameters, set) },
    { "images", "Images", "NAME[=NEW][:TAG][@DIGEST], in place of what is rendered", "array", "[]",
      offsetof(struct parameters, images) },
    { "allow-empty", "Allow empty", "true: rendering to no document at all is no failure", "string",
      "\"false\"", offsetof(struct parameters, allow_empty) },
};

static const struct parameter *find_parameter(struct context *cx, str name, struct pos pos)
{
    str names[countof(known)];
    for (size_t i = 0; i < countof(known); i++) {
        names[i] = str_from(known[i].name);
        if (str_eq(names[i], name))
            return &known[i];
    }
    report(cx, pos, "unknown parameter '%.*s'", STR(name));
    ptrdiff_t near = suggest(name, names, countof(known));
    if (near >= 0)
        hint(cx, NOWHERE, "did you mean '%.*s'?", STR(names[near]));
    return NULL;
}

static bool all_texts(const struct node *n)
{
    for (uint32_t i = 0; i < n->len; i++) {
        if (!node_is(n->kind == NODE_MAP ? n->entries[i].value : n->items[i], NODE_STRING))
            return false;
    }
    return true;
}

static bool take_parameter(struct context *cx, struct parameters *p, const struct node *entry)
{
    const struct parameter *which = find_parameter(cx, node_get_str(entry, KEY_NAME), entry->pos);
    if (!which)
        return false;
    const struct node *value = node_get_text(cx, entry, str_from(which->kind));
    void *slot = (char *)p + which->at;
    bool text = !strcmp(which->kind, "string");
    enum node_kind kind = text ? NODE_STRING : which->kind[0] == 'm' ? NODE_MAP : NODE_LIST;
    if (!node_is(value, kind) || (!text && !all_texts(value)))
        return report(cx, entry->pos, "the parameter '%s' must be %s %s%s", which->name,
                      which->kind[0] == 'a' ? "an" : "a", which->kind, text ? "" : " of strings");
    if (text)
        *(str *)slot = value->text;
    else
        *(const struct node **)slot = value;
    if (str_eq(p->allow_empty, S("true")) || str_eq(p->allow_empty, S("false")))
        return true;
    return report(cx, entry->pos, "the parameter 'allow-empty' is 'true' or 'false', not '%.*s'",
                  STR(p->allow_empty));
}

/* A JSON array, or null when the Application has none. */
static bool read_parameters(struct context *cx, struct parameters *p)
{
    *p = (struct parameters){ .path = S("."), .allow_empty = S("false") };
    const char *json = getenv(parameters_variable);
    if (!json || !*json)
        return true;
    struct text *text = text_add(cx, str_from(parameters_variable), str_from(json));
    struct node *list = json_read(cx, text);
    if (!list)
        return false;
    if (list->kind == NODE_NULL)
        return true;
    if (list->kind != NODE_LIST)
        return report(cx, list->pos, "%s must be a list", parameters_variable);
    for (uint32_t i = 0; i < list->len; i++) {
        if (!take_parameter(cx, p, list->items[i]))
            return false;
    }
    return true;
}

/* The copy's top: the working directory less the Application's path in the repository. Called
 * by hand, without that variable, there is no fence. */
static bool find_top(struct context *cx, str *top)
{
    str path = str_trim_chars(str_from(getenv(path_variable)), S("/"));
    *top = S("");
    if (!path.len)
        return true;
    char *here = getcwd(NULL, 0);
    if (!here)
        return report_surroundings(cx, NOWHERE, "can't tell the working directory");
    str dir = str_dup(cx->arena, str_from(here));
    free(here);
    if (str_eq(path, S(".")))
        *top = dir;
    else if (str_ends(dir, str_concat(cx->arena, S("/"), path)))
        *top = str_slice(dir, 0, dir.len - path.len - 1);
    else
        return report(cx, NOWHERE, "the working directory '%.*s' is not %s, '%.*s'", STR(dir),
                      path_variable, STR(path));
    return true;
}

static void read_cluster(struct context *cx, struct build_options *options)
{
    struct words apis = { 0 };
    str rest = str_from(getenv("KUBE_API_VERSIONS")), one;
    while (rest.len && str_next_field(&rest, ',', &one))
        words_add(cx->arena, &apis, one);
    options->helm_kube_version = str_from(getenv("KUBE_VERSION"));
    options->helm_api_versions = apis.at;
    options->helm_api_version_count = apis.len;
}

static struct folder *find_here(struct context *cx)
{
    str top;
    struct source *disk = find_top(cx, &top) ? source_disk(cx, top) : NULL;
    return disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
}

/* The environment that the parameters name, or the folder as one. */
static struct environment *open_environment(struct context *cx, const struct parameters *p)
{
    struct folder *here = find_here(cx);
    if (!here)
        return NULL;
    if (p->environment.len) {
        struct project *project = project_read(cx, here);
        const struct environment_row *row =
            project ? project_environment(cx, project, p->environment) : NULL;
        return row ? environment_open(cx, here, row) : NULL;
    }
    struct folder *there = folder_enter(cx, here, p->path, NOWHERE);
    struct environment *env = NEW(cx->arena, struct environment);
    struct render_path path;
    env->name = p->path;
    if (!there)
        return NULL;
    if (!folder_holds(here, there))
        report(cx, NOWHERE, "the parameter 'path' leads out of the Application's path: '%.*s'",
               STR(p->path));
    else if (render_path_in(cx, there, &path))
        environment_add(cx, env, path);
    else if (!diag_failed(cx))
        report(cx, NOWHERE, "'%.*s' holds no kustomization, no chart and no manifest",
               STR(p->path));
    return diag_failed(cx) ? NULL : env;
}

/* Files of values stay in the copy: the source's top is a fence. */
static bool tell_chart(struct context *cx, const struct parameters *p,
                       const struct render_path *path)
{
    struct chart_settings *s = path->chart;
    for (uint32_t i = 0; p->values && i < p->values->len; i++) {
        const struct node *at = p->values->items[i];
        struct value_layer layer = { .kind = LAYER_FILE, .pos = at->pos };
        layer.text = source_read(cx, path->folder->source,
                                 source_join(cx->arena, path->folder->path, at->text), at->pos);
        if (!layer.text)
            return false;
        chart_settings_add(cx, s, layer);
    }
    for (uint32_t i = 0; p->set && i < p->set->len; i++) {
        const struct entry *e = &p->set->entries[i];
        struct value_layer layer = { .kind = LAYER_SET, .mode = SET_TYPED, .pos = e->pos };
        layer.set = str_format(cx->arena, "%.*s=%.*s", STR(e->key->text),
                               STR(str_replace_all(cx->arena, e->value->text, S(","), S("\\,"))));
        chart_settings_add(cx, s, layer);
    }
    str application = str_from(getenv("ARGOCD_APP_NAME"));
    str namespace_ = str_from(getenv("ARGOCD_APP_NAMESPACE"));
    s->release = p->release.len ? p->release : s->release.len ? s->release : application;
    s->namespace_ = s->namespace_.len ? s->namespace_ : namespace_;
    return true;
}

/* Every part sees the cluster; the charts among them what the Application says. */
static bool tell_parts(struct context *cx, const struct parameters *p, struct environment *env)
{
    bool charts = false;
    struct build_options cluster = { 0 };
    read_cluster(cx, &cluster);
    for (uint32_t i = 0; i < env->part_count; i++) {
        struct environment_part *part = &env->parts[i];
        part->build.helm_kube_version = cluster.helm_kube_version;
        part->build.helm_api_versions = cluster.helm_api_versions;
        part->build.helm_api_version_count = cluster.helm_api_version_count;
        if (part->path.renderer != RENDER_CHART)
            continue;
        charts = true;
        if (cluster.helm_kube_version.len)
            part->path.chart->kube_version = cluster.helm_kube_version;
        if (cluster.helm_api_version_count) {
            part->path.chart->api_versions = cluster.helm_api_versions;
            part->path.chart->api_version_count = cluster.helm_api_version_count;
        }
        if (!tell_chart(cx, p, &part->path))
            return false;
    }
    bool said = p->release.len || (p->values && p->values->len) || (p->set && p->set->len);
    return charts || !said
           || report(cx, NOWHERE,
                     "'%.*s' is no chart, so there is no release and there are no "
                     "values",
                     STR(env->name));
}

static bool override_images(struct context *cx, const struct parameters *p,
                            const struct documents *docs)
{
    uint32_t n = p->images ? p->images->len : 0;
    struct image_override *at = NEW_ARRAY(cx->arena, struct image_override, n);
    for (uint32_t i = 0; i < n; i++) {
        if (!image_override_parse(cx, p->images->items[i]->text, &at[i]))
            return false;
    }
    image_overrides_apply(cx, at, n, docs);
    for (uint32_t i = 0; i < n; i++) {
        if (!at[i].used)
            return report(cx, p->images->items[i]->pos, "nothing runs '%.*s'",
                          STR(at[i].from.name));
    }
    return true;
}

/* Argo CD ends a request that lasts too long with SIGTERM; the log then tells what it was. */
static char doing[512];

static void say_and_end(int signal_)
{
    ssize_t ignored = write(STDERR_FILENO, doing, strlen(doing));
    (void)ignored;
    _exit(128 + signal_);
}

static void tell_when_ended(str folder)
{
    snprintf(doing, sizeof doing, "error: stopped while rendering '%.*s'\n", STR(folder));
    signal(SIGTERM, say_and_end);
}

static bool run_init(struct context *cx, struct call *call)
{
    (void)call;
    struct parameters p;
    return read_parameters(cx, &p) && open_environment(cx, &p);
}

/* What is ours: kustomizations and charts. Plain manifests are left to Argo CD, which needs no
 * plugin for them. No output means no. */
static bool run_discover(struct context *cx, struct call *call)
{
    struct source *disk = source_disk(cx, S(""));
    struct folder *here = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct render_path path;
    if (!here)
        return false;
    if (render_path_in(cx, here, &path) && path.renderer != RENDER_MANIFESTS)
        buf_str(call->out, path.renderer == RENDER_CHART ? S("chart\n") : S("kustomization\n"));
    return !diag_failed(cx);
}

static bool run_generate(struct context *cx, struct call *call)
{
    struct parameters p;
    if (!read_parameters(cx, &p))
        return false;
    tell_when_ended(p.environment.len ? p.environment : p.path);
    struct environment *env = open_environment(cx, &p);
    if (!env || !tell_parts(cx, &p, env) || !environment_documents(cx, env)
        || !override_images(cx, &p, &env->documents))
        return false;
    if (env->documents.len == 0 && str_eq(p.allow_empty, S("false"))) {
        report(cx, NOWHERE, "'%.*s' renders to nothing, and Argo CD would prune all there is",
               STR(env->name));
        hint(cx, NOWHERE, "if nothing is right, set the parameter allow-empty to 'true'");
        return false;
    }
    return manifests_yaml(cx, call->out, &env->documents);
}

static bool run_parameters(struct context *cx, struct call *call)
{
    (void)cx;
    for (size_t i = 0; i < countof(known); i++) {
        const struct parameter *k = &known[i];
        buf_format(call->out,
                   "%s{\"name\":\"%s\",\"title\":\"%s\",\"tooltip\":\"%s\",\"itemType\":\"%s\","
                   "\"collectionType\":\"%s\",\"%s\":%s}",
                   i ? "," : "[", k->name, k->title, k->tooltip,
                   str_eq(str_from(k->name), S("allow-empty")) ? "boolean" : "string", k->kind,
                   k->kind, k->default_);
    }
    buf_str(call->out, S("]\n"));
    return true;
}

static const struct command cmp_init = {
    .name = "init",
    .summary = "check that there is something to render",
    .run = run_init,
};

static const struct command cmp_discover = {
    .name = "discover",
    .summary = "say what the working directory holds, or nothing",
    .run = run_discover,
};

static const struct command cmp_generate = {
    .name = "generate",
    .summary = "render the working directory",
    .run = run_generate,
};

static const struct command cmp_parameters = {
    .name = "parameters",
    .summary = "announce the parameters of an Application, as JSON",
    .run = run_parameters,
};

static const struct command *const children[] = {
    &cmp_init, &cmp_discover, &cmp_generate, &cmp_parameters, NULL,
};

const struct command as_plugin = {
    .name = "cmp",
    .summary = "what an Argo CD plugin sidecar runs",
    .children = children,
};
