/* Helm's order: aliased copies are made, tags decide, conditions decide over tags, what is
 * disabled goes; then the same one level down; then values are imported upwards. */
#include "render/chart/depend.h"

#include "render/base/semver.h"
#include "render/chart/values.h"
#include "render/template/print.h"

static bool in_range(struct context *cx, str range, str version)
{
    struct mark before = arena_mark(cx->scratch);
    struct semver v;
    str error;
    struct semver_range *r = semver_range_parse(cx->scratch, range, &error);
    bool ok = r && semver_parse(cx->scratch, version, &v, &error) && semver_range_has(r, &v);
    arena_rewind(cx->scratch, before);
    return ok;
}

static bool is_meant(struct context *cx, const struct dependency *d, const struct chart *chart)
{
    return str_eq(d->name, chart->name) && in_range(cx, d->version, chart->version);
}

bool depend_check(struct context *cx, const struct chart *chart)
{
    struct buf missing;
    buf_init(&missing, cx->arena, 64);
    struct pos pos = NOWHERE;
    uint32_t count = 0;
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        const struct dependency *d = &chart->dependencies[i];
        bool found = false;
        for (uint32_t j = 0; j < chart->chart_count && !found; j++)
            found = str_eq(chart->charts[j]->name, d->name);
        if (found)
            continue;
        if (count++)
            buf_str(&missing, S(", "));
        else
            pos = d->pos;
        buf_str(&missing, d->name);
    }
    if (count == 0)
        return true;
    return report(cx, pos, "found in Chart.yaml, but missing in charts/ directory: %.*s",
                  STR(buf_view(&missing)));
}

static void push(struct context *cx, struct chart *chart, struct chart *child)
{
    ARENA_PUSH(cx->arena, chart->charts, chart->chart_count, chart->chart_cap);
    chart->charts[chart->chart_count++] = child;
    child->parent = chart;
}

/* Charts that no dependency speaks of stay; each dependency gets its chart, under its alias. */
static void apply_aliases(struct context *cx, struct chart *chart)
{
    struct chart old = *chart;
    chart->charts = NULL;
    chart->chart_count = chart->chart_cap = 0;
    for (uint32_t i = 0; i < old.chart_count; i++) {
        bool spoken = false;
        for (uint32_t j = 0; j < chart->dependency_count && !spoken; j++)
            spoken = is_meant(cx, &chart->dependencies[j], old.charts[i]);
        if (!spoken)
            push(cx, chart, old.charts[i]);
    }
    for (uint32_t j = 0; j < chart->dependency_count; j++) {
        struct dependency *d = &chart->dependencies[j];
        for (uint32_t i = 0; i < old.chart_count; i++) {
            if (!is_meant(cx, d, old.charts[i]))
                continue;
            struct chart *child = old.charts[i];
            if (d->alias.len) {
                child = chart_copy(cx, child);
                child->name = d->alias;
            }
            push(cx, chart, child);
            break;
        }
        if (d->alias.len)
            d->name = d->alias;
    }
}

static void apply_tags(struct context *cx, struct chart *chart, struct dict *values)
{
    const struct dict *tags = values_table(cx, values, S("tags"));
    for (uint32_t i = 0; tags && i < chart->dependency_count; i++) {
        struct dependency *d = &chart->dependencies[i];
        bool any_true = false;
        bool any_false = false;
        for (uint32_t j = 0; d->tags.kind == VALUE_LIST && j < d->tags.len; j++) {
            struct value v = dict_get_text(cx, tags, value_str(d->tags.items[j]));
            any_true |= v.kind == VALUE_BOOL && v.b;
            any_false |= v.kind == VALUE_BOOL && !v.b;
        }
        d->enabled = any_true || !any_false;
    }
}

/* The first path of a condition that is there, as a boolean, decides. */
static void apply_conditions(struct context *cx, struct chart *chart, struct dict *values, str path)
{
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        struct dependency *d = &chart->dependencies[i];
        str rest = str_trim(d->condition);
        str one;
        while (rest.len && str_next_field(&rest, ',', &one)) {
            struct value v;
            if (one.len == 0 || !values_path(cx, values, str_concat(cx->arena, path, one), &v))
                continue;
            if (v.kind == VALUE_BOOL) {
                d->enabled = v.b;
                break;
            }
            warn(cx, d->pos, "the condition '%.*s' is no boolean", STR(one));
        }
    }
}

