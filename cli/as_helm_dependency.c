/* helm dependency: a chart's folder charts/, its lock, and what stands in both. */
#include "cli/as_helm.h"
#include "cli/as_helm_table.h"
#include "render/base/glob.h"
#include "render/chart/depend_fetch.h"

struct dependency_flags {
    struct helm_globals globals;
    struct access access;
    str width, keyring;
    bool keep_indexes, verify;
};

#define ROW(letter, name, value, help, kind, member)                                               \
    {                                                                                              \
        letter, name, value, help, kind, offsetof(struct dependency_flags, member), NULL           \
    }

static const struct option fetch_options[] = {
    ROW(0, "skip-refresh", NULL, "do not ask repositories for their indexes", OPTION_FLAG,
        keep_indexes),
    ROW(0, "verify", NULL, "only charts that are signed", OPTION_FLAG, verify),
    ROW(0, "keyring", "FILE", "by one of these keys; ~/.gnupg/pubring.gpg if not said", OPTION_TEXT,
        keyring),
    OPTION_ROWS_OF(helm_access_options, struct dependency_flags, access),
    OPTION_ROWS_OF(helm_global_options, struct dependency_flags, globals),
    { 0 },
};

static const struct option list_options[] = {
    ROW(0, "max-col-width", "N", "cut longer cells; 80 if not said, 0 cuts none", OPTION_TEXT,
        width),
    OPTION_ROWS_OF(helm_global_options, struct dependency_flags, globals),
    { 0 },
};

static str chart_path(struct context *cx, const struct call *call)
{
    return call->operands.len ? source_join(cx->arena, S(""), call->operands.at[0]) : S(".");
}

static bool fetch(struct context *cx, struct call *call,
                  bool (*how)(struct charts_folder *folder, struct buf *out))
{
    const struct dependency_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    if (!p)
        return false;
    struct charts_folder folder = {
        .puller = p,
        .path = chart_path(cx, call),
        .access = flags->access,
        .keep_indexes = flags->keep_indexes,
        .said_file = flags->globals.debug,
        .keyring = flags->verify ? helm_keyring(cx, flags->keyring) : S(""),
    };
    call->print_anyway = true;
    if (!how(&folder, call->out))
        return helm_fail_framed(cx, call);
    return helm_finish(call, p);
}

static bool run_build(struct context *cx, struct call *call)
{
    return fetch(cx, call, depend_build);
}

static bool run_update(struct context *cx, struct call *call)
{
    return fetch(cx, call, depend_update);
}

/* What stands in charts/: archives by their names in the order of a shell's glob. */
static bool list_folder(struct context *cx, struct puller *p, str charts, struct listing *out)
{
    *out = (struct listing){ 0 };
    if (source_kind(cx, p->disk, charts) != FILE_FOLDER)
        return true;
    struct folder *folder = source_folder(cx, p->disk, charts, NOWHERE);
    return folder && folder_list(cx, folder, NOWHERE, out);
}

static bool is_strict_version(struct context *cx, str file, str name)
{
    struct semver v;
    str error, text = str_trim_suffix(str_skip(file, name.len + 1), S(".tgz"));
    return semver_parse_strict(cx->arena, text, &v, &error);
}

static str fit(struct context *cx, str version, const struct dependency *d, str good)
{
    struct semver v;
    str error;
    if (str_eq(version, d->version))
        return good;
    struct semver_range *range = semver_range_parse(cx->arena, d->version, &error);
    if (!range || !semver_parse(cx->arena, version, &v, &error))
        return S("invalid version");
    return semver_range_has(range, &v) ? good : S("wrong version");
}

static struct chart *try_load(struct context *cx, struct puller *p, str path)
{
    struct diags before = cx->diags;
    struct chart *chart = chart_load(cx, p->disk, path, NOWHERE);
    if (!chart)
        diag_take_back(cx, before);
    return chart;
}

static str archive_status(struct context *cx, struct puller *p, str path,
                          const struct dependency *d)
{
    const struct chart *chart = try_load(cx, p, path);
    if (!chart)
        return S("corrupt");
    if (!str_eq(chart->name, d->name))
        return S("misnamed");
    return fit(cx, chart->version, d, S("ok"));
}

/* "" when no archive decides. */
static str archives_status(struct context *cx, struct puller *p, str charts,
                           const struct listing *files, const struct dependency *d)
{
    str pattern = str_concat(cx->arena, d->name, S("-*.tgz")), one = S(""), strict = S("");
    uint32_t count = 0, versions = 0;
    for (uint32_t i = 0; i < files->len; i++) {
        str name = files->at[i].name;
        enum glob_answer answer = glob_match(pattern, name);
        if (answer == GLOB_MALFORMED)
            return S("bad pattern");
        if (answer != GLOB_YES)
            continue;
        count++;
        one = name;
        if (is_strict_version(cx, name, d->name)) {
            versions++;
            strict = name;
        }
    }
    if (count > 1) {
        if (versions > 1)
            return S("too many matches");
        one = versions ? strict : S("");
    }
    return one.len ? archive_status(cx, p, source_join(cx->arena, charts, one), d) : S("");
}

