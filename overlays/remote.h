/* Bases and files that are not here: Git repositories and HTTPS addresses. */
#ifndef HOIST_OVERLAYS_REMOTE_H
#define HOIST_OVERLAYS_REMOTE_H

#include "overlays/overlay.h"

/* Does kustomize take this entry for a repository or an address, and not for a path? */
bool remote_is(str entry);
/* Fetches it: *text for a file, *folder for a base. False after a report. */
bool remote_take(struct context *cx, struct overlay *o, const struct node *entry,
                 struct text **text, struct folder **folder);

#endif
