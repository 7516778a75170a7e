/* Rendered texts to manifests: split, checked, sorted by kind, hooks apart. */
#ifndef HOIST_CHART_MANIFEST_H
#define HOIST_CHART_MANIFEST_H

#include "render/chart/chart.h"
#include "render/doc/yaml_read.h"

struct rendered;

struct manifest {
    str path;    /* "web/templates/service.yaml" */
    str content; /* one document, as the template printed it */
    str kind;
    bool hook;
    bool test; /* a hook of helm test */
    bool crd;
    int rank;
    struct text *text; /* the content, to be read again */
};

struct manifests {
    struct manifest *at; /* CRDs, then manifests in install order, then hooks */
    uint32_t len;
    uint32_t cap;
    struct rendered_file *files; /* until they are sorted */
    uint32_t file_count;
    uint32_t file_cap;
    bool rendered; /* did all of them come to an end? */
    bool begun;    /* were templates run? Helm then speaks of a release, though it failed */
};

struct rendered_file {
    str path;
    struct text *text;
};

void manifests_add(struct context *cx, struct manifests *m, str path,
                   const struct rendered *rendered);
void manifests_add_crds(struct context *cx, struct manifests *m, const struct chart *chart);
/* Splits, reads and sorts what was added. False after a report for what is no YAML;
 * *helm is then Helm's sentence. */
bool manifests_sort(struct context *cx, struct manifests *m, str *helm);

/* Takes the next document off a text, which may be empty; false when none is left. A line that
 * begins with "---" ends one, whatever else stands on it; a second one right below belongs to
 * the document, as Helm's expression has it. */
struct manifest_splitter {
    str rest; /* the text at first */
    bool begun;
};
bool manifest_split(struct manifest_splitter *s, str *document);

/* Prints as helm template does: "---", "# Source: path", the content. */
void manifest_print(struct buf *out, const struct manifest *m);

#endif
