/* Chart repositories: the file that names them, and how one is asked.
 *
 * Files and their places are Helm's, so that both programs see the same repositories. User and
 * password go to the repository's own host and port alone, unless `everywhere` says otherwise. */
#ifndef HOIST_CHART_REPOSITORY_H
#define HOIST_CHART_REPOSITORY_H

#include "render/chart/index.h"
#include "render/source/changes.h"
#include "render/source/source.h"

/* Where Helm keeps what it knows; paths on disk. */
struct helm_home {
    str repositories; /* repositories.yaml */
    str cache;        /* folder of NAME-index.yaml */
    str content;      /* folder of archives by their digest; "" for none */
    str registry;     /* the credentials of registries, as Docker keeps them */
};

/* How a server is asked. */
struct access {
    str user;
    str password;
    str authorities; /* files, or "" */
    str certificate;
    str key;
    bool unverified;
    bool plain_http; /* of registries */
    bool everywhere;
    uint64_t timeout_ns; /* 0 for http.h's own */
};

struct repository {
    str name;
    str url;
    struct access access;
};

struct repositories {
    struct repository *at;
    uint32_t len;
    uint32_t cap;
    bool there; /* is there such a file? */
    str api_version;
    str generated;
};

/* No file is no repositories. False after a report. */
bool repositories_read(struct context *cx, struct source *disk, str path, struct repositories *out);
str repositories_print(struct context *cx, const struct repositories *all);
struct repository *repositories_find(const struct repositories *all, str name);
/* Replaces the one of the same name, or adds it. */
void repositories_put(struct context *cx, struct repositories *all, struct repository r);
bool repositories_remove(struct repositories *all, str name);

/* What is at an http address; `base` is where user and password may go. Reports as Helm does. */
bool access_get(struct context *cx, const struct access *access, str base, str url, struct pos from,
                struct text **out);
/* A file that the user names: a path on disk, or an http address. NULL after a report. */
struct text *file_or_address_read(struct context *cx, struct source *disk, str name,
                                  struct pos from);
bool is_address(str name);
/* A reference of an index seen from its repository. False after a report. */
bool repository_resolve(struct context *cx, str base, str reference, struct pos from, str *out);
/* Asks a repository for its index; what Helm caches of it is added to `changes`, unless it is
 * NULL. NULL after a report. */
struct chart_index *repository_index(struct context *cx, const struct repository *r,
                                     const struct helm_home *home, struct changes *changes,
                                     struct pos from);
/* The same for one that the user just named: a failure says that it looks like none. */
struct chart_index *repository_ask(struct context *cx, const struct repository *r,
                                   const struct helm_home *home, struct changes *changes,
                                   struct pos from);
/* The same, and a line about it as Helm prints it, which also says why it failed; then false,
 * without a report. */
bool repository_refresh(struct context *cx, const struct repository *r,
                        const struct helm_home *home, struct changes *changes, struct buf *out);
/* The index as it was cached, or is about to be. NULL after a report. */
struct chart_index *repository_cached(struct context *cx, struct source *disk, str name,
                                      const struct helm_home *home, const struct changes *changes);
/* CACHE/NAME-index.yaml and CACHE/NAME-charts.txt. */
str repository_index_path(struct context *cx, const struct helm_home *home, str name);
str repository_list_path(struct context *cx, const struct helm_home *home, str name);

/* Addresses that differ only in a port that goes without saying, or in a "/" at the end. */
bool repository_same(struct context *cx, str a, str b);
bool is_oci(str address);

#endif
