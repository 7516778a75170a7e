/* helm template: a chart and values to manifests on standard output, or to files. */
#include "cli/as_helm.h"
#include "render/base/glob.h"
#include "render/chart/compat.h"
#include "render/chart/depend.h"
#include "render/chart/depend_fetch.h"
#include "render/chart/inflate.h"
#include "render/doc/scalar.h"
#include "schema/orders.h"

struct template_flags {
    struct helm_globals globals;
    struct helm_place place;
    struct value_flags said;
    struct words api_versions, show_only;
    str compat, name_template, kube_version, output_dir, dry_run, description, labels, wait;
    uint64_t timeout;
    bool include_crds, skip_crds, skip_tests, no_hooks, upgrade, generate_name, release_name;
    bool skip_schema, dependency_update, validate, devel, enable_dns, hide_notes;
    bool subchart_notes, no_openapi, replace, create_namespace, wait_for_jobs, rollback;
    bool server_side, force, force_conflicts, take_ownership;
};

#define FLAGS_ROW(letter, name, value, help, kind, member)                                         \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct template_flags, member)                   \
    }

static const struct option template_options[] = {
    FLAGS_ROW('a', "api-versions", "VERSION", "an API version for .Capabilities", OPTION_COMMAS,
              api_versions),
    FLAGS_ROW(0, "compat", CHART_COMPAT_NAMES, "the release whose output is printed; else helm-4",
              OPTION_CHOICE, compat),
    FLAGS_ROW(0, "include-crds", NULL, "print the definitions below crds/ too", OPTION_FLAG,
              include_crds),
    FLAGS_ROW(0, "is-upgrade", NULL, ".Release.IsUpgrade instead of .IsInstall", OPTION_FLAG,
              upgrade),
    FLAGS_ROW(0, "kube-version", "VERSION", "the version for .Capabilities.KubeVersion",
              OPTION_TEXT, kube_version),
    FLAGS_ROW('g', "generate-name", NULL, "make a release name up", OPTION_FLAG, generate_name),
    FLAGS_ROW(0, "name-template", "TEMPLATE", "a template for the release name", OPTION_TEXT,
              name_template),
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
    FLAGS_ROW(0, "enable-dns", NULL, "let templates look up names of hosts", OPTION_FLAG,
              enable_dns),
    FLAGS_ROW(0, "dependency-update", NULL, "fetch missing dependencies into charts/", OPTION_FLAG,
              dependency_update),
    FLAGS_ROW(0, "devel", NULL, "pre-releases, too, where no --version is said", OPTION_FLAG,
              devel),
    OPTION_ROWS_OF(value_options, struct template_flags, said),
    OPTION_ROWS_OF(helm_place_options, struct template_flags, place),
    OPTION_ROWS_OF(helm_global_options, struct template_flags, globals),
    /* Understood, as scripts say them; without a cluster they change nothing. */
    FLAGS_ROW(0, "atomic", NULL, NULL, OPTION_FLAG, rollback),
    FLAGS_ROW(0, "create-namespace", NULL, NULL, OPTION_FLAG, create_namespace),
    FLAGS_ROW(0, "description", "TEXT", NULL, OPTION_TEXT, description),
    FLAGS_ROW(0, "disable-openapi-validation", NULL, NULL, OPTION_FLAG, no_openapi),
    FLAGS_ROW(0, "dry-run", "client|server", NULL, OPTION_OPTIONAL, dry_run),
    FLAGS_ROW(0, "force", NULL, NULL, OPTION_FLAG, force),
    FLAGS_ROW(0, "force-conflicts", NULL, NULL, OPTION_FLAG, force_conflicts),
    FLAGS_ROW(0, "force-replace", NULL, NULL, OPTION_FLAG, force),
    FLAGS_ROW(0, "hide-notes", NULL, NULL, OPTION_FLAG, hide_notes),
    FLAGS_ROW('l', "labels", "LABELS", NULL, OPTION_TEXT, labels),
    FLAGS_ROW(0, "render-subchart-notes", NULL, NULL, OPTION_FLAG, subchart_notes),
    FLAGS_ROW(0, "replace", NULL, NULL, OPTION_FLAG, replace),
    FLAGS_ROW(0, "rollback-on-failure", NULL, NULL, OPTION_FLAG, rollback),
    FLAGS_ROW(0, "server-side", NULL, NULL, OPTION_FLAG, server_side),
    FLAGS_ROW(0, "take-ownership", NULL, NULL, OPTION_FLAG, take_ownership),
    FLAGS_ROW(0, "timeout", "TIME", NULL, OPTION_DURATION, timeout),
    FLAGS_ROW(0, "validate", NULL, NULL, OPTION_FLAG, validate),
    FLAGS_ROW(0, "wait", "watcher|hookOnly|legacy", NULL, OPTION_OPTIONAL, wait),
    FLAGS_ROW(0, "wait-for-jobs", NULL, NULL, OPTION_FLAG, wait_for_jobs),
    { 0 },
};

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

