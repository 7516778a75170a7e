/* What a template sees beside its values: .Release, .Chart, .Files, .Template,
 * .Capabilities, .Subcharts. */
#ifndef HOIST_CHART_RELEASE_H
#define HOIST_CHART_RELEASE_H

#include "render/chart/chart.h"

struct release {
    str name;
    str namespace_;
    bool upgrade;
    str kube_version;        /* as given: "v1.33.4-gke.1"; empty for Helm's default */
    const str *api_versions; /* beside Helm's own */
    size_t api_version_count;
};

/* The scope of a chart, its subcharts' in it, and each chart's `Files`; templates of the same
 * chart share it. `values` is what values_coalesce gave for the root. */
struct chart_scope {
    struct dict *dict; /* the root value of a template */
    const struct chart *chart;
    struct chart_scope **charts; /* in the order of chart->charts */
};

/* NULL after a report: a Kubernetes version that can't be read. */
struct chart_scope *release_scope(struct context *cx, const struct chart *chart,
                                  const struct release *release, struct dict *values);
/* Sets .Template for one template of a scope. */
void release_set_template(struct context *cx, struct chart_scope *scope, str name, str folder);

/* False after a report when Helm would not take the name for a release. */
bool release_check_name(struct context *cx, str name, struct pos pos);

/* A version of Kubernetes. */
struct kube_version {
    str text;  /* "v1.33.4-gke.1245000" */
    str plain; /* "v1.33.4" */
    str major, minor;
    str error; /* what is wrong with it, in the words of Kubernetes */
};

bool kube_version_parse(struct context *cx, str text, struct kube_version *v);

/* The version of Helm that we stand for, as templates see it. */
struct value release_build_info(struct context *cx);

#endif
