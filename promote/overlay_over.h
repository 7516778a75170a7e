/* A kustomization over what something else renders: `hoist render CHART --overlay DIR`. */
#ifndef HOIST_PROMOTE_OVERLAY_OVER_H
#define HOIST_PROMOTE_OVERLAY_OVER_H

#include "overlays/build.h"
#include "render/doc/yaml_read.h"

/* Builds the kustomization of a folder as if the documents were one more of its resources, the
 * first one. Both are replaced by the result. *files, unless it is NULL, tells afterwards which files
 * that took. False after a report. */
bool overlay_over(struct context *cx, struct folder *folder, const struct build_options *options,
                  struct documents *documents, struct source **files);

#endif
