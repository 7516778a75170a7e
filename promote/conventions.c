/* What a project's folders say without a hoist.yaml.
 *
 * A folder of overlays holds an environment in each of its folders. Beside a chart,
 * staging-values.yaml, values-staging.yaml and values/staging.yaml are the environment
 * `staging`: the chart with that file. The project's own folder may be the chart, or `chart`,
 * `helm`, or the folders in `charts`, `helm` and `deploy`; where several charts have values for
 * a name, `CHART-NAME` are the environments. */
#include "promote/project.h"

static const str overlay_parents[] = { S("overlays"), S("k8s/overlays"), S("environments") };
static const str chart_folders[] = { S("."), S("chart"), S("helm") };
static const str chart_parents[] = { S("charts"), S("helm"), S("deploy") };

static bool list_below(struct context *cx, const struct project *p, str path, struct listing *out)
{
    *out = (struct listing){ 0 };
    if (folder_kind(cx, p->folder, path) != FILE_FOLDER)
        return true;
    struct folder *folder = folder_enter(cx, p->folder, path, NOWHERE);
    return folder && folder_list(cx, folder, NOWHERE, out);
}

static bool find_overlays(struct context *cx, struct project *p)
{
    for (size_t i = 0; i < countof(overlay_parents); i++) {
        struct listing names;
        if (!list_below(cx, p, overlay_parents[i], &names))
            return false;
        for (uint32_t k = 0; k < names.len; k++) {
            struct environment_row row = { .name = names.at[k].name };
            if (names.at[k].kind != FILE_FOLDER || project_find(p, row.name))
                continue;
            row.path = source_join(cx->arena, overlay_parents[i], row.name);
            project_add(cx, p, row);
        }
    }
    return true;
}

struct finds {
    struct found {
        str environment;
        str chart;
        str file;
    } * at;
    uint32_t len;
    uint32_t cap;
};

/* "staging" of "staging-values.yaml" and "values-staging.yaml"; false for other files. */
static bool named_for(str file, str *environment)
{
    str stem = str_ends(file, S(".yaml"))  ? str_slice(file, 0, file.len - 5)
               : str_ends(file, S(".yml")) ? str_slice(file, 0, file.len - 4)
                                           : S("");
    if (str_ends(stem, S("-values")))
        *environment = str_slice(stem, 0, stem.len - 7);
    else if (str_starts(stem, S("values-")))
        *environment = str_skip(stem, 7);
    else
        return false;
    return environment->len > 0;
}

static void add_find(struct context *cx, struct finds *all, str environment, str chart, str file)
{
    ARENA_PUSH(cx->arena, all->at, all->len, all->cap);
    all->at[all->len++] = (struct found){ environment, chart, file };
}

static bool look_beside(struct context *cx, const struct project *p, str chart, struct finds *all)
{
    struct listing names, inner;
    str environment;
    if (folder_kind(cx, p->folder, source_join(cx->arena, chart, S("Chart.yaml"))) != FILE_PLAIN)
        return true;
    if (!list_below(cx, p, chart, &names)
        || !list_below(cx, p, source_join(cx->arena, chart, S("values")), &inner))
        return false;
    for (uint32_t i = 0; i < names.len; i++) {
        if (names.at[i].kind != FILE_FOLDER && named_for(names.at[i].name, &environment))
            add_find(cx, all, environment, chart, names.at[i].name);
    }
    for (uint32_t i = 0; i < inner.len; i++) {
        str name = inner.at[i].name, ending;
        if (inner.at[i].kind != FILE_FOLDER && str_cut_last(name, '.', &environment, &ending)
            && (str_eq(ending, S("yaml")) || str_eq(ending, S("yml"))))
            add_find(cx, all, environment, chart, source_join(cx->arena, S("values"), name));
    }
    return true;
}

static bool find_charts(struct context *cx, const struct project *p, struct finds *all)
{
    struct listing names;
    for (size_t i = 0; i < countof(chart_folders); i++) {
        if (!look_beside(cx, p, chart_folders[i], all))
            return false;
    }
    for (size_t i = 0; i < countof(chart_parents); i++) {
        if (!list_below(cx, p, chart_parents[i], &names))
            return false;
        for (uint32_t k = 0; k < names.len; k++) {
            str chart = source_join(cx->arena, chart_parents[i], names.at[k].name);
            if (names.at[k].kind == FILE_FOLDER && !look_beside(cx, p, chart, all))
                return false;
        }
    }
    return true;
}

/* The name in Chart.yaml would need it read; the folder is called so too, but at the top. */
static str chart_name(str chart)
{
    str folder, name;
    if (str_eq(chart, S(".")))
        return S("");
    return str_cut_last(chart, '/', &folder, &name) ? name : chart;
}

static bool is_contested(const struct finds *all, const struct found *f)
{
    for (uint32_t i = 0; i < all->len; i++) {
        if (str_eq(all->at[i].environment, f->environment) && !str_eq(all->at[i].chart, f->chart))
            return true;
    }
    return false;
}

static void add_chart(struct context *cx, struct project *p, const struct finds *all,
                      const struct found *f)
{
    struct environment_row row = {
        .name = f->environment, .path = f->chart, .release = chart_name(f->chart), .value_count = 1
    };
    if (is_contested(all, f) && row.release.len)
        row.name = str_format(cx->arena, "%.*s-%.*s", STR(row.release), STR(f->environment));
    if (project_find(p, row.name))
        return;
    row.values = NEW(cx->arena, struct value_name);
    row.values->path = f->file;
    project_add(cx, p, row);
}

bool project_by_convention(struct context *cx, struct project *p)
{
    struct finds all = { 0 };
    if (!find_overlays(cx, p) || !find_charts(cx, p, &all))
        return false;
    for (uint32_t i = 0; i < all.len; i++)
        add_chart(cx, p, &all, &all.at[i]);
    return true;
}
