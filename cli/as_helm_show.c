/* helm show: what a chart says of itself. */
#include <strings.h>

#include "cli/as_helm.h"
#include "render/chart/definition.h"
#include "render/template/jsonpath.h"

enum part { PART_CHART = 1, PART_VALUES = 2, PART_README = 4, PART_CRDS = 8, PART_ALL = 15 };

struct show_flags {
    struct helm_globals globals;
    struct helm_place place;
    str path;
    bool devel;
};

static const struct option values_options[] = {
    { 0, "jsonpath", "TEMPLATE", "print by a JSONPath template: {.image.tag}", OPTION_TEXT,
      offsetof(struct show_flags, path), NULL },
    { 0, "devel", NULL, "pre-releases, too, where no --version is said", OPTION_FLAG,
      offsetof(struct show_flags, devel), NULL },
    OPTION_ROWS_OF(helm_place_options, struct show_flags, place),
    OPTION_ROWS_OF(helm_global_options, struct show_flags, globals),
    { 0 },
};

static const struct option options[] = {
    { 0, "devel", NULL, "pre-releases, too, where no --version is said", OPTION_FLAG,
      offsetof(struct show_flags, devel), NULL },
    OPTION_ROWS_OF(helm_place_options, struct show_flags, place),
    OPTION_ROWS_OF(helm_global_options, struct show_flags, globals),
    { 0 },
};

static bool ends_without_case(str s, str suffix)
{
    return s.len >= suffix.len
           && strncasecmp(s.at + s.len - suffix.len, suffix.at, suffix.len) == 0;
}

static bool is_readme(str path)
{
    static const str names[] = { S("readme.md"), S("readme.txt"), S("readme") };
    for (size_t i = 0; i < countof(names); i++) {
        if (path.len == names[i].len && ends_without_case(path, names[i]))
            return true;
    }
    return false;
}

static void put_readme(struct buf *out, const struct chart *chart, bool divided)
{
    for (uint32_t i = 0; i < chart->files.len; i++) {
        const struct chart_file *f = &chart->files.at[i];
        if (!is_readme(f->path))
            continue;
        buf_format(out, "%s%.*s\n", divided ? "---\n" : "", STR(f->text->bytes));
        return;
    }
}

static void put_crds(struct buf *out, const struct chart *chart)
{
    for (uint32_t i = 0; i < chart->files.len; i++) {
        const struct chart_file *f = &chart->files.at[i];
        if (!str_starts(f->path, S("crds/"))
            || !(ends_without_case(f->path, S(".yaml")) || ends_without_case(f->path, S(".yml"))
                 || ends_without_case(f->path, S(".json"))))
            continue;
        if (!str_starts(f->text->bytes, S("---")))
            buf_str(out, S("---\n"));
        buf_format(out, "%.*s\n", STR(f->text->bytes));
    }
    for (uint32_t i = 0; i < chart->chart_count; i++)
        put_crds(out, chart->charts[i]);
}

static bool put_parts(struct context *cx, struct buf *out, const struct chart *chart,
                      enum part parts)
{
    bool divided = parts == PART_ALL;
    if (parts & PART_CHART) {
        if (!definition_write(cx, out, chart->metadata, true))
            return false;
        buf_char(out, '\n');
    }
    if ((parts & PART_VALUES) && chart->values_text)
        buf_format(out, "%s%.*s\n", divided ? "---\n" : "", STR(chart->values_text->bytes));
    if (parts & PART_README)
        put_readme(out, chart, divided);
    if (parts & PART_CRDS)
        put_crds(out, chart);
    return true;
}

/* The chart that is asked for; NULL after a report. */
static struct chart *find(struct context *cx, struct call *call)
{
    const struct show_flags *flags = call->options;
    struct puller *p = helm_puller(cx, &flags->globals);
    struct chart_request request = helm_request(cx, &flags->place, call->operands.at[0]);
    struct located at;
    if (!p)
        return NULL;
    if (flags->devel && !request.version.len)
        request.version = S(">0.0.0-0");
    p->caches = true;
    struct chart *chart = chart_locate(p, &request, &at) ? located_load(p, &at) : NULL;
    if (!chart) {
        helm_fail_framed(cx, call);
        return NULL;
    }
    return helm_finish(call, p) ? chart : NULL;
}

static bool show(struct context *cx, struct call *call, enum part parts)
{
    const struct chart *chart = find(cx, call);
    return chart && put_parts(cx, call->out, chart, parts);
}

static bool show_all(struct context *cx, struct call *call)
{
    return show(cx, call, PART_ALL);
}

static bool show_chart(struct context *cx, struct call *call)
{
    return show(cx, call, PART_CHART);
}

static bool show_values(struct context *cx, struct call *call)
{
    const struct show_flags *flags = call->options;
    struct jsonpath_nodes path;
    str why;
    if (!flags->path.len)
        return show(cx, call, PART_VALUES);
    if (!jsonpath_parse(cx, flags->path, &path, &why)) {
        report(cx, NOWHERE, "error parsing jsonpath %.*s: %.*s", STR(flags->path), STR(why));
        return helm_fail_framed(cx, call);
    }
    const struct chart *chart = find(cx, call);
    if (!chart)
        return false;
    /* Helm then prints nothing, and calls it done. */
    if (!jsonpath_print(cx, &path, value_map(chart->values), call->out, &why))
        warn(cx, NOWHERE, "nothing is printed: %.*s", STR(why));
    return !diag_failed(cx);
}

static bool show_readme(struct context *cx, struct call *call)
{
    return show(cx, call, PART_README);
}

static bool show_crds(struct context *cx, struct call *call)
{
    return show(cx, call, PART_CRDS);
}

static str miscounted(struct context *cx, const struct call *call)
{
    str usage = str_format(cx->arena, "helm show %s [CHART] [flags]", call->command->name);
    return helm_miscounted(cx, call, "requires 1 argument", str_cstr(cx->arena, usage));
}

#define SHOW(part, rows, what)                                                                     \
    static const struct command part##_command = {                                                 \
        .name = #part,                                                                             \
        .operands = "CHART",                                                                       \
        .summary = what,                                                                           \
        .options = rows,                                                                           \
        .options_size = sizeof(struct show_flags),                                                 \
        .run = show_##part,                                                                        \
        .miscounted = miscounted,                                                                  \
        .foreign = true,                                                                           \
    }
SHOW(all, options, "all of it");
SHOW(chart, options, "its definition, Chart.yaml");
SHOW(crds, options, "the definitions below crds/");
SHOW(readme, options, "its README");
SHOW(values, values_options, "its values.yaml");

static const struct command *const children[] = { &all_command,    &chart_command,  &crds_command,
                                                  &readme_command, &values_command, NULL };

const struct command helm_show = {
    .name = "show",
    .aliases = "inspect",
    .summary = "what a chart says of itself",
    .children = children,
    .foreign = true,
};
