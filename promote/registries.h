/* Who is asked for images: what a promotion's `require.registry` says, else each image's own host.
 *
 *     require: {registry: {layout: FOLDER}}    an OCI layout, a folder or an archive, seen
 *                                              from hoist.yaml
 *     require: {registry: true}                the host that an image's name says
 *              {registry: {revision: true}}      for check_registry.c
 *     registries:                              how a host is to be talked to
 *     - host: ghcr.io                          "*" is every host
 *       location: proxy.example.com/ghcr       stands for it
 *       mirrors: [mirror.example.com/ghcr]     asked first for what is named by its digest
 *       plainHttp: true                        without TLS
 *       authorities: certs/ca.pem              instead of the system's, seen from hoist.yaml */
#ifndef HOIST_PROMOTE_REGISTRIES_H
#define HOIST_PROMOTE_REGISTRIES_H

#include "promote/project.h"
#include "render/source/registry.h"

/* The field `registries` of hoist.yaml, or NULL, for the project. */
bool registries_read(struct context *cx, struct project *p, const struct node *list);

/* `how` is what `require.registry` holds, or NULL. NULL after a report. */
struct registry *registry_open(struct context *cx, const struct project *p, const struct node *how);
/* The same for an environment: what the promotions from or to it require. */
struct registry *registry_open_for(struct context *cx, const struct project *p, str environment);

#endif
