/* A chart that is somewhere else, as the bytes of its archive: by the name of a repository, by an
 * address, from an index, from a registry. */
#ifndef HOIST_CHART_PULL_H
#define HOIST_CHART_PULL_H

#include "render/chart/chart.h"
#include "render/chart/provenance.h"
#include "render/chart/repository.h"

struct chart_request {
    str name;    /* "repo/chart", an address, oci://…, or a name in the repository `repo` */
    str version; /* a version, a range, or "" */
    str repo;    /* the address of a repository, or "" */
    str base;    /* of an address: the repository whose settings `access` is, or "" */
    str digest;  /* of an address: what its bytes must hash to, or "" */
    struct access access;
    bool signature; /* fetch NAME.prov, too: its absence is no error */
    str keyring;    /* the same, and one of these keys must have signed it; "" does not ask */
};

struct pulled {
    str url;
    str file;          /* "web-1.2.0.tgz" */
    struct text *text; /* the archive */
    struct text *signature;
    struct provenance provenance; /* of a request with a keyring */
};

/* What is asked, and where it is noted down. */
struct puller {
    struct context *cx;
    struct source *disk;
    const struct helm_home *home; /* NULL: no repository is known by name, nothing is cached */
    struct changes *changes;
    struct pos from;
    bool caches;               /* put archives into Helm's cache of them */
    struct registry *registry; /* made when one is first asked */
    str said;                  /* what Helm says of registries on standard error */
};

/* False after a report in Helm's words. The bytes have been hashed against the digest of the
 * index or of the registry, if there is one. */
bool chart_pull(struct puller *p, const struct chart_request *request, struct pulled *out);

/* Where a chart is: a path on disk, or an archive that was pulled. */
struct located {
    str path;
    struct pulled pulled;
};

/* A chart on disk, or else one that is pulled; false after a report. Then load it. */
bool chart_locate(struct puller *p, const struct chart_request *request, struct located *out);
struct chart *located_load(struct puller *p, const struct located *at);

/* The address of a chart's archive in the repository at an address, and its digest, or "". */
bool chart_find(struct puller *p, str repo, const struct chart_request *request, str *url,
                str *digest);

#endif
