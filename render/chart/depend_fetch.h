/* Fills a chart's folder charts/: from repositories, registries and other folders. */
#ifndef HOIST_CHART_DEPEND_FETCH_H
#define HOIST_CHART_DEPEND_FETCH_H

#include "render/chart/pull.h"

/* A chart's folder on disk, and how its dependencies are asked for. */
struct charts_folder {
    struct puller *puller; /* what is to be written goes to its changes */
    str path;
    struct access access; /* for registries; repositories have settings of their own */
    bool keep_indexes;    /* do not ask repositories anew */
    bool said_file;       /* is it said what is packed from a folder? */
    str keyring;          /* whose keys must have signed what is fetched; "" does not ask */
};

/* Resolves the wishes of Chart.yaml and writes the lock; `out` gets what Helm prints. */
bool depend_update(struct charts_folder *folder, struct buf *out);
/* The versions of the lock; without a lock the same as an update. */
bool depend_build(struct charts_folder *folder, struct buf *out);

#endif
