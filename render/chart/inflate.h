/* A chart and values to manifests: what `helm template` does, in this process. */
#ifndef HOIST_CHART_INFLATE_H
#define HOIST_CHART_INFLATE_H

#include "render/chart/manifest.h"
#include "render/chart/release.h"

struct inflate_options {
    struct release release;
    bool skip_schema;
    bool include_crds;
    bool no_hooks;
    bool skip_tests;
    bool dns;
    bool lint; /* as helm lint runs templates */
};

/* Renders a loaded chart, which it changes: aliases and conditions are applied. `said` are
 * the user's values. False after a report; *failure is then what Go and Helm would say,
 * when it was a template that failed. */
bool inflate(struct context *cx, struct chart *chart, const struct dict *said,
             const struct inflate_options *options, struct manifests *out, str *failure);
/* The same up to the rendered texts, which are out->files; nothing is read or sorted. */
bool inflate_files(struct context *cx, struct chart *chart, const struct dict *said,
                   const struct inflate_options *options, struct manifests *out, str *failure);
/* The release name that a template gives, which sees nothing but functions; those that read
 * the process's environment only when the template is the user's own. */
bool inflate_name(struct context *cx, str template, bool environment, str *name, str *failure);

/* The same of the version of Helm that we stand for: "{{.Version}}". */
bool inflate_version(struct context *cx, str template, str *out, str *failure);

#endif
