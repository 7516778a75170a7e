/* The releases of Helm that charts can be rendered like: a row for each, and a column for each thing
 * that one does otherwise than another. Steps ask for a column, never for a release. */
#ifndef HOIST_CHART_COMPAT_H
#define HOIST_CHART_COMPAT_H

#include "render/base/context.h"

struct chart_compat {
    str name;    /* "helm-3", as --compat takes it */
    str version; /* what templates see; empty for the one that is ours anyway */
    /* Kinds that others know a place for, and this one prints by name after all it knows. */
    const str *unknown_kinds;
    size_t unknown_kind_count;
    str unknown_function; /* which only others have */
    /* apiVersion of Chart.yaml says nothing that is refused: "v3". */
    bool any_chart_version;
    /* A file of values is its first document. */
    bool first_document;
    /* "a[0=1" of --set is refused; Helm 4 leaves out what follows. */
    bool index_must_end;
    /* --set-json takes no whole object: "{...}". */
    bool json_needs_key;
    /* .Capabilities.KubeVersion.Version ends with its numbers: "v1.33.4" for "v1.33.4-gke.1". */
    bool plain_kube_version;
    /* .Chart has its fields and no others, and lists that were not said are nil. */
    bool chart_is_struct;
};

/* The words that --compat takes, with "|" between; the first row is what is meant without it. */
#define CHART_COMPAT_NAMES "helm-4|helm-3"

/* NULL for a word that names none; the first row for an empty one. */
const struct chart_compat *chart_compat_find(str name);

/* The row of a render: cx->charts_like, or the first. */
const struct chart_compat *chart_compat(const struct context *cx);

bool chart_compat_knows_kind(const struct chart_compat *compat, str kind);

#endif
