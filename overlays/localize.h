/* A copy of a kustomization with all that it names, in which every name is a path within the
 * copy: what `kustomize localize` makes of remote bases and files, and of the folders of a
 * scope.
 *
 * Kustomization files, and plugin configurations, are written anew in kustomize's layout;
 * what else is named is copied byte for byte. Nothing is written here: the copy is a list of
 * files, and complete. */
#ifndef HOIST_OVERLAYS_LOCALIZE_H
#define HOIST_OVERLAYS_LOCALIZE_H

#include "render/base/map.h"
#include "render/source/source.h"

struct localize_order {
    str target;      /* a folder, or a folder of a repository with its revision */
    str scope;       /* the folder that a local target's references stay in; "" for the target */
    str destination; /* a folder that does not exist; "" for one named after the target */
};

struct local_file {
    str path; /* in the copy */
    str bytes;
    bool folder; /* an empty one */
};

struct local_copy {
    struct folder *root; /* of the target */
    str destination;
    str place; /* of the target's own copy in it, "." when it is all */
    struct local_file *files;
    uint32_t len;
    uint32_t cap;
    struct map by_path; /* struct local_file, as index */
};

/* False after a report. */
bool localize(struct context *cx, struct source *disk, const struct localize_order *order,
              struct local_copy *out);

#endif
