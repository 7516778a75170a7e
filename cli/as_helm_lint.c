/* helm lint: findings of one chart after another, and how many of them failed. */
#include "cli/as_helm.h"
#include "render/chart/lint.h"
#include "render/chart/release.h"
#include "render/source/walk.h"

struct lint_flags {
    struct helm_globals globals;
    struct value_flags said;
    str kube_version;
    bool strict, subcharts, quiet, skip_schema;
};

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct lint_flags, member), NULL                 \
    }

static const struct option options[] = {
    ROW(0, "strict", NULL, "warnings are failures, too", OPTION_FLAG, strict),
    ROW(0, "with-subcharts", NULL, "look at the charts below charts/, too", OPTION_FLAG, subcharts),
    ROW(0, "quiet", NULL, "warnings and errors alone", OPTION_FLAG, quiet),
    ROW(0, "skip-schema-validation", NULL, "do not look at values.schema.json", OPTION_FLAG,
        skip_schema),
    ROW(0, "kube-version", "VERSION", "the version of Kubernetes", OPTION_TEXT, kube_version),
    OPTION_ROWS_OF(value_options, struct lint_flags, said),
    OPTION_ROWS_OF(helm_global_options, struct lint_flags, globals),
    { 0 },
};

static bool is_archive(str path)
{
    return str_ends(path, S(".tgz")) || str_ends(path, S(".tar.gz"));
}

/* Charts and archives below charts/. */
static bool add_subcharts(struct context *cx, struct source *disk, str path, struct words *paths)
{
    struct listing files = { 0 };
    str charts = source_join(cx->arena, path, S("charts"));
    if (source_kind(cx, disk, charts) != FILE_FOLDER)
        return true;
    struct folder *folder = source_folder(cx, disk, charts, NOWHERE);
    if (!folder || !folder_walk(cx, folder, NOWHERE, NULL, &files))
        return false;
    for (uint32_t i = 0; i < files.len; i++) {
        str file = source_join(cx->arena, charts, files.at[i].name);
        str head, name;
        if (!str_cut_last(file, '/', &head, &name))
            continue;
        if (str_eq(name, S("Chart.yaml")))
            words_add(cx->arena, paths, head);
        else if (is_archive(name))
            words_add(cx->arena, paths, file);
    }
    return true;
}

/* What an archive holds is looked at as a folder. */
static bool lint(struct context *cx, struct source *disk, str path, const struct lint_options *how,
                 struct findings *out)
{
    str shown = str_starts(path, S("/")) ? path : source_join(cx->arena, disk->here, path);
    if (!is_archive(path))
        return chart_lint(cx, disk, path, shown, how, out);
    struct text *text = source_read(cx, disk, path, NOWHERE);
    struct source *tar = text ? source_tar(cx, path, text->bytes, NOWHERE) : NULL;
    struct folder *top = tar ? source_folder(cx, tar, S(""), NOWHERE) : NULL;
    struct listing names = { 0 };
    if (!top || !folder_list(cx, top, NOWHERE, &names))
        return false;
    if (!names.len || names.at[0].kind != FILE_FOLDER)
        return report(cx, NOWHERE, "unexpected file in '%.*s'", STR(path));
    return chart_lint(cx, tar, names.at[0].name, names.at[0].name, how, out);
}

static void print(const struct lint_flags *flags, struct buf *out, const struct findings *all)
{
    static const char *const names[] = {
        [SEVERITY_INFO] = "INFO", [SEVERITY_WARNING] = "WARNING", [SEVERITY_ERROR] = "ERROR"
    };
    for (uint32_t i = 0; i < all->len; i++) {
        const struct finding *f = &all->at[i];
        if (!flags->quiet || f->severity > SEVERITY_INFO)
            buf_format(out, "[%s] %.*s: %.*s\n", names[f->severity], STR(f->path), STR(f->words));
    }
}

struct tally {
    uint32_t failed;
    uint32_t spoken; /* those with more than a remark */
};

static void lint_one(struct context *cx, struct call *call, struct source *disk, str path,
                     const struct lint_options *how, struct tally *tally)
{
    const struct lint_flags *flags = call->options;
    struct findings all = { 0 };
    struct diags before = cx->diags;
    enum severity worst = SEVERITY_INFO;
    bool chart = lint(cx, disk, path, how, &all);
    const struct diag *why = chart ? NULL : diag_take_back(cx, before);
    for (uint32_t i = 0; i < all.len; i++)
        worst = all.at[i].severity > worst ? all.at[i].severity : worst;
    bool spoken = !chart || worst > SEVERITY_INFO;
    tally->spoken += spoken;
    tally->failed += !chart || worst >= (flags->strict ? SEVERITY_WARNING : SEVERITY_ERROR);
    if (flags->quiet && !spoken)
        return;
    buf_format(call->out, "==> Linting %.*s\n", STR(path));
    if (why)
        buf_format(call->out, "Error %.*s\n", STR(why->message));
    print(flags, call->out, &all);
    buf_char(call->out, '\n');
}

static bool run(struct context *cx, struct call *call)
{
    const struct lint_flags *flags = call->options;
    struct source *disk = source_disk(cx, S(""));
    struct words paths = { 0 };
    struct tally tally = { 0 };
    struct dict *said;
    struct kube_version kube;
    for (uint32_t i = 0; disk && i < call->operands.len; i++)
        words_add(cx->arena, &paths, call->operands.at[i]);
    for (uint32_t i = 0; disk && flags->subcharts && i < call->operands.len; i++) {
        if (!add_subcharts(cx, disk, call->operands.at[i], &paths))
            return helm_fail_framed(cx, call);
    }
    if (flags->kube_version.len && !kube_version_parse(cx, flags->kube_version, &kube)) {
        report(cx, NOWHERE, "invalid kube version '%.*s': %.*s", STR(flags->kube_version),
               STR(kube.error));
        return helm_fail_framed(cx, call);
    }
    if (!disk || !helm_values(cx, call, disk, &flags->said, &said))
        return false;
    struct lint_options how = {
        .said = said,
        .namespace_ = helm_namespace(&flags->globals),
        .kube_version = flags->kube_version,
        .skip_schema = flags->skip_schema,
    };
    call->print_anyway = true;
    for (uint32_t i = 0; i < paths.len; i++)
        lint_one(cx, call, disk, paths.at[i], &how, &tally);
    str summary =
        str_format(cx->arena, "%u chart(s) linted, %u chart(s) failed", paths.len, tally.failed);
    if (tally.failed) {
        report_refused(cx, NOWHERE, "%.*s", STR(summary));
        return helm_fail_framed(cx, call);
    }
    if (!flags->quiet || tally.spoken)
        buf_format(call->out, "%.*s\n", STR(summary));
    return true;
}

static str miscounted(struct context *cx, const struct call *call)
{
    return helm_miscounted(cx, call, "requires at least 1 argument", "helm lint PATH [flags]");
}

const struct command helm_lint = {
    .name = "lint",
    .operands = "CHART...",
    .summary = "what is wrong with a chart, or may be",
    .options = options,
    .options_size = sizeof(struct lint_flags),
    .run = run,
    .miscounted = miscounted,
    .foreign = true,
};
