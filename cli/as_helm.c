/* Helm's command line, as far as rendering needs it. Every failure has the status 1, and what
 * Helm would say of it comes first: people and Argo CD look for those words. */
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "cli/commands.h"
#include "cli/models.h"
#include "cli/value_flags.h"
#include "render/base/glob.h"
#include "render/chart/depend.h"
#include "render/chart/inflate.h"
#include "schema/orders.h"

struct template_flags {
    struct value_flags said;
    struct words api_versions, show_only;
    str namespace_, name_template, kube_version, output_dir, version, repo, post_renderer;
    str dry_run, kube_context, description, username, password, ca_file, cert_file, key_file;
    str labels;
    uint64_t timeout;
    bool include_crds, skip_crds, skip_tests, no_hooks, upgrade, generate_name, release_name;
    bool skip_schema, dependency_update, validate, debug, devel, enable_dns, hide_notes;
    bool subchart_notes, insecure, plain_http, pass_credentials, verify, no_openapi, replace;
    bool create_namespace, wait;
};

#define FLAGS_ROW(letter, name, value, help, kind, member)                                         \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct template_flags, member)                   \
    }

static const struct option template_options[] = {
    FLAGS_ROW('a', "api-versions", "VERSION", "an API version for .Capabilities", OPTION_COMMAS,
              api_versions),
    FLAGS_ROW(0, "include-crds", NULL, "print the definitions below crds/ too", OPTION_FLAG,
              include_crds),
    FLAGS_ROW(0, "is-upgrade", NULL, ".Release.IsUpgrade instead of .IsInstall", OPTION_FLAG,
              upgrade),
    FLAGS_ROW(0, "kube-version", "VERSION", "the version for .Capabilities.KubeVersion",
              OPTION_TEXT, kube_version),
    FLAGS_ROW('g', "generate-name", NULL, "make a release name up", OPTION_FLAG, generate_name),
    FLAGS_ROW(0, "name-template", "TEMPLATE", "a template for the release name", OPTION_TEXT,
              name_template),
    FLAGS_ROW('n', "namespace", "NAME", "the release's namespace", OPTION_TEXT, namespace_),
    FLAGS_ROW(0, "no-hooks", NULL, "leave hooks out", OPTION_FLAG, no_hooks),
    FLAGS_ROW(0, "output-dir", "DIR", "write files there instead of printing", OPTION_TEXT,
              output_dir),
    FLAGS_ROW(0, "release-name", NULL, "a folder of the release's name below --output-dir",
              OPTION_FLAG, release_name),
    FLAGS_ROW('s', "show-only", "TEMPLATE", "print only what this template gives", OPTION_LIST,
              show_only),
    FLAGS_ROW(0, "skip-crds", NULL, "leave crds/ out", OPTION_FLAG, skip_crds),
    FLAGS_ROW(0, "skip-schema-validation", NULL, "do not look at values.schema.json", OPTION_FLAG,
              skip_schema),
    FLAGS_ROW(0, "skip-tests", NULL, "leave test hooks out", OPTION_FLAG, skip_tests),
    OPTION_ROWS_OF(value_options, struct template_flags, said),
    /* Understood, as scripts say them; without a cluster they change nothing. */
    FLAGS_ROW(0, "create-namespace", NULL, NULL, OPTION_FLAG, create_namespace),
    FLAGS_ROW(0, "debug", NULL, NULL, OPTION_FLAG, debug),
    FLAGS_ROW(0, "description", "TEXT", NULL, OPTION_TEXT, description),
    FLAGS_ROW(0, "devel", NULL, NULL, OPTION_FLAG, devel),
    FLAGS_ROW(0, "disable-openapi-validation", NULL, NULL, OPTION_FLAG, no_openapi),
    FLAGS_ROW(0, "dry-run", "client|server", NULL, OPTION_OPTIONAL, dry_run),
    FLAGS_ROW(0, "enable-dns", NULL, NULL, OPTION_FLAG, enable_dns),
    FLAGS_ROW(0, "hide-notes", NULL, NULL, OPTION_FLAG, hide_notes),
    FLAGS_ROW(0, "kube-context", "NAME", NULL, OPTION_TEXT, kube_context),
    FLAGS_ROW('l', "labels", "LABELS", NULL, OPTION_TEXT, labels),
    FLAGS_ROW(0, "render-subchart-notes", NULL, NULL, OPTION_FLAG, subchart_notes),
    FLAGS_ROW(0, "replace", NULL, NULL, OPTION_FLAG, replace),
    FLAGS_ROW(0, "timeout", "TIME", NULL, OPTION_DURATION, timeout),
    FLAGS_ROW(0, "validate", NULL, NULL, OPTION_FLAG, validate),
    FLAGS_ROW(0, "wait", NULL, NULL, OPTION_FLAG, wait),
    { 0 },
};

/* Helm's words are those of a template that failed, or else of our first report. */
static bool fail(struct context *cx, struct call *call, const char *before, str words)
{
    if (!words.at) {
        const struct diag *d = cx->diags.first;
        while (d && d->kind != DIAG_ERROR)
            d = d->next;
        words = d ? d->message : S("");
    }
    call->model_error = str_format(cx->arena, "%s%.*s", before, STR(words));
    return false;
}

