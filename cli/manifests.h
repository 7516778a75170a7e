/* Manifests on their way out: as one stream, or a file each. */
#ifndef HOIST_CLI_MANIFESTS_H
#define HOIST_CLI_MANIFESTS_H

#include "render/base/buf.h"
#include "render/doc/yaml_read.h"

/* YAML with "---" between the documents, as kustomize prints it. */
bool manifests_yaml(struct context *cx, struct buf *out, const struct documents *docs);
/* JSON, a document a line. */
bool manifests_json(struct context *cx, struct buf *out, const struct documents *docs);

/* A YAML file for each document, in a folder that exists, named as `kustomize build -o DIR`
 * names them: apps_v1_deployment_web.yaml, with the namespace in front when there are
 * several. Nothing is written unless all documents can be. */
bool manifests_files(struct context *cx, str folder, const struct documents *docs);

#endif
