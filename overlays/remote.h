/* Bases and files that are not here: Git repositories and HTTPS addresses. */
#ifndef HOIST_OVERLAYS_REMOTE_H
#define HOIST_OVERLAYS_REMOTE_H

#include "overlays/overlay.h"

/* Does kustomize take this entry for a repository or an address, and not for a path? */
bool remote_is(struct context *cx, str entry);
/* Fetches it: *text for a file, *folder for a base. False after a report. */
bool remote_take(struct context *cx, struct overlay *o, const struct node *entry,
                 struct text **text, struct folder **folder);
/* The folder of a repository: what a component, or a build's root, may be. NULL after a report. */
struct folder *remote_folder(struct context *cx, struct build *build, const struct overlay *o,
                             str entry, struct pos from);

/* A file that a kustomization names, at a path or at an address. NULL after a report. */
struct text *remote_read(struct context *cx, struct overlay *o, str path, struct pos from);

#endif