/* Helm's words for a chart that can't be loaded: each frame of the report, outermost first. */
static bool fail_loading(struct context *cx, struct call *call)
{
    const struct diag *d = cx->diags.first;
    while (d && d->kind != DIAG_ERROR)
        d = d->next;
    str words = d ? d->message : S("");
    for (d = d ? d->next : NULL; d && d->kind == DIAG_NOTE; d = d->next)
        words = str_format(cx->arena, "%.*s: %.*s", STR(d->message), STR(words));
    return fail(cx, call, "", words);
}

static bool said_values(struct context *cx, struct call *call, struct source *disk,
                        struct dict **values)
{
    const struct template_flags *flags = call->options;
    str before;
    *values = dict_new(cx->arena, 0);
    if (value_flags_lay(cx, &flags->said, disk, values, &before))
        return true;
    return fail(cx, call, str_cstr(cx->arena, before), (str){ NULL, 0 });
}

static str made_up_name(struct context *cx, str chart)
{
    str folder, base;
    if (!str_cut_last(chart, '/', &folder, &base))
        base = chart;
    if (base.len == 0 || str_eq(base, S(".")))
        base = S("chart");
    str_cut(base, '.', &base, &folder);
    return str_format(cx->arena, "%.*s-%lld", STR(base), (long long)cx->now);
}

/* Which operand is the release, which the chart. */
static bool name_and_chart(struct context *cx, struct call *call, str *name, str *chart,
                           str *failure)
{
    const struct template_flags *flags = call->options;
    const struct words *words = &call->operands;
    *chart = words->at[words->len - 1];
    *failure = (str){ NULL, 0 };
    if (words->len == 2) {
        *name = words->at[0];
        if (flags->generate_name)
            return report(cx, NOWHERE, "cannot set --generate-name and also specify a name");
        if (flags->name_template.len)
            return report(cx, NOWHERE, "cannot set --name-template and also specify a name");
        return true;
    }
    *name = helm_default(S("releaseName"));
    if (flags->name_template.len)
        return inflate_name(cx, flags->name_template, true, name, failure);
    if (flags->generate_name)
        *name = made_up_name(cx, *chart);
    return true;
}

static bool is_printed(const struct template_flags *flags, const struct manifest *m)
{
    return !m->hook || !(flags->no_hooks || (flags->skip_tests && m->test));
}

/* All manifests as one text whose ends are trimmed, then the hooks. */
static void print_all(struct context *cx, const struct template_flags *flags,
                      const struct manifests *all, struct buf *out)
{
    struct buf plain;
    uint32_t i = 0;
    buf_init(&plain, cx->arena, 4096);
    for (; i < all->len && !all->at[i].hook; i++)
        manifest_print(&plain, &all->at[i]);
    buf_str(out, str_trim(buf_view(&plain)));
    buf_char(out, '\n');
    for (; i < all->len; i++) {
        if (is_printed(flags, &all->at[i]))
            manifest_print(out, &all->at[i]);
    }
}

/* "web/templates/x.yaml" seen from its chart. */
static str inner_path(str path)
{
    str head, tail;
    return str_cut(path, '/', &head, &tail) ? tail : path;
}

/* A file of crds/ may hold several: Helm shows the one that its comment stands above. */
static str first_document(const struct manifest *m)
{
    struct manifest_splitter splitter = { m->content, true };
    str document = S("");
    manifest_split(&splitter, &document);
    return str_trim(document);
}

static bool print_shown(struct context *cx, const struct template_flags *flags,
                        const struct manifests *all, struct buf *out)
{
    for (uint32_t s = 0; s < flags->show_only.len; s++) {
        str pattern = flags->show_only.at[s];
        bool found = false;
        for (uint32_t i = 0; i < all->len; i++) {
            const struct manifest *m = &all->at[i];
            if (!is_printed(flags, m) || glob_match(pattern, inner_path(m->path)) != GLOB_YES)
                continue;
            found = true;
            buf_format(out, "---\n# Source: %.*s\n%.*s\n", STR(m->path), STR(first_document(m)));
        }
        if (!found)
            return report(cx, NOWHERE, "could not find template %.*s in chart", STR(pattern));
    }
    return true;
}

static bool write_files(struct context *cx, struct call *call, str release,
                        const struct manifests *all)
{
    const struct template_flags *flags = call->options;
    str dir = flags->output_dir;
    if (flags->release_name)
        dir = source_join(cx->arena, dir, release);
    struct map files = { .arena = cx->arena };
    for (uint32_t i = 0; i < all->len; i++) {
        const struct manifest *m = &all->at[i];
        if (!is_printed(flags, m))
            continue;
        struct map_entry *e = map_entry(&files, source_join(cx->arena, dir, m->path));
        if (!e->value) {
            struct buf *b = NEW(cx->arena, struct buf);
            buf_init(b, cx->arena, 1024);
            e->value = b;
        }
        manifest_print(e->value, m);
        buf_format(call->out, "wrote %.*s\n", STR(e->key));
    }
    for (uint32_t i = 0; i < files.len; i++) {
        if (!output_file_below(cx, files.entries[i].key, buf_view(files.entries[i].value)))
            return false;
    }
    buf_char(call->out, '\n'); /* the line of what would stand here without --output-dir */
    return true;
}

