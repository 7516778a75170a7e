/* A kustomization file as kustomize itself writes it: fields in the order of their names, what
 * is empty left out, without comments and the file's own style. */
#ifndef HOIST_OVERLAYS_KUSTOMIZATION_WRITE_H
#define HOIST_OVERLAYS_KUSTOMIZATION_WRITE_H

#include "render/base/buf.h"
#include "render/doc/node.h"

/* `file` was checked (kustomization_check). False after a report. */
bool kustomization_write(struct context *cx, struct buf *out, const struct node *file);

#endif
