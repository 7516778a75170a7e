/* Charts: a folder or an archive with Chart.yaml, values, templates and the charts below it. */
#ifndef HOIST_CHART_CHART_H
#define HOIST_CHART_CHART_H

#include "render/source/source.h"
#include "render/template/value.h"

struct chart_file {
    str path; /* inside its chart: "templates/web.yaml" */
    struct text *text;
};

struct chart_files {
    struct chart_file *at;
    uint32_t len;
    uint32_t cap;
};

/* An entry of `dependencies` in Chart.yaml. */
struct dependency {
    str name; /* the alias, once it was applied */
    str version;
    str repository;
    str condition;
    str alias;
    struct value tags;       /* a list of strings */
    struct value imports;    /* import-values, as the file has them */
    const struct node *node; /* the entry as definition.h reads it */
    bool enabled;
    struct pos pos;
};

struct chart {
    str name; /* the alias, when a parent gave one */
    str version;
    str app_version;
    str kube_version;
    bool library;
    struct node *metadata;    /* Chart.yaml, as definition.h reads it */
    struct dict *values;      /* values.yaml; a chart has its own copy */
    struct text *values_text; /* NULL when it has no values.yaml */
    struct text *schema;      /* values.schema.json, or NULL */
    struct text *lock;        /* Chart.lock or requirements.lock, or NULL */
    struct chart_files templates;
    struct chart_files files; /* what .Files has, crds/ included */
    struct dependency *dependencies;
    uint32_t dependency_count;
    uint32_t disabled_count; /* those that depend.c turned off stand behind the others */
    struct chart **charts;   /* below charts/, by name; after depend.c only the enabled ones */
    uint32_t chart_count;
    uint32_t chart_cap;
    struct chart *parent;
};

/* Loads a chart from a folder or a .tgz that the user names. NULL after a report. */
struct chart *chart_load(struct context *cx, struct source *src, str path, struct pos from);
/* The same for the bytes of an archive. */
struct chart *chart_load_archive(struct context *cx, const struct text *text, struct pos from);
/* The files of an archive, and the name of its chart, which is a name for a folder. */
bool chart_unpack(struct context *cx, const struct text *text, struct pos from, str *name,
                  struct chart_files *files);
/* The same for a folder that was entered already, as a kustomization's charts are. */
struct chart *chart_load_folder(struct context *cx, const struct folder *folder, struct pos from);

/* The entries of a list that definition.h has read. */
struct dependency *chart_dependencies(struct context *cx, const struct node *list);
/* Of the format's version 1, with its dependencies in files of their own. */
bool chart_is_old(const struct chart *chart);
/* "web/charts/db": how the templates of a chart are named. */
str chart_full_path(struct context *cx, const struct chart *chart);
/* A chart of its own with another name or parent; files are shared. */
struct chart *chart_copy(struct context *cx, const struct chart *chart);

#endif
