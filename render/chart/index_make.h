/* The index.yaml of a folder of archives. */
#ifndef HOIST_CHART_INDEX_MAKE_H
#define HOIST_CHART_INDEX_MAKE_H

#include "render/chart/index.h"
#include "render/source/source.h"

struct index_options {
    str url;   /* stands before each archive's name; "" for none */
    str merge; /* an index whose other entries are kept, or "" */
    bool json;
};

/* The archives in a folder and in the folders right below it. *bytes is the file. False after a
 * report; what is no chart is left out. */
bool index_make(struct context *cx, struct source *disk, str folder,
                const struct index_options *options, str *bytes);

#endif
