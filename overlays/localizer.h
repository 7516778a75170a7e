/* What the parts of localize share. */
#ifndef HOIST_OVERLAYS_LOCALIZER_H
#define HOIST_OVERLAYS_LOCALIZER_H

#include "overlays/localize.h"
#include "overlays/overlay.h"
#include "overlays/remote_address.h"

#define LOCALIZE_FOLDER "localized-files"

/* A root at work: its kustomization, and where the copy of its folder stands. */
struct local_root {
    struct overlay overlay;
    struct local_copy *copy;
    const struct folder *scope; /* NULL in a repository, whose own top is the fence */
    str place;
};

/* Each copies what an entry names and puts the path of the copy in its place; an entry that
 * names nothing stays. False after a report. */
typedef bool localize_fn(struct context *cx, struct local_root *r, struct node *entry);

localize_fn localize_file;
localize_fn localize_file_source; /* "path" or "key=path" */
localize_fn localize_manifest;    /* a path, or a manifest, which stays */
localize_fn localize_chart_home;

/* The folder of charts when nothing names one. */
bool localize_default_home(struct context *cx, struct local_root *r, struct pos from);
/* For each entry of a list, or for the one scalar; anything else stays. */
bool localize_each(struct context *cx, struct local_root *r, struct node *entries,
                   localize_fn *one);
/* The copy of what stands at `path`, which an entry names; *place is where, seen from the root. */
bool localize_bytes(struct context *cx, struct local_root *r, const struct node *entry, str path,
                    str bytes, str *place);
/* Is the entry itself resources, and not the path of a file? Without a report. */
bool localize_inline(struct context *cx, const struct node *entry, struct resources *out);

/* generators, transformers, validators: the files that built-in plugins name. */
bool localize_plugins(struct context *cx, struct local_root *r, struct node *entries);

/* Places: paths within the copy of the root that names something. */

/* "localized-files/HOST/PATH" for a file's address. */
str localize_file_place(struct arena *a, str url);
/* "localized-files/HOST/REPOSITORY/REVISION/FOLDER"; `folder` is absolute in the repository. */
str localize_root_place(struct arena *a, const struct remote_address *address, str folder);
/* "localized-TARGET", and "-REVISION" of a remote one. NULL for a local target. */
str localize_default_name(struct arena *a, const struct folder *root,
                          const struct remote_address *address);
/* The way from one folder to another, both absolute. */
str localize_way(struct arena *a, str from, str to);

#endif