/* All manifests as one text without white space at its end, then the hooks. */
static void print_all(const struct template_flags *flags, const struct manifests *all,
                      struct buf *out)
{
    uint32_t i = 0;
    size_t from = out->len, room = 0;
    for (uint32_t k = 0; k < all->len; k++)
        room += all->at[k].path.len + all->at[k].content.len + sizeof "---\n# Source: \n\n";
    buf_reserve(out, room + 1);
    for (; i < all->len && !all->at[i].hook; i++)
        manifest_print(out, &all->at[i]);
    out->len = from + str_trim(str_skip(buf_view(out), from)).len;
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

/* `--dependency-update` fills charts/ when something is missing there, and only then. */
static bool complete(struct context *cx, struct call *call, struct puller *p,
                     const struct located *at, struct chart **chart)
{
    const struct template_flags *flags = call->options;
    struct diags before = cx->diags;
    if (depend_check(cx, *chart))
        return true;
    if (!flags->dependency_update || at->pulled.text)
        return helm_fail(cx, call,
                         "an error occurred while checking for chart dependencies. You may need to "
                         "run `helm dependency build` to fetch missing dependencies: ",
                         (str){ NULL, 0 });
    diag_take_back(cx, before);
    struct charts_folder folder = { .puller = p,
                                    .path = at->path,
                                    .access = helm_request(cx, &flags->place, S("")).access };
    if (!depend_update(&folder, call->out) || !helm_finish(call, p))
        return helm_fail_framed(cx, call);
    *chart = located_load(p, at);
    return *chart || helm_fail_framed(cx, call);
}

static bool load(struct context *cx, struct call *call, struct puller *p, const struct located *at,
                 struct chart **chart)
{
    bool folder = !at->pulled.text && source_kind(cx, p->disk, at->path) == FILE_FOLDER;
    *chart = folder && !helm_detect(cx, p->disk, at->path) ? NULL : located_load(p, at);
    if (!*chart)
        return helm_fail_framed(cx, call);
    if ((*chart)->library) {
        report(cx, (*chart)->metadata->pos, "library charts are not installable");
        return helm_fail(cx, call, "", (str){ NULL, 0 });
    }
    const struct node *deprecated = node_get_text(cx, (*chart)->metadata, S("deprecated"));
    if (node_is(deprecated, NODE_BOOL) && scalar_true(deprecated->text))
        call->model_said = p->said =
            str_concat(cx->arena, p->said, S("level=WARN msg=\"this chart is deprecated\"\n"));
    return complete(cx, call, p, at, chart);
}

static bool find(struct context *cx, struct call *call, struct puller *p, str path,
                 struct located *out)
{
    const struct template_flags *flags = call->options;
    struct chart_request request = helm_request(cx, &flags->place, path);
    if (flags->devel && !request.version.len)
        request.version = S(">0.0.0-0");
    p->caches = true;
    return chart_locate(p, &request, out) || helm_fail_framed(cx, call);
}

static bool print(struct context *cx, struct call *call, str name, const struct manifests *all)
{
    const struct template_flags *flags = call->options;
    if (flags->show_only.len)
        return print_shown(cx, flags, all, call->out) || helm_fail(cx, call, "", (str){ NULL, 0 });
    if (flags->output_dir.len)
        return write_files(cx, call, name, all);
    print_all(flags, all, call->out);
    return true;
}

/* What the templates printed, as it is, whatever is wrong with it. Helm has it in the order of a Go
 * map, which is chance; ours is that in which they ran. */
static void print_raw(struct context *cx, const struct manifests *all, struct buf *out)
{
    struct buf raw;
    buf_init(&raw, cx->arena, 4096);
    for (uint32_t i = 0; all->rendered && i < all->file_count; i++) {
        const struct rendered_file *f = &all->files[i];
        if (str_trim(f->text->bytes).len)
            buf_format(&raw, "---\n# Source: %.*s\n%.*s\n", STR(f->path), STR(f->text->bytes));
    }
    buf_str(out, str_trim(buf_view(&raw)));
    buf_char(out, '\n');
}

static bool fail_to_inflate(struct context *cx, struct call *call, const struct manifests *all,
                            str failure)
{
    const struct template_flags *flags = call->options;
    helm_fail(cx, call, "", failure);
    call->print_anyway = flags->globals.debug;
    if (all->begun && flags->globals.debug)
        print_raw(cx, all, call->out);
    else if (all->begun)
        call->model_error = str_concat(cx->arena, call->model_error,
                                       S("\n\nUse --debug flag to render out invalid YAML"));
    return false;
}

static bool run_template(struct context *cx, struct call *call)
{
    const struct template_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    struct manifests all = { 0 };
    struct dict *said;
    struct chart *chart;
    struct located at;
    str name, path, failure;
    if (!p)
        return false;
    cx->charts_like = chart_compat_find(flags->compat);
    if (!name_and_chart(cx, call, &name, &path, &failure))
        return helm_fail(cx, call, "", failure);
    if (!find(cx, call, p, path, &at) || !helm_values(cx, call, p->disk, &flags->said, &said)
        || !load(cx, call, p, &at, &chart) || !helm_finish(call, p))
        return false;
    if (!release_check_name(cx, name, NOWHERE))
        return helm_fail(cx, call, "", (str){ NULL, 0 });
    struct inflate_options options = {
        .release.name = name,
        .release.namespace_ = helm_namespace(&flags->globals),
        .release.upgrade = flags->upgrade,
        .release.kube_version = flags->kube_version,
        .release.api_versions = flags->api_versions.at,
        .release.api_version_count = flags->api_versions.len,
        .skip_schema = flags->skip_schema,
        .dns = flags->enable_dns,
        .include_crds = flags->include_crds && !flags->skip_crds,
    };
    if (!inflate(cx, chart, said, &options, &all, &failure))
        return fail_to_inflate(cx, call, &all, failure);
    return print(cx, call, name, &all);
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

const struct command helm_template = {
    .name = "template",
    .operands = "[NAME] CHART",
    .summary = "the manifests that a chart renders to",
    .about =
        "CHART is a folder, a .tgz archive, REPOSITORY/NAME, an address, or a NAME that --repo has.\n"
        "No cluster is asked.",
    .options = template_options,
    .options_size = sizeof(struct template_flags),
    .run = run_template,
    .miscounted = template_miscounted,
    .foreign = true,
};
