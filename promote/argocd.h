/* Argo CD asked for an Application, by its REST API or through a file. */
#ifndef HOIST_PROMOTE_ARGOCD_H
#define HOIST_PROMOTE_ARGOCD_H

#include "promote/argocd_status.h"

/* What `require.argocd` names. Never NULL: what could not be had is its state, and has been
 * reported. */
struct argocd_status *argocd_read(struct context *cx, const struct check_scene *scene,
                                  const struct requirement *r);

#endif
