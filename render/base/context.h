/* What one render carries. The first parameter of everything that can fail;
 * there is no other global state. */
#ifndef HOIST_BASE_CONTEXT_H
#define HOIST_BASE_CONTEXT_H

#include <setjmp.h>

#include "render/base/arena.h"
#include "render/base/diag.h"
#include "render/base/intern.h"
#include "render/base/keys.h"
#include "render/base/limits.h"
#include "render/base/str.h"
#include "render/base/text.h"

struct step; /* render/doc/origin.h: who sets the nodes that are made now */

/* Switches of a run; all false is what the drop-ins do. */
struct switches {
    bool strict;        /* what would do nothing is an error */
    bool offline;       /* no network at all */
    bool deterministic; /* clock, random bytes, keys and salts come from `seed` */
    bool verbose;
    bool unread; /* say which values of charts no template reads: render/chart/unread.h */
};

/* Who wants to see how far long work is. */
struct progress {
    void (*step)(struct progress *p, const char *what, uint32_t done, uint32_t all);
};

struct map;
struct chart_compat;

struct context {
    struct arena *arena;   /* lives as long as the context */
    struct arena *scratch; /* rewound by whoever marked it */
    /* What a file is read into that is soon forgotten: `arena` is then this, else `lasting`. */
    struct arena *brief;
    struct arena *lasting;
    struct intern *keys;
    struct text **texts; /* by id; 0 is unused */
    uint32_t text_count;
    uint32_t text_cap;
    struct diags diags;
    struct limits limits;
    struct switches switches;
    /* The Helm that charts are rendered like, NULL for ours: render/chart/compat.h. */
    const struct chart_compat *charts_like;
    const struct step *step;
    struct progress *progress; /* NULL when nobody does */
    /* Of an experiment: the bytes (str) that members of archives have instead, by their names,
     * "charts/a.tgz:a/values.yaml". NULL when there is none. */
    const struct map *instead;
    uint64_t seed;
    int64_t now;          /* seconds since 1970, read once; fixed when deterministic */
    const char *home;     /* the user's folder, or NULL: nothing else asks the environment for it */
    const char *timezone; /* the variable TZ, or NULL */
    size_t memory;        /* ceiling in bytes of each arena */
    jmp_buf *out_of_memory;
    /* Tells diag_here() what place is at work; NULL when nobody knows. */
    struct pos (*where)(const void *who);
    const void *who;
    struct pos stopped_at; /* when memory was used up */
    size_t allowed;        /* how much of `memory` the work at hand may take; 0 for all */
};

struct context_options {
    size_t memory; /* 0: the default of 4 GiB */
    uint64_t timeout_ns;
    const char *home;
    const char *timezone;
    int64_t now;
};

/* NULL only when the system has no memory at all. */
struct context *context_new(const struct context_options *options);
void context_free(struct context *cx);

/* Runs work(cx, arg) and gives its answer. Reaching the memory ceiling inside comes
 * back here as a reported false; everything else must return as usual. */
bool context_run(struct context *cx, bool (*work)(struct context *cx, void *arg), void *arg);

#endif
