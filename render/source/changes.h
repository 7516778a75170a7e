/* Files to write and to remove once everything has worked: work that fails halfway changes
 * nothing. */
#ifndef HOIST_SOURCE_CHANGES_H
#define HOIST_SOURCE_CHANGES_H

#include "render/base/context.h"

struct change {
    str path; /* on disk, as the user would write it */
    str bytes;
    bool remove;
    bool secret; /* readable for the user alone */
};

struct changes {
    struct change *at;
    uint32_t len;
    uint32_t cap;
};

/* Path and bytes must live as long as the list. */
void changes_write(struct context *cx, struct changes *c, str path, str bytes);
void changes_write_secret(struct context *cx, struct changes *c, str path, str bytes);
void changes_remove(struct context *cx, struct changes *c, str path);
/* The bytes that are to be written to a path; false when there are none yet. */
bool changes_find(const struct changes *c, str path, str *bytes);

#endif