static str status_of(struct context *cx, struct puller *p, str charts, const struct listing *files,
                     const struct chart *chart, const struct dependency *d)
{
    const struct chart *child = NULL;
    str status = archives_status(cx, p, charts, files, d);
    if (status.len)
        return status;
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (str_eq(chart->charts[i]->name, d->name))
            child = chart->charts[i];
    }
    return child ? fit(cx, child->version, d, S("unpacked")) : S("missing");
}

static void print_strangers(struct context *cx, struct call *call, struct puller *p, str charts,
                            const struct listing *files, const struct chart *chart)
{
    for (uint32_t i = 0; i < files->len; i++) {
        str path = source_join(cx->arena, charts, files->at[i].name);
        bool found = false;
        if (source_kind(cx, p->disk, path) != FILE_FOLDER && !str_ends(path, S(".tgz")))
            continue;
        const struct chart *other = try_load(cx, p, path);
        for (uint32_t k = 0; other && k < chart->dependency_count && !found; k++)
            found = str_eq(chart->dependencies[k].name, other->name);
        if (!found)
            buf_format(call->out, "WARNING: \"%.*s\" is not %s.\n", STR(path),
                       other ? "in Chart.yaml" : "a chart");
    }
}

static bool run_list(struct context *cx, struct call *call)
{
    const struct dependency_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    struct table table = { .columns = 4 };
    struct listing files;
    size_t width;
    str path = chart_path(cx, call), charts = source_join(cx->arena, path, S("charts"));
    if (!p || !table_width(cx, call, flags->width, 80, &width))
        return false;
    if (source_kind(cx, p->disk, path) == FILE_NONE) {
        report(cx, NOWHERE, "stat %.*s: no such file or directory", STR(path));
        return helm_fail_framed(cx, call);
    }
    const struct chart *chart = chart_load(cx, p->disk, path, NOWHERE);
    if (!chart)
        return helm_fail_framed(cx, call);
    if (!node_get_text(cx, chart->metadata, S("dependencies"))) {
        buf_format(call->out, "WARNING: no dependencies at %.*s\n", STR(charts));
        return true;
    }
    if (!list_folder(cx, p, charts, &files))
        return false;
    table_row(cx, &table, (str[]){ S("NAME"), S("VERSION"), S("REPOSITORY"), S("STATUS") });
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        const struct dependency *d = &chart->dependencies[i];
        table_row(cx, &table,
                  (str[]){ d->name, d->version, d->repository,
                           status_of(cx, p, charts, &files, chart, d) });
    }
    table_print(call->out, &table, width);
    buf_char(call->out, '\n');
    print_strangers(cx, call, p, charts, &files, chart);
    return true;
}

static str miscounted(struct context *cx, const struct call *call)
{
    str usage = str_format(cx->arena, "helm dependency %s CHART [flags]", call->command->name);
    return helm_miscounted(cx, call, "accepts at most 1 argument", str_cstr(cx->arena, usage));
}

static const struct command dependency_build = {
    .name = "build",
    .operands = "[CHART]",
    .summary = "fill charts/ with the versions of the lock",
    .options = fetch_options,
    .options_size = sizeof(struct dependency_flags),
    .run = run_build,
    .miscounted = miscounted,
    .foreign = true,
};

static const struct command dependency_list = {
    .name = "list",
    .aliases = "ls",
    .operands = "[CHART]",
    .summary = "what is wished for, and what stands in charts/",
    .options = list_options,
    .options_size = sizeof(struct dependency_flags),
    .run = run_list,
    .miscounted = miscounted,
    .foreign = true,
};

static const struct command dependency_update = {
    .name = "update",
    .aliases = "up",
    .operands = "[CHART]",
    .summary = "fill charts/ with what Chart.yaml wishes, and write the lock",
    .options = fetch_options,
    .options_size = sizeof(struct dependency_flags),
    .run = run_update,
    .miscounted = miscounted,
    .foreign = true,
};

static const struct command *const children[] = { &dependency_build, &dependency_list,
                                                  &dependency_update, NULL };

const struct command helm_dependency = {
    .name = "dependency",
    .aliases = "dep dependencies",
    .summary = "the charts that a chart is made of",
    .children = children,
    .foreign = true,
};
