/* One set of templates for the whole tree: partials of any chart are known to all. */
#include "render/chart/inflate.h"

#include <stdlib.h>

#include "render/base/semver.h"
#include "render/chart/compat.h"
#include "render/chart/depend.h"
#include "render/chart/unread.h"
#include "render/chart/values.h"
#include "render/chart/values_check.h"
#include "render/template/template.h"
#include "schema/orders.h"

struct renderable {
    str name;   /* "web/templates/service.yaml" */
    str folder; /* "web/templates" */
    const struct text *text;
    struct chart_scope *scope;
};

struct renderables {
    struct renderable *at;
    uint32_t len;
    uint32_t cap;
};

static str base_name(str path)
{
    str folder, name;
    return str_cut_last(path, '/', &folder, &name) ? name : path;
}

static void collect(struct context *cx, struct chart_scope *scope, struct renderables *out)
{
    const struct chart *chart = scope->chart;
    str path = chart_full_path(cx, chart);
    for (uint32_t i = 0; i < chart->chart_count; i++)
        collect(cx, scope->charts[i], out);
    for (uint32_t i = 0; i < chart->templates.len; i++) {
        const struct chart_file *f = &chart->templates.at[i];
        if (chart->library && !str_starts(base_name(f->path), S("_")))
            continue;
        ARENA_PUSH(cx->arena, out->at, out->len, out->cap);
        out->at[out->len++] = (struct renderable){
            .name = str_format(cx->arena, "%.*s/%.*s", STR(path), STR(f->path)),
            .folder = str_concat(cx->arena, path, S("/templates")),
            .text = f->text,
            .scope = scope,
        };
    }
}

static size_t depth_of(str path)
{
    size_t n = 0;
    for (size_t i = 0; i < path.len; i++)
        n += path.at[i] == '/';
    return n;
}

/* Deeper ones first, so that a parent's definition of a name is the last and wins. */
static int compare(const void *a, const void *b)
{
    const struct renderable *x = a;
    const struct renderable *y = b;
    size_t m = depth_of(x->name);
    size_t n = depth_of(y->name);
    if (m != n)
        return m > n ? -1 : 1;
    return -str_cmp(x->name, y->name);
}

static bool check_kube_version(struct context *cx, const struct chart *chart,
                               const struct release *release)
{
    str said = release->kube_version;
    struct kube_version kube;
    struct semver v;
    str error;
    if (chart->kube_version.len == 0
        || !kube_version_parse(cx, said.len ? said : helm_default(S("kubeVersion")), &kube))
        return true;
    struct semver_range *range = semver_range_parse(cx->arena, chart->kube_version, &error);
    if (range && semver_parse(cx->arena, kube.plain, &v, &error) && semver_range_has(range, &v))
        return true;
    return report(cx, chart->metadata->pos,
                  "chart requires kubeVersion: %.*s which is incompatible with Kubernetes %.*s",
                  STR(chart->kube_version), STR(kube.text));
}

/* What all templates of a chart may fill; large public charts take 100 MiB. */
enum { MOST_MEMORY = 1 << 30 };

static bool render_all(struct context *cx, const struct renderables *all, struct template_set *set,
                       struct manifests *out)
{
    for (uint32_t i = 0; i < all->len; i++) {
        if (!template_add_later(set, all->at[i].name, all->at[i].text))
            return false;
    }
    struct diags before = cx->diags;
    for (uint32_t i = 0; i < all->len; i++) {
        struct renderable *r = &all->at[i];
        struct rendered text;
        if (str_starts(base_name(r->name), S("_")))
            continue;
        release_set_template(cx, r->scope, r->name, r->folder);
        struct value root = value_map(r->scope->dict);
        root.type = TYPE_VALUES;
        if (!template_execute(set, r->name, root, &text)) {
            template_check(set, before);
            return false;
        }
        if (!str_ends(r->name, S("NOTES.txt")))
            manifests_add(cx, out, r->name, &text);
    }
    return true;
}

static bool render_within(struct context *cx, const struct renderables *all,
                          struct template_set *set, struct manifests *out)
{
    size_t ceiling = arena_narrow(cx->arena, MOST_MEMORY);
    cx->allowed = MOST_MEMORY;
    bool ok = render_all(cx, all, set, out);
    cx->allowed = 0;
    arena_widen(cx->arena, ceiling);
    return ok;
}

bool inflate_files(struct context *cx, struct chart *chart, const struct dict *said,
                   const struct inflate_options *options, struct manifests *out, str *failure)
{
    *failure = (str){ NULL, 0 };
    if (!depend_process(cx, chart, said))
        return false;
    struct dict *values = values_take(cx, chart, said);
    if (!values)
        return false;
    if (!options->skip_schema && !values_check(cx, chart, values, failure))
        return false;
    struct chart_scope *scope = release_scope(cx, chart, &options->release, values);
    if (!scope)
        return false;
    out->begun = true;
    if (!options->lint && !check_kube_version(cx, chart, &options->release))
        return false;
    struct renderables all = { 0 };
    collect(cx, scope, &all);
    if (all.len)
        qsort(all.at, all.len, sizeof *all.at, compare);
    struct watch *watch = cx->switches.unread ? watch_new(cx) : NULL;
    struct template_set *set = template_set_new(
        cx, (struct template_options){ .pieces = true,
                                       .dns = options->dns,
                                       .lint = options->lint,
                                       .watch = watch,
                                       .without = chart_compat(cx)->unknown_function });
    if (!render_within(cx, &all, set, out)) {
        const struct failure *why = template_failure(set);
        if (why)
            *failure = failure_helm(cx->arena, why);
        return false;
    }
    out->rendered = true;
    return !watch || unread_say(cx, watch, set, chart, values);
}

bool inflate(struct context *cx, struct chart *chart, const struct dict *said,
             const struct inflate_options *options, struct manifests *out, str *failure)
{
    if (!inflate_files(cx, chart, said, options, out, failure))
        return false;
    if (options->include_crds)
        manifests_add_crds(cx, out, chart);
    return manifests_sort(cx, out, failure);
}

/* A template of no chart. */
static bool run_bare(struct template_set *set, str title, str template, struct value root, str *out,
                     str *failure)
{
    struct context *cx = set->cx;
    struct rendered rendered;
    *failure = (str){ NULL, 0 };
    if (!template_add(set, title, text_add(cx, title, template))
        || !template_execute(set, title, root, &rendered)) {
        if (template_failure(set))
            *failure = failure_sentence(cx->arena, template_failure(set));
        return false;
    }
    *out = rendered.bytes;
    return true;
}

bool inflate_name(struct context *cx, str template, bool environment, str *name, str *failure)
{
    struct template_set *set =
        template_set_new(cx, (struct template_options){ .bare = true, .environment = environment });
    return run_bare(set, S("name-template"), template, NIL, name, failure);
}

bool inflate_version(struct context *cx, str template, str *out, str *failure)
{
    struct template_set *set = template_set_new(cx, (struct template_options){ .bare = true });
    return run_bare(set, S("_"), template, release_build_info(cx), out, failure);
}
