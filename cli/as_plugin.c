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
#include "promote/render_path.h"
#include "render/doc/json_read.h"
#include "render/base/suggest.h"

/* What Argo CD sets; see the manual of its plugins. */
static const char parameters_variable[] = "ARGOCD_APP_PARAMETERS";
static const char path_variable[] = "ARGOCD_APP_SOURCE_PATH";

struct parameters {
    str path;
    bool allow_empty;
};

static const char announcement[] =
    "[{\"name\":\"path\",\"title\":\"Path\","
    "\"tooltip\":\"the folder to render, seen from the Application's path\","
    "\"itemType\":\"string\",\"collectionType\":\"string\",\"string\":\".\"},"
    "{\"name\":\"allow-empty\",\"title\":\"Allow empty\","
    "\"tooltip\":\"true: rendering to no document at all is no failure\","
    "\"itemType\":\"boolean\",\"collectionType\":\"string\",\"string\":\"false\"}]\n";

static bool take_parameter(struct context *cx, struct parameters *p, const struct node *entry)
{
    static const str known[] = { { "path", 4 }, { "allow-empty", 11 } };
    str name = node_get_str(entry, KEY_NAME);
    const struct node *value = node_get_text(cx, entry, S("string"));
    struct pos pos = entry->pos;
    if (!str_eq(name, known[0]) && !str_eq(name, known[1])) {
        report(cx, pos, "unknown parameter '%.*s'", STR(name));
        ptrdiff_t near = suggest(name, known, countof(known));
        if (near >= 0)
            hint(cx, NOWHERE, "did you mean '%.*s'?", STR(known[near]));
        return false;
    }
    if (!node_is(value, NODE_STRING))
        return report(cx, pos, "the parameter '%.*s' must be a string", STR(name));
    if (str_eq(name, known[0])) {
        p->path = value->text;
        return true;
    }
    p->allow_empty = str_eq(value->text, S("true"));
    if (!p->allow_empty && !str_eq(value->text, S("false")))
        return report(cx, pos, "the parameter '%.*s' is 'true' or 'false', not '%.*s'", STR(name),
                      STR(value->text));
    return true;
}

/* A JSON array, or null when the Application has none. */
static bool read_parameters(struct context *cx, struct parameters *p)
{
    *p = (struct parameters){ .path = S(".") };
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

static bool find_path(struct context *cx, str folder, struct render_path *path)
{
    str top;
    if (!find_top(cx, &top))
        return false;
    struct source *disk = source_disk(cx, top);
    struct folder *here = disk ? source_folder(cx, disk, S("."), NOWHERE) : NULL;
    struct folder *there = here ? folder_enter(cx, here, folder, NOWHERE) : NULL;
    if (!there)
        return false;
    if (!folder_holds(here, there))
        return report(cx, NOWHERE,
                      "the parameter 'path' leads out of the Application's path: '%.*s'",
                      STR(folder));
    if (!render_path_in(cx, there, path) && !diag_failed(cx))
        return report(cx, NOWHERE, "'%.*s' holds no kustomization and no manifest", STR(folder));
    return !diag_failed(cx);
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
    struct render_path path;
    return read_parameters(cx, &p) && find_path(cx, p.path, &path);
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
    if (render_path_in(cx, here, &path) && path.renderer == RENDER_KUSTOMIZATION)
        buf_str(call->out, S("kustomization\n"));
    return !diag_failed(cx);
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

static bool run_generate(struct context *cx, struct call *call)
{
    struct parameters p;
    struct render_path path;
    struct documents docs = { 0 };
    struct build_options options = { .enable_helm = true };
    if (!read_parameters(cx, &p))
        return false;
    tell_when_ended(p.path);
    read_cluster(cx, &options);
    if (!find_path(cx, p.path, &path) || !render_path_documents(cx, &path, &options, &docs))
        return false;
    if (docs.len == 0 && !p.allow_empty) {
        report(cx, NOWHERE, "'%.*s' renders to nothing, and Argo CD would prune all there is",
               STR(p.path));
        hint(cx, NOWHERE, "if nothing is right, set the parameter allow-empty to 'true'");
        return false;
    }
    return manifests_yaml(cx, call->out, &docs);
}

static bool run_parameters(struct context *cx, struct call *call)
{
    (void)cx;
    buf_str(call->out, str_from(announcement));
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
