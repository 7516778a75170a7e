/* What plain text means: null, bool, int, float, time or string, as Go's two YAML
 * packages read it, and when a string must be quoted to stay one.
 *
 * YAML_GO3 is gopkg.in/yaml.v3, which kustomize reads with; YAML_GO2 is the v2 that
 * sigs.k8s.io/yaml and so Helm read and write with: `yes` is true there. */
#ifndef HOIST_DOC_SCALAR_H
#define HOIST_DOC_SCALAR_H

#include "render/doc/node.h"

enum yaml_dialect {
    YAML_GO3,
    YAML_GO2,
    YAML_GO3_FIRST, /* of equal keys in a map the first counts, and the map is NODE_TWICE */
};

struct scalar_kind {
    uint8_t kind;   /* enum node_kind */
    uint16_t flags; /* NODE_TIMESTAMP */
};

struct scalar_kind scalar_resolve(str plain, enum yaml_dialect dialect);

/* The values of scalars whose kind is known. */
bool scalar_true(str text);
/* false when the integer fits neither int64 nor uint64 (it is then a float). */
bool scalar_int(str text, bool *negative, uint64_t *magnitude);
double scalar_float(str text);

/* As a number or string of JSON prints it in Go: the canonical text of any scalar. */
str scalar_canonical(struct context *cx, const struct node *n);

/* Must a string be quoted to be read back as a string by YAML_GO2? (Not about characters
 * that plain style can't hold: only about texts that mean something else.) */
bool scalar_needs_quotes(str text);

#endif