static bool is_disabled(const struct chart *chart, str name)
{
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        if (!chart->dependencies[i].enabled && str_eq(chart->dependencies[i].name, name))
            return true;
    }
    return false;
}

static void drop_disabled(struct chart *chart)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (!is_disabled(chart, chart->charts[i]->name))
            chart->charts[kept++] = chart->charts[i];
    }
    chart->chart_count = kept;
    kept = 0;
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        struct dependency d = chart->dependencies[i];
        if (!d.enabled)
            continue;
        chart->dependencies[i] = chart->dependencies[kept];
        chart->dependencies[kept++] = d;
    }
    chart->disabled_count = chart->dependency_count - kept;
    chart->dependency_count = kept;
}

static bool enable(struct context *cx, struct chart *chart, const struct dict *said, str path);

static bool enable_below(struct context *cx, struct chart *chart, struct dict *values, str path)
{
    apply_tags(cx, chart, values);
    apply_conditions(cx, chart, values, path);
    drop_disabled(chart);
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        str below = str_format(cx->arena, "%.*s%.*s.", STR(path), STR(chart->charts[i]->name));
        if (!enable(cx, chart->charts[i], values, below))
            return false;
    }
    return true;
}

static bool enable(struct context *cx, struct chart *chart, const struct dict *said, str path)
{
    if (chart->dependency_count == 0)
        return true;
    apply_aliases(cx, chart);
    for (uint32_t i = 0; i < chart->dependency_count; i++)
        chart->dependencies[i].enabled = true;
    /* These values are only looked at, and forgotten unless something is said about them. */
    struct mark before = arena_mark(cx->brief);
    struct arena *ours = cx->arena;
    const struct diag *last = cx->diags.last;
    cx->arena = cx->brief;
    struct dict *values = values_coalesce(cx, chart, said, false);
    cx->arena = ours;
    bool ok = values && enable_below(cx, chart, values, path);
    if (last == cx->diags.last)
        arena_rewind(cx->brief, before);
    return ok;
}

/* "a.b" and a map to {a: {b: map}}; "." is the map itself. */
static struct dict *nested(struct context *cx, str path, struct dict *map)
{
    str folder, name;
    while (!str_eq(path, S(".")) && path.len) {
        if (!str_cut_last(path, '.', &folder, &name)) {
            name = path;
            folder = S("");
        }
        struct dict *outer = dict_new(cx->arena, 1);
        dict_set_text(cx, outer, name, value_map(map));
        map = outer;
        path = folder;
    }
    return map;
}

static void import_one(struct context *cx, const struct dependency *d, struct value said,
                       struct dict *values, struct dict *imported)
{
    str child, parent;
    if (said.kind == VALUE_MAP) {
        child = print_text(cx->arena, dict_get_text(cx, said.dict, S("child")));
        parent = print_text(cx->arena, dict_get_text(cx, said.dict, S("parent")));
    } else if (said.kind == VALUE_STRING) {
        child = str_concat(cx->arena, S("exports."), value_str(said));
        parent = S(".");
    } else {
        return;
    }
    struct dict *table =
        values_table(cx, values, str_format(cx->arena, "%.*s.%.*s", STR(d->name), STR(child)));
    if (!table) {
        warn(cx, d->pos, "the chart '%.*s' has no table '%.*s' to import", STR(d->name),
             STR(child));
        return;
    }
    values_tables(cx, imported, nested(cx, parent, table), true);
}

/* What is imported stands below the chart's own values. */
static bool import_values(struct context *cx, struct chart *chart)
{
    for (uint32_t i = 0; i < chart->chart_count; i++) {
        if (!import_values(cx, chart->charts[i]))
            return false;
    }
    if (chart->dependency_count == 0)
        return true;
    struct dict *values = values_coalesce(cx, chart, NULL, true);
    if (!values)
        return false;
    struct dict *imported = dict_new(cx->arena, 0);
    for (uint32_t i = 0; i < chart->dependency_count; i++) {
        const struct dependency *d = &chart->dependencies[i];
        for (uint32_t j = 0; d->imports.kind == VALUE_LIST && j < d->imports.len; j++)
            import_one(cx, d, d->imports.items[j], values, imported);
    }
    if (imported->len) {
        values = value_copy(cx->arena, value_map(values)).dict;
        values_tables(cx, values, imported, true);
    }
    chart->values = values;
    return true;
}

bool depend_process(struct context *cx, struct chart *chart, const struct dict *said)
{
    return enable(cx, chart, said, S("")) && import_values(cx, chart);
}
