/* Documents to YAML, byte for byte as Go's sigs.k8s.io/yaml prints them: what
 * `kustomize build` and Helm's toYaml print.
 *
 * Keys are sorted as that package sorts them, lists are not indented, text of several
 * lines is a literal block, long lines fold at 80 columns, what would be read as
 * something else is quoted. */
#ifndef HOIST_DOC_YAML_WRITE_H
#define HOIST_DOC_YAML_WRITE_H

#include "render/base/buf.h"
#include "render/doc/node.h"

/* One document, ending in a newline. False, reported at the node, for what JSON cannot
 * hold (infinities, keys that are no strings). */
bool yaml_write(struct context *cx, struct buf *out, const struct node *document);

/* -1, 0, 1: the order in which a map's keys are printed. */
int yaml_key_order(str a, str b);

/* Prints one scalar as it would stand after "key: " at a column. */
void yaml_write_string(struct buf *out, str text, uint32_t indent, uint32_t column);
/* The same as yaml.v3 prints it, with lines of any length and tabs in blocks. */
void yaml_write_string3(struct buf *out, str text, uint32_t indent);
/* A string that yaml.v3 has read in a style, and prints in it where it can. */
void yaml_write_styled3(struct buf *out, str text, enum scalar_style style, uint32_t indent,
                        bool flow);
/* A finite number, which looks like an integer when JSON prints it as one. */
void yaml_write_float(struct buf *out, double value);
/* "key:", and the column behind it; a key that is too long for that stands as "? key" on a line
 * of its own, the answer is 0, and the value goes along behind ": " as behind "- ". */
uint32_t yaml_write_key(struct buf *out, str key, uint32_t indent);

#endif
