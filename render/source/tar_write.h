/* A .tgz made in memory: plain files of one time, readable for all. */
#ifndef HOIST_SOURCE_TAR_WRITE_H
#define HOIST_SOURCE_TAR_WRITE_H

#include "render/base/context.h"

struct tar_file {
    str path;
    str bytes;
};

/* `when` is the files' time, in seconds since 1970. False after a report. */
bool tar_write(struct context *cx, const struct tar_file *files, size_t n, int64_t when,
               str *bytes);

#endif