static bool load(struct context *cx, struct call *call, struct source *disk, str path,
                 struct chart **chart)
{
    if (source_kind(cx, disk, path) == FILE_NONE) {
        report(cx, NOWHERE, "path \"%.*s\" not found", STR(path));
        return fail(cx, call, "", (str){ NULL, 0 });
    }
    *chart = chart_load(cx, disk, path, NOWHERE);
    if (!*chart)
        return fail_loading(cx, call);
    if ((*chart)->library) {
        report(cx, (*chart)->metadata->pos, "library charts are not installable");
        return fail(cx, call, "", (str){ NULL, 0 });
    }
    if (depend_check(cx, *chart))
        return true;
    return fail(cx, call,
                "an error occurred while checking for chart dependencies. You may need to run "
                "`helm dependency build` to fetch missing dependencies: ",
                (str){ NULL, 0 });
}

static bool run_template(struct context *cx, struct call *call)
{
    const struct template_flags *flags = call->options;
    const char *variable = getenv("HELM_NAMESPACE");
    struct source *disk = source_disk(cx, S(""));
    struct manifests all = { 0 };
    struct dict *said;
    struct chart *chart;
    str name, path, failure;
    if (!disk)
        return false;
    if (!name_and_chart(cx, call, &name, &path, &failure))
        return fail(cx, call, "", failure);
    if (!said_values(cx, call, disk, &said) || !load(cx, call, disk, path, &chart))
        return false;
    if (!release_check_name(cx, name, NOWHERE))
        return fail(cx, call, "", (str){ NULL, 0 });
    struct inflate_options options = {
        .release.name = name,
        .release.namespace_ = flags->namespace_.len ? flags->namespace_
                              : variable            ? str_from(variable)
                                                    : S("default"),
        .release.upgrade = flags->upgrade,
        .release.kube_version = flags->kube_version,
        .release.api_versions = flags->api_versions.at,
        .release.api_version_count = flags->api_versions.len,
        .skip_schema = flags->skip_schema,
        .include_crds = flags->include_crds && !flags->skip_crds,
    };
    if (!inflate(cx, chart, said, &options, &all, &failure))
        return fail(cx, call, "", failure);
    if (flags->show_only.len)
        return print_shown(cx, flags, &all, call->out) || fail(cx, call, "", (str){ NULL, 0 });
    if (flags->output_dir.len)
        return write_files(cx, call, name, &all);
    print_all(cx, flags, &all, call->out);
    return true;
}

static str template_miscounted(struct context *cx, const struct call *call)
{
    const struct words *w = &call->operands;
    if (!w->len)
        return S("\"helm template\" requires at least 1 argument\n\n"
                 "Usage:  helm template [NAME] [CHART] [flags]");
    return str_format(cx->arena, "expected at most two arguments, unexpected arguments: %.*s",
                      STR(str_join(cx->arena, w->at + 2, w->len - 2, S(", "))));
}

static const struct command helm_template = {
    .name = "template",
    .operands = "[NAME] CHART",
    .summary = "the manifests that a chart renders to",
    .about = "CHART is a folder or a .tgz archive. No cluster is asked.",
    .options = template_options,
    .options_size = sizeof(struct template_flags),
    .run = run_template,
    .miscounted = template_miscounted,
    .foreign = true,
};

struct version_flags {
    bool short_;
    str template;
};

static const struct option version_options[] = {
    { 0, "short", NULL, "the version alone", OPTION_FLAG, offsetof(struct version_flags, short_) },
    { 0, "template", "TEMPLATE", "a template for the version", OPTION_TEXT,
      offsetof(struct version_flags, template) },
    { 0 },
};

static bool run_version(struct context *cx, struct call *call)
{
    const struct version_flags *flags = call->options;
    str commit = helm_default(S("gitCommit"));
    (void)cx;
    if (flags->short_)
        buf_format(call->out, MODEL_HELM "+g%.*s\n", STR(str_slice(commit, 0, 7)));
    else
        buf_format(call->out,
                   "version.BuildInfo{Version:\"" MODEL_HELM "\", GitCommit:\"%.*s\", "
                   "GitTreeState:\"clean\", GoVersion:\"%.*s\", KubeClientVersion:\"%.*s\"}\n",
                   STR(commit), STR(helm_default(S("goVersion"))),
                   STR(helm_default(S("kubeClientVersion"))));
    return true;
}

static const struct command helm_version = {
    .name = "version",
    .summary = "the version of helm whose output this is",
    .options = version_options,
    .options_size = sizeof(struct version_flags),
    .run = run_version,
    .foreign = true,
};

static const struct command *const children[] = { &helm_template, &helm_version, NULL };

const struct command as_helm = {
    .name = "helm",
    .summary = "helm's command line, as far as rendering needs it",
    .children = children,
    .foreign = true,
};
