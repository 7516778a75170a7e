/* hoist.yaml: environments and what moves between them; or the conventions that stand in
 * for it. */
#ifndef HOIST_PROMOTE_PROJECT_H
#define HOIST_PROMOTE_PROJECT_H

#include "render/doc/node.h"
#include "render/source/source.h"

struct value_name {
    str path; /* seen from the chart's folder, else from the project's */
    struct pos pos;
};

/* An environment as the project names it: a path, or an Argo CD Application. Views are empty
 * where nothing is said. */
struct environment_row {
    str name;
    str path;        /* seen from the project's folder */
    str application; /* the file of it, seen from there too */
    str branch;      /* where it is read; empty: wherever the project is */
    struct folder
        *home; /* where the Application is, when the branch is its targetRevision; or NULL */
    struct pos pos;
    /* What a chart is told. */
    str release;
    str namespace_;
    str kube_version;
    str overlay;                     /* the folder of a kustomization over it */
    const struct node *api_versions; /* a list of texts, or NULL */
    const struct node *set;          /* a map of settings, a list of "a.b=1", or NULL */
    struct value_name *values;
    uint32_t value_count;
    uint32_t value_cap;
};

/* A check that a promotion asks for, by the name of its field. */
struct requirement {
    str name;
    const struct node *how;
    struct pos pos;
};

/* What is said of the pull request; all of it may be absent. */
struct pull_request_row {
    str forge; /* "github"; "" is guessed */
    struct pos forge_pos;
    str base; /* the branch that it is for */
    str title;
    const struct node *labels; /* lists of texts, or NULL */
    const struct node *reviewers;
    bool draft;
};

struct promotion_row {
    str from;
    str to;
    struct pos pos;
    const struct node *images; /* globs; NULL is every image */
    bool digest;               /* pin by digest */
    struct requirement *checks;
    uint32_t check_count;
    uint32_t check_cap;
    str branch; /* never empty */
    struct pull_request_row request;
};

struct oci_options; /* render/source/oci.h */

struct project {
    struct folder *folder;
    const struct oci_options *registries; /* how hosts are talked to; NULL for none */
    const struct node *policies;          /* the same for policy.c */
    struct text *text;                    /* NULL for a project by convention */
    struct environment_row *environments;
    uint32_t environment_count;
    uint32_t environment_cap;
    struct promotion_row *promotions;
    uint32_t promotion_count;
    uint32_t promotion_cap;
};

/* The project of a folder: its hoist.yaml, else what it holds. NULL after a report. */
struct project *project_read(struct context *cx, struct folder *folder);
/* What stands in for a hoist.yaml: overlays, and values files beside charts. */
bool project_by_convention(struct context *cx, struct project *p);
void project_add(struct context *cx, struct project *p, struct environment_row row);

/* NULL after a report that names the nearest environment. */
const struct environment_row *project_environment(struct context *cx, const struct project *p,
                                                  str name);
/* The same without a report. */
const struct environment_row *project_find(const struct project *p, str name);
/* The promotion from one to the other; without a row, one that requires nothing. */
struct promotion_row *project_promotion(struct context *cx, const struct project *p, str from,
                                        str to);

/* Reports the fields of a map that are not among those known, with the nearest that is. */
bool project_check_keys(struct context *cx, const struct node *map, const str *known, size_t n,
                        const char *what);

#endif
