/* What an environment says to a chart: its release, and values in layers, the lowest first. */
#ifndef HOIST_PROMOTE_CHART_SETTINGS_H
#define HOIST_PROMOTE_CHART_SETTINGS_H

#include "render/chart/set.h"
#include "render/doc/yaml_read.h"

enum layer_kind {
    LAYER_FILE, /* a file of values */
    LAYER_TREE, /* values that stand in a file of something else */
    LAYER_SET,  /* "a.b=1", as --set has it */
};

struct value_layer {
    enum layer_kind kind;
    struct text *text;       /* of a file */
    const struct node *tree; /* of a tree; of a file it is read by value_layer_tree */
    str set;
    enum set_mode mode;
    struct source *files;      /* where a SET_FILE finds them */
    const struct node *value;  /* the scalar that a setting's value stands in; NULL for none */
    const struct node *holder; /* of a tree that is a text: the map with `values` */
    struct pos pos;
};

struct chart_settings {
    str release;    /* empty: Helm's own default */
    str namespace_; /* empty: "default" */
    str kube_version;
    const str *api_versions;
    size_t api_version_count;
    struct value_layer *layers;
    uint32_t len;
    uint32_t cap;
    struct dict *said; /* the layers in one; NULL until they were laid */
    bool skip_crds;
    bool keep_tests;
    bool skip_schema;
};

void chart_settings_add(struct context *cx, struct chart_settings *s, struct value_layer layer);

/* Lays the layers over each other, once; NULL after a report. The map may be added to. */
struct dict *chart_settings_values(struct context *cx, struct chart_settings *s);

/* The fields of a layer that has any: a map, or NULL for a setting and for an empty file. */
const struct node *value_layer_tree(struct context *cx, struct value_layer *layer);
/* Can fields be added to it? A file that is empty yet takes them too. */
bool value_layer_takes(struct context *cx, struct value_layer *layer);

/* Where a chart is: a folder, the path of an archive below one, or an archive's bytes, which
 * were fetched. */
struct chart_place {
    struct folder *folder;
    str archive;
    struct text *fetched;
};

/* A chart that can be installed, with all its dependencies; NULL after a report. */
struct chart *chart_at(struct context *cx, const struct chart_place *place);

/* The values that its templates see, those of the charts below it under their names. NULL after
 * a report. */
struct dict *chart_values(struct context *cx, const struct chart_place *place,
                          struct chart_settings *s);

/* The documents of a chart for these settings and values, in Helm's order. False after a
 * report. */
bool chart_documents(struct context *cx, const struct chart_place *place,
                     const struct chart_settings *s, const struct dict *values,
                     struct documents *out);

#endif
